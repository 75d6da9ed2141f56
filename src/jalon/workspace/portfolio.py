"""Portfolio: one row a client, filtered and sorted by the address, read from the projection in a constant number of queries."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, FloatField, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Cast, NullIf
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jalon.accounts import access, agreements
from jalon.accounts.access import Person, may_begin_client
from jalon.accounts.models import Account, Staff
from jalon.core.obligations import State
from jalon.ledger.models import ProjectedObligation
from jalon.wording import say
from jalon.wording.dates import last_day
from jalon.workspace import adoption
from jalon.workspace.guard import staff_only, who

PAGE = 100
_S = "standing__"
ENDED = Q(standing__state=State.CANCELLED)
"""Clients whose agreement is over: shown, and counted apart."""
SORTS: Mapping[str, Sequence[str]] = {
    "name": ("name",),
    "level": (_S + "level", "name"),
    "csm": (_S + "csm", "name"),
    "late": ("late", _S + "provider_late", _S + "unpaid_late", "name"),
    "ours": ("our_rate", "name"),
    "theirs": ("their_rate", "name"),
    "next": (_S + "next_due", "name"),
    "unpaid": (_S + "unpaid_late", "name"),
}
DEFAULT = "-late"


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    who: str
    level: str
    csm: str
    late: str  # "" | "any" | "ours" | "theirs"
    state: str  # "" | "live" | "ended"
    text: str
    sort: str
    norm: str = ""  # "mytraffic-cs/N2c-monthly": clients with a promise of this norm
    stands: str = ""  # in this state of a promise

    @classmethod
    def of(cls, query: QueryDict, person: Person, follows: bool) -> Asked:
        """The filters of an address; unknown words fall back to the defaults."""
        scope = query.get("who", "")
        sort = query.get("sort", DEFAULT)
        late = {"1": "any"}.get(query.get("late", ""), query.get("late", ""))
        return cls(
            who=scope if scope in ("mine", "all") else ("mine" if follows else "all"),
            level=query.get("level", ""),
            csm=query.get("csm", ""),
            late=late if late in ("any", "ours", "theirs") else "",
            state=query.get("state", "") if query.get("state") in ("live", "ended") else "",
            text=query.get("q", "").strip(),
            sort=sort if sort.lstrip("-") in SORTS else DEFAULT,
            norm=query.get("norm", ""),
            stands=query.get("stands", "") if query.get("norm") and query.get("stands") in set(State) else "",
        )

    @property
    def narrowed(self) -> bool:
        """True when a filter beyond the scope hides clients."""
        return bool(self.level or self.csm or self.late or self.state or self.text or self.norm)


@dataclass(frozen=True)
class Row:
    """A client as the table shows it."""

    account: Account
    standing: Any
    csm: str
    level: str
    months: Sequence[float | None]
    next_state: str

    @property
    def ended(self) -> bool:
        """Its agreement is over: nothing new is owed."""
        return bool(self.standing and self.standing.state == State.CANCELLED)

    @property
    def next_title(self) -> str:
        """What comes first."""
        return say(self.standing.next_title) if self.standing and self.standing.next_title else ""

    @property
    def next_when(self) -> date | None:
        """The day of what comes first."""
        if not self.standing or not self.standing.next_due:
            return None
        return self.standing.next_due_on or last_day(self.standing.next_due)

    @property
    def use(self) -> float | None:
        """The last month's adoption, a ratio."""
        return next((value for value in reversed(self.months) if value is not None), None)

    @property
    def change(self) -> int | None:
        """Points gained or lost since the month before."""
        known = [value for value in self.months if value is not None]
        return round((known[-1] - known[-2]) * 100) if len(known) > 1 else None


def _found(visible: QuerySet[Account], person: Person, asked: Asked) -> QuerySet[Account]:
    rows = visible.select_related("standing")
    if asked.who == "mine":
        rows = rows.filter(Q(standing__csm=person.ref) | Q(standing__csm_backup=person.ref))
    if asked.level:
        rows = rows.filter(standing__level=asked.level)
    if asked.csm:
        rows = rows.filter(standing__csm=asked.csm)
    if asked.state:
        rows = rows.filter(ENDED) if asked.state == "ended" else rows.exclude(ENDED)
    if asked.text:
        rows = rows.filter(
            Q(name__icontains=asked.text) | Q(ref__icontains=asked.text) | Q(domain__icontains=asked.text)
        )
    if asked.norm:
        agreement, _sep, norm = asked.norm.partition("/")
        promises = ProjectedObligation.objects.filter(account=OuterRef("pk"), norm=norm)
        promises = promises.filter(state=asked.stands) if asked.stands else promises
        rows = rows.filter(Exists(promises), agreement=agreement)
    late = {"ours": Q(standing__provider_late__gt=0), "theirs": Q(standing__client_late__gt=0)}
    late["any"] = late["ours"] | late["theirs"]
    return rows.filter(late[asked.late]) if asked.late else rows


def _rate(side: str) -> Any:
    return Cast(F(f"{_S}{side}_kept"), FloatField()) / NullIf(
        Cast(F(f"{_S}{side}_judged"), FloatField()), 0.0
    )


def _sorted(rows: QuerySet[Account], sort: str) -> QuerySet[Account]:
    rows = rows.annotate(
        late=F(_S + "provider_late") + F(_S + "client_late"),
        our_rate=_rate("provider"),
        their_rate=_rate("client"),
    )
    down = sort.startswith("-")
    first, *rest = SORTS[sort.lstrip("-")]
    order: list[Any] = [F(first).desc(nulls_last=True) if down else F(first).asc(nulls_last=True)]
    order += [
        F(name).desc(nulls_last=True) if down and name != "name" else F(name).asc(nulls_last=True)
        for name in rest
    ]
    return rows.order_by(*order)


def _totals(rows: QuerySet[Account]) -> dict[str, Any]:
    sums = {
        name: Sum(_S + name)
        for name in (
            "provider_late",
            "client_late",
            "provider_kept",
            "provider_judged",
            "client_kept",
            "client_judged",
        )
    }
    late = Q(standing__provider_late__gt=0) | Q(standing__client_late__gt=0)
    found = rows.aggregate(
        clients=Count("pk"),
        ended=Count("pk", filter=ENDED),
        unpaid=Sum(_S + "unpaid_late"),
        with_late=Count("pk", filter=late),
        **sums,
    )
    totals = {name: value or 0 for name, value in found.items()}
    return totals | {"active": totals["clients"] - totals["ended"]}


def _levels(rows: Iterable[Account]) -> dict[tuple[str, str, str], str]:
    """The names of levels, by agreement, version and level."""
    names: dict[tuple[str, str, str], str] = {}
    for account in rows:
        if not account.agreement:
            continue
        agreement = agreements.of(account)
        for level in (agreement.levels if agreement else {}).values():
            names.setdefault((account.agreement, account.agreement_version, level.id), say(level.name))
    return names


def _rows(accounts: Sequence[Account], now: datetime, team: Mapping[str, str]) -> list[Row]:
    """Rows with what comes first and eight months of adoption: two more queries, whatever their number."""
    keys = {
        account.standing.next_key for account in accounts if _standing(account) and account.standing.next_key
    }
    states = {
        (account_id, key): state
        for account_id, key, state in ProjectedObligation.objects.filter(
            account__in=accounts, key__in=keys
        ).values_list("account_id", "key", "state")
    }
    months = adoption.months([account.pk for account in accounts], now)
    levels = _levels(accounts)
    return [_row(account, team, levels, months, states) for account in accounts]


def _row(
    account: Account,
    team: Mapping[str, str],
    levels: Mapping[Any, str],
    months: Mapping[int, Any],
    states: Mapping[Any, str],
) -> Row:
    standing = _standing(account)
    level = standing.level if standing else ""
    return Row(
        account,
        standing,
        team.get(standing.csm, standing.csm) if standing else "",
        levels.get((account.agreement, account.agreement_version, level), level),
        months.get(account.pk, ()),
        states.get((account.pk, standing.next_key), State.OPEN.value) if standing else "",
    )


def _standing(account: Account) -> Any:
    return getattr(account, "standing", None)


def _without(query: QueryDict, *names: str) -> str:
    kept = query.copy()
    for name in (*names, "page"):
        kept.pop(name, None)
    said = kept.urlencode()
    return f"{said}&" if said else ""


@staff_only
def portfolio(request: HttpRequest) -> HttpResponse:
    """The table. Its queries do not grow with the number of clients."""
    person = who(request)
    now: datetime = request.now  # type: ignore[attr-defined]
    visible = access.accounts_for(request.user)
    counts = visible.aggregate(
        all=Count("pk"),
        mine=Count("pk", filter=Q(standing__csm=person.ref) | Q(standing__csm_backup=person.ref)),
    )
    asked = Asked.of(request.GET, person, counts["mine"] > 0)
    found = _found(visible, person, asked)
    team = dict(Staff.objects.values_list("ref", "name"))
    page = Paginator(_sorted(found, asked.sort), PAGE).get_page(request.GET.get("page"))
    rows = _rows(list(page.object_list), now, team)
    offered = sorted(
        set(
            visible.exclude(standing__level="")
            .exclude(standing=None)
            .values_list("standing__level", flat=True)
        )
    )
    named = {row.standing.level: row.level for row in rows if row.standing}
    followed = set(visible.exclude(standing=None).values_list("standing__csm", flat=True).distinct())
    context = {
        "here": "portfolio", "any_use": any(row.months for row in rows), "asked": asked, "page": page, "rows": rows, "totals": _totals(found), "counts": counts, "now": now,
        "levels": [(level, named.get(level, level)) for level in offered],
        "csms": sorted(((ref, name) for ref, name in team.items() if ref in followed), key=lambda pair: pair[1]),
        "level_name": named.get(asked.level, asked.level), "csm_name": team.get(asked.csm, asked.csm),
        "norm_name": _norm_name(asked.norm), "columns": _columns(request.GET, asked.sort), "query": _without(request.GET),
        "without": {name: _without(request.GET, name) for name in ("who", "level", "csm", "late", "state", "q", "sort")}
        | {"norm": _without(request.GET, "norm", "stands")},
        "soon": now.date() + timedelta(days=1), "may_begin": may_begin_client(person),
    }  # fmt: skip
    return render(request, "workspace/portfolio.html", context)


def _errors(agreement: str, version: str) -> bool:
    return any(one.severity == "error" for one in agreements.problems_of(agreement, version))


def _norm_name(asked: str) -> str:
    """The promise that the list is narrowed to, as people call it; as the address names it where no version has it."""
    wanted, _sep, norm = asked.partition("/")
    for agreement, version in reversed(agreements.versions()):
        readable = agreement == wanted and not _errors(agreement, version)
        if readable and norm in (norms := agreements.load(agreement, version).norms):
            return say(norms[norm].title)
    return norm


def _columns(query: QueryDict, sort: str) -> dict[str, dict[str, str]]:
    """For each column that sorts: the address that sorts by it, or the other way round, and how it is sorted now."""
    base = _without(query, "sort")
    found = {}
    for name in SORTS:
        now = sort if sort.lstrip("-") == name else ""
        first = name if name in ("name", "level", "csm", "ours", "theirs", "next") else f"-{name}"
        turned = (now[1:] if now.startswith("-") else f"-{now}") if now else first
        found[name] = {
            "href": f"?{base}sort={turned}",
            "sorted": ("descending" if now.startswith("-") else "ascending") if now else "",
        }
    return found


class _Echo:
    """A file that gives back what is written to it, for streaming."""

    def write(self, value: str) -> str:
        """The line itself."""
        return value


def _cell(value: Any) -> Any:
    """A text that a spreadsheet will not run as a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


@staff_only
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The same rows as a CSV file, all pages; with `ref`, those chosen."""
    person = who(request)
    now: datetime = request.now  # type: ignore[attr-defined]
    asked = Asked.of(request.GET, person, False)
    found = _sorted(_found(access.accounts_for(request.user), person, asked), asked.sort)
    if chosen := request.GET.getlist("ref"):
        found = found.filter(ref__in=chosen)
    rows = _rows(list(found), now, dict(Staff.objects.values_list("ref", "name")))
    french = (get_language() or "fr").startswith("fr")
    writer = csv.writer(_Echo(), delimiter=";" if french else ",")
    lines = (writer.writerow([_cell(cell) for cell in line]) for line in _lines(rows, french))
    response = StreamingHttpResponse(("\ufeff" if k == 0 else "") + str(line) for k, line in enumerate(lines))
    response["Content-Type"] = "text/csv; charset=utf-8"
    response["Content-Disposition"] = f'attachment; filename="{_("portfolio")}-{now:%Y-%m-%d}.csv"'
    return response


def _lines(rows: Sequence[Row], french: bool) -> Iterator[Sequence[Any]]:
    def figure(value: Decimal | float) -> str:
        said = f"{value:.2f}"
        return said.replace(".", ",") if french else said

    yield [
        _("Reference"), _("Client"), _("Level"), _("CSM"), _("Late, us"), _("Late, them"), _("Kept, us"), _("Judged, us"),
        _("Kept, them"), _("Judged, them"), _("Adoption"), _("Next date"), _("What"), _("Unpaid, late"), _("Currency"),
    ]  # fmt: skip
    for row in rows:
        s = row.standing
        use = "" if row.use is None else figure(row.use)
        if s is None:
            yield [row.account.ref, row.account.name, *[""] * 8, use, "", "", "", ""]
            continue
        yield [
            row.account.ref, row.account.name, row.level, row.csm, s.provider_late, s.client_late, s.provider_kept, s.provider_judged,
            s.client_kept, s.client_judged, use, row.next_when or "", row.next_title, figure(s.unpaid_late), s.currency,
        ]  # fmt: skip

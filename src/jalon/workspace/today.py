"""Today: who needs me. Three lists from the projection, the day's tape, and the work of one line in a side panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.timezone import get_current_timezone

from jalon.accounts.access import Person
from jalon.accounts.models import Account
from jalon.core.obligations import Side, State
from jalon.figures.day import DayLine, DayPole, Meeting
from jalon.ledger.models import ProjectedObligation
from jalon.wording import say
from jalon.wording.dates import last_day
from jalon.wording.reading import local, local_day
from jalon.workspace.guard import staff_only, who
from jalon.workspace.work import Action, actions, grace_of, is_appointment, norm_of, why_address

MOST = 60
"""Lines shown in a list; the rest is one click away in the portfolio."""


@dataclass(frozen=True)
class Line:
    """A row of a list: one obligation of one client, and what to do about it."""

    account: Account
    row: ProjectedObligation
    actions: Sequence[Action]
    meeting: bool
    grace: timedelta = timedelta(0)

    @property
    def starts(self) -> datetime | None:
        """The hour of an appointment; its promise falls due a little later."""
        return self.row.due - self.grace if self.row.due else None

    @property
    def href(self) -> str:
        """The address of its panel."""
        return reverse("workspace:today-item", args=[self.account.ref, self.row.key])

    @property
    def why(self) -> str:
        """The address of its explanation."""
        return why_address(self.account.ref, self.row.key)

    @property
    def title(self) -> str:
        """What people call it."""
        return say(self.row.title)

    @property
    def aside(self) -> str:
        """A second line, where there is something to add: what moved it."""
        return say(self.row.shifts[-1]["said"]) if self.row.shifts else ""

    @property
    def when(self) -> Any:
        """The day that counts for a day term, the instant for the others."""
        if self.meeting:
            return self.starts
        if self.row.due_on:
            return self.row.due_on
        if self.row.due and local(self.row.due).time() == time(0):
            return last_day(self.row.due)
        return self.row.due

    @property
    def timed(self) -> bool:
        """It is due at an hour, not at the end of a day."""
        return isinstance(self.when, datetime)

    @property
    def late(self) -> bool:
        """Past its date, and still to do."""
        return bool(self.row.state == State.OVERDUE)


@dataclass(frozen=True)
class Day:
    """The three lists and the day's drawing."""

    ours: list[Line]
    theirs: list[Line]
    tonight: list[Line]
    line: DayLine
    hidden: int = 0

    @property
    def meetings(self) -> int:
        """How many appointments are on the tape."""
        return len(self.line.meetings)

    @property
    def empty(self) -> bool:
        """Nothing to do."""
        return not (self.ours or self.theirs or self.tonight)


def midnight(now: datetime) -> datetime:
    """The end of the reader's day: the exclusive instant at which day terms of today fall due."""
    return datetime.combine(local_day(now) + timedelta(days=1), time(0), tzinfo=get_current_timezone())


def mine(person: Person, scope: str) -> Q:
    """The clients of a person: those she is CSM of or covers; all of them for `all`, and for who follows none."""
    if scope == "all":
        return Q()
    return Q(account__standing__csm=person.ref) | Q(account__standing__csm_backup=person.ref)


def owed(person: Person, scope: str, now: datetime) -> QuerySet[ProjectedObligation]:
    """Everything late, and everything due before tonight, the oldest first: one query."""
    late = Q(state=State.OVERDUE)
    today = Q(state__in=[State.OPEN, State.UNCONFIRMED], due__gt=now, due__lte=midnight(now))
    return (
        ProjectedObligation.objects.filter(mine(person, scope), late | today)
        .select_related("account")
        .order_by("due", "account__name", "key")
    )


def _line(row: ProjectedObligation) -> Line:
    norm = norm_of(row.account, row.norm)
    meeting = is_appointment(norm)
    return Line(
        row.account,
        row,
        actions(row.account, row),
        meeting,
        grace_of(row.account, norm) if meeting else timedelta(0),
    )


def day_of(person: Person, scope: str, now: datetime) -> Day:
    """The lists of today for a person. `now` is aware."""
    rows = list(owed(person, scope, now)[: 6 * MOST])
    late = [row for row in rows if row.state == State.OVERDUE]
    ours = [_line(row) for row in late if row.debtor != Side.CLIENT]
    theirs = [_line(row) for row in late if row.debtor == Side.CLIENT]
    tonight = [_line(row) for row in rows if row.state != State.OVERDUE]
    shown = Day(ours[:MOST], theirs[:MOST], tonight[:MOST], _drawn(ours, theirs, tonight, now))
    hidden = sum(max(0, len(found) - MOST) for found in (ours, theirs, tonight))
    return Day(shown.ours, shown.theirs, shown.tonight, shown.line, hidden)


def _drawn(ours: Sequence[Line], theirs: Sequence[Line], tonight: Sequence[Line], now: datetime) -> DayLine:
    poles = [
        DayPole(
            Side.CLIENT if line.row.debtor == Side.CLIENT else Side.PROVIDER,
            State(line.row.state), line.account.name, line.title, line.row.due, line.href, line.late, line.timed,
        )
        for line in (*ours, *theirs, *tonight)
        if line.row.due and not (line.meeting and not line.late)
    ]  # fmt: skip
    meetings = [
        Meeting(line.starts, line.starts + timedelta(minutes=1), line.account.name, line.title, line.href)
        for line in tonight
        if line.meeting and line.starts
    ]
    return DayLine(now, poles, meetings)


def _scope(request: HttpRequest, person: Person) -> str:
    """Mine, unless the address asks for all, or nobody has given this person a client."""
    asked = request.GET.get("who", "")
    if asked in ("mine", "all"):
        return asked
    follows = ProjectedObligation.objects.filter(mine(person, "mine")).exists()
    return "mine" if follows else "all"


@staff_only
def today(request: HttpRequest, ref: str = "", key: str = "") -> HttpResponse:
    """The page of the day; with `ref` and `key`, the panel of that line is open. htmx asks for the panel alone."""
    now: datetime = request.now  # type: ignore[attr-defined]
    chosen = _chosen(ref, key) if ref else None
    if chosen and getattr(request, "htmx", False) and request.htmx.target == "panel":  # type: ignore[attr-defined]
        alone = render(request, "workspace/parts/today_panel.html", {"line": chosen, "now": now})
        patch_vary_headers(alone, ["HX-Request", "HX-Target"])
        return alone
    person = who(request)
    scope = _scope(request, person)
    day = day_of(person, scope, now)
    # The most urgent line is open already, where the screen is wide enough for both.
    first = next((line for lines in (day.ours, day.tonight, day.theirs) for line in lines), None)
    context = {
        "here": "today", "day": day, "line": chosen or first, "auto": chosen is None, "now": now, "scope": scope, "date": local_day(now),
        "any_client": not day.empty or Account.objects.exists(),
        "lists": [("ours", day.ours), ("theirs", day.theirs), ("tonight", day.tonight)],
    }  # fmt: skip
    page = render(request, "workspace/today.html", context)
    patch_vary_headers(page, ["HX-Request", "HX-Target"])
    return page


def _chosen(ref: str, key: str) -> Line:
    row = ProjectedObligation.objects.select_related("account").filter(account__ref=ref, key=key).first()
    if row is None:
        raise Http404("No such promise.")
    return _line(row)

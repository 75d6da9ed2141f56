"""What the pages of one client show in either window: its line, its promises, its plan, one why. Reads, never decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.utils.translation import get_language

from jalon.accounts import agreements
from jalon.accounts.models import Account, Contact, Staff
from jalon.core.obligations import LIVE, Obligation, State
from jalon.core.text import _
from jalon.figures.chart import ChartSpec, Series
from jalon.figures.line import LineOfPromises, line_of
from jalon.ledger import book
from jalon.ledger.models import AccountStanding, ProjectedObligation

BACK, AHEAD = timedelta(days=243), timedelta(days=45)


def promises(account: Account, *, private: bool = True) -> list[ProjectedObligation]:
    """Every projected promise of a client by due date; without the private kinds for the other window."""
    rows = ProjectedObligation.objects.filter(account=account).order_by("due", "key")
    return list(rows if private else rows.filter(private=False))


def line(
    account: Account,
    rows: Sequence[ProjectedObligation],
    standing: AccountStanding | None,
    now: datetime,
    href: Callable[[str], str],
) -> LineOfPromises | None:
    """The line since the agreement took effect, eight months back at most, six weeks ahead; None while nothing is dated."""
    if standing is None or not any(row.due for row in rows):
        return None
    today = now.astimezone(ZoneInfo(account.zone)).date()
    start = max((now - BACK).date(), standing.effective_on or today)
    end = (now + AHEAD).date()
    shown = [row for row in rows if row.due and start <= (row.due_on or row.due.date()) <= end]
    agreement = agreements.of(account)
    return line_of(
        shown, start=min(start, today), end=end, today=today, lang=(get_language() or "fr")[:2], href=href,
        provider=agreement.provider_name if agreement else "", client=account.name,
    )  # fmt: skip


def upcoming(rows: Sequence[ProjectedObligation], now: datetime) -> list[ProjectedObligation]:
    """What is late or due within thirty days, late first."""
    living = [row for row in rows if row.state in LIVE and row.due and row.due < now + timedelta(days=30)]
    return sorted(living, key=lambda row: (row.state != State.OVERDUE, row.due))[:9]


@dataclass(frozen=True)
class Team:
    """Who looks after the client, and who answers for it."""

    ours: list[Staff]
    theirs: list[Contact]


def team(account: Account, standing: AccountStanding | None) -> Team:
    """The CSM and the backup; the client's contacts."""
    refs = [ref for ref in (standing.csm, standing.csm_backup) if ref] if standing else []
    return Team(
        list(Staff.objects.filter(ref__in=refs)), list(Contact.objects.filter(account=account, active=True))
    )


def plan(account: Account) -> list[dict[str, Any]]:
    """The initial objectives: those of the first plan that was agreed."""
    row = account.facts.filter(kind="plan.agreed").order_by("at", "sequence").first()
    return list(book.decode(row).get("objectives") or []) if row else []


def use_by_month(account: Account, count: int = 8) -> list[Any]:
    """The last months of use, oldest first, from the projection; empty where usage keeps none."""
    try:
        model: Any = apps.get_model("usage", "MonthlyUsage")
    except LookupError:
        return []
    return list(model._default_manager.filter(account=account).order_by("-month")[:count])[::-1]


def charts(account: Account, months: Sequence[Any], objectives: Sequence[dict[str, Any]]) -> list[ChartSpec]:
    """The use of a client as charts: active people and features, each against its initial objective where there is one."""
    if len(months) < 2:
        return []
    days = [one.month for one in months]
    targets = {str(one.get("metric")): one.get("target") for one in objectives}
    active = ChartSpec(
        "line",
        _("Active users per month"),
        days,
        [Series(_("Active users"), [one.active_users for one in months])],
        target=_number(targets.get("mau")),
    )
    used = ChartSpec(
        "line",
        _("Features used"),
        days,
        [Series(_("Features used"), [one.features for one in months])],
        target=_number(targets.get("features")),
    )
    return [active, used]


def _number(written: Any) -> float | None:
    try:
        return float(written)
    except (TypeError, ValueError):
        return None


@dataclass(frozen=True)
class Known:
    """How a promise stood as known on a day."""

    at: datetime
    obligation: Obligation


def history(account: Account, owed: Obligation, now: datetime, limit: int = 5) -> list[Known]:
    """What was known when: the promise as of, and as known at, each moment at which a fact of its why was recorded."""
    wanted = {h.fact for h in owed.why.happenings if h.fact} if owed.why else set()
    moments = sorted(
        {row.recorded_at for row in account.facts.filter(fact_id__in=wanted) if row.recorded_at <= now}
    )[-limit:]
    found = []
    for at in moments:
        then = book.obligation_of(account, owed.key, at, at, changes=False)
        if then is not None:
            found.append(Known(at, then))
    return found

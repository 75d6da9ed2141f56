"""What the portal shows of the obligations: the client's own and the vendor's, minus the listed private kinds, by period."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jalon.accounts.models import Account
from jalon.core.obligations import LIVE, Side, State
from jalon.ledger.models import ProjectedObligation

PRIVATE = (
    _("the notes that the vendor’s people keep for themselves"),
    _("reports about somebody’s conduct, until they are decided"),
)
"""What the client does not see, said on the page "What you do not see"."""


def shown(account: Account) -> QuerySet[ProjectedObligation]:
    """The obligations that the client sees: every one of the workspace's, minus the private kinds."""
    return account.obligations.filter(private=False)


@dataclass(frozen=True)
class Period:
    """A stretch of days on the axis between both sides: late, this week, next week, later."""

    name: object
    first: date | None
    last: date | None
    yours: tuple[ProjectedObligation, ...]
    ours: tuple[ProjectedObligation, ...]
    late: bool = False


def last_day(row: ProjectedObligation, zone: ZoneInfo) -> date | None:
    """The last day on which the promise is in time, in the reader's zone."""
    if row.due_on:
        return row.due_on
    return row.due.astimezone(zone).date() if row.due else None


def urgency(row: ProjectedObligation) -> tuple[bool, str]:
    """Late first, then by due instant; what has no date comes last."""
    return (row.state != State.OVERDUE, row.due.isoformat() if row.due else "9999")


def periods(rows: Iterable[ProjectedObligation], now: datetime, zone: ZoneInfo) -> list[Period]:
    """Living obligations by period, most urgent first; a period with nothing on either side is left out, this week never."""
    today = now.astimezone(zone).date()
    sunday = today + timedelta(days=6 - today.weekday())
    stretches = [
        (pgettext_lazy("period", "Late"), None, None),
        (_("This week"), today, sunday),
        (_("Next week"), sunday + timedelta(days=1), sunday + timedelta(days=7)),
        (_("Within five weeks"), sunday + timedelta(days=8), sunday + timedelta(days=35)),
        (pgettext_lazy("period", "Later"), None, None),
    ]
    placed: list[list[ProjectedObligation]] = [[] for _stretch in stretches]
    for row in sorted(rows, key=urgency):
        placed[_place(row, stretches, zone)].append(row)
    found = []
    for index, ((name, first, last), members) in enumerate(zip(stretches, placed, strict=True)):
        if members or index == 1:
            yours = tuple(row for row in members if row.debtor != Side.PROVIDER)
            ours = tuple(row for row in members if row.debtor != Side.CLIENT)
            found.append(Period(name, first, last, yours, ours, late=index == 0))
    return found


def _place(
    row: ProjectedObligation, stretches: Sequence[tuple[object, date | None, date | None]], zone: ZoneInfo
) -> int:
    if row.state == State.OVERDUE:
        return 0
    day = last_day(row, zone)
    if day is None:
        return len(stretches) - 1
    return next(
        (n for n, (_name, _first, last) in enumerate(stretches) if last and day <= last), len(stretches) - 1
    )


def living(account: Account) -> list[ProjectedObligation]:
    """What somebody still has to do, on either side."""
    return list(shown(account).filter(state__in=[state.value for state in LIVE]))


def most_urgent(rows: Iterable[ProjectedObligation], questions: Container[str]) -> ProjectedObligation | None:
    """The client's own promise that comes first: the page opens on it.

    `questions` are the ids of the facts that ask the client something. A late question comes before a late invoice: it
    can be answered here and now, and the vendor's dates wait for it.
    """
    yours = [row for row in rows if row.debtor == Side.CLIENT and row.state in (State.OVERDUE, State.OPEN)]
    return min(
        yours,
        key=lambda row: (row.state != State.OVERDUE, row.trigger not in questions, urgency(row)),
        default=None,
    )


SOON = timedelta(days=7)
"""The portal opens on what is late, on what was asked, and on what is due within these days; further off, nothing waits."""


def pressing(row: ProjectedObligation, questions: Container[str], now: datetime, zone: ZoneInfo) -> bool:
    """Whether a promise of the client's is worth opening the portal on: late, asked, or due within a week."""
    if row.state == State.OVERDUE or row.trigger in questions:
        return True
    day = last_day(row, zone)
    return day is not None and day <= now.astimezone(zone).date() + SOON

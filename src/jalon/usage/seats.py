"""Bring in the people who may use the product, and from when to when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import transaction

from jalon.accounts.models import Account
from jalon.core.text import _
from jalon.ledger.importing.reading import Unreadable, day
from jalon.usage import clients, projection, reading
from jalon.usage.lock import writing
from jalon.usage.models import LicensedSeat, UsageClientName

SOURCE = "seats"
"""The source whose names lists of seats use, where nobody says which."""


@dataclass(frozen=True)
class Columns:
    """Which column says what."""

    user: str
    account: Sequence[str]  # joined by /
    since: str = ""
    until: str = ""
    keep: Sequence[str] = ()  # kept with the seat


@dataclass
class Report:
    """What became of every row."""

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)  # line, code of the reason
    unmatched: dict[str, int] = field(default_factory=dict)  # client that is not there -> rows


def take(path: Path, columns: Columns, *, source: str = SOURCE) -> Report:
    """Bring a list of seats in: made, or changed where the dates or what is kept differ. Raises Unreadable; safe to run twice.

    Clients are found as `source` calls them.
    """
    report, wanted = Report(), {}
    for line, cells in _rows(path, columns):
        report.rows += 1
        name, user = (
            "/".join(cells.get(one) or "" for one in columns.account).strip("/ "),
            (cells.get(columns.user) or "").strip(),
        )
        try:
            dates = day((cells.get(columns.since) or "")[:10]), day((cells.get(columns.until) or "")[:10])
        except Unreadable:
            report.refused.append((line, "bad_day"))
            continue
        if not user:
            report.refused.append((line, "no_person"))
            continue
        wanted[name, user] = (*dates, {one: cells.get(one) for one in columns.keep})
    with writing(), transaction.atomic(durable=True):
        _save(wanted, source, report)
    return report


def _rows(path: Path, columns: Columns) -> list[tuple[int, Mapping[str, str | None]]]:
    file = reading.opened(path)
    needed = [*columns.account, columns.user, *filter(None, (columns.since, columns.until)), *columns.keep]
    if file.columns and (wrong := next((name for name in needed if name not in file.columns), None)):
        raise Unreadable(
            _(
                "There is no column “%(name)s”; the columns are %(columns)s.",
                name=wrong,
                columns=tuple(file.columns),
            )
        )
    found: list[tuple[int, Mapping[str, str | None]]] = []
    for piece in file.pieces:
        names = piece.table.column_names
        for row in piece.table.to_pylist():
            cells = {name: None if row[name] is None else str(row[name]) for name in names}
            found.append((row[reading.LINE], cells))
        if piece.broken:
            line, _why, _text = piece.broken[0]
            raise Unreadable(_("Line %(line)s cannot be read: nothing is taken.", line=str(line)))
    return found


Seat = tuple[date | None, date | None, dict[str, str | None]]


def _save(wanted: Mapping[tuple[str, str], Seat], source: str, report: Report) -> None:
    refs = _clients({name for name, _user in wanted}, source)
    accounts = Account.objects.in_bulk(set(refs.values()), field_name="ref")
    there = {
        (seat.account_id, seat.user_ref): seat
        for seat in LicensedSeat.objects.filter(account__in=accounts.values())
    }
    fresh, changed = [], []
    for (name, user), (since, until, kept) in wanted.items():
        if name not in refs:
            report.unmatched[name] = report.unmatched.get(name, 0) + 1
            continue
        account = accounts[refs[name]]
        seat = there.get((account.pk, user))
        if seat is None:
            fresh.append(
                LicensedSeat(account=account, user_ref=user, since=since, until=until, attributes=kept)
            )
        elif (seat.since, seat.until, seat.attributes) != (since, until, seat.attributes | kept):
            seat.since, seat.until, seat.attributes = since, until, seat.attributes | kept
            changed.append(seat)
    LicensedSeat.objects.bulk_create(fresh, batch_size=1000)
    LicensedSeat.objects.bulk_update(changed, ["since", "until", "attributes"], batch_size=500)
    report.created, report.changed = len(fresh), len(changed)
    report.unchanged = len(wanted) - len(fresh) - len(changed) - sum(report.unmatched.values())
    projection.refresh(sorted({seat.account.ref for seat in (*fresh, *changed)}))


def _clients(names: set[str], source: str) -> Mapping[str, str]:
    written = dict(
        UsageClientName.objects.filter(source=source, account__isnull=False).values_list(
            "name", "account__ref"
        )
    )
    found = clients.match({(source, name): written.get(name) for name in names})
    return {name: ref for (_source, name), ref in found.refs.items()}

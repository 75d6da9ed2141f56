"""The initial objectives: what a month's figures answer, how much of the way is covered, and the pace."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from jalon.core.facts.model import Fact
from jalon.core.obligations import Side
from jalon.documents.review import adoption
from jalon.documents.review.model import MonthOfUse

PARIS = ZoneInfo("Europe/Paris")
MAY = MonthOfUse(date(2026, 5, 1), active=34, licensed=48, events=900, features=6)


def _fact(kind: str, day: int, month: int = 1, **fields: object) -> Fact:
    at = datetime(2026, month, day, 9, tzinfo=UTC)
    return Fact(f"{kind}-{month}-{day}", kind, at, at, Side.PROVIDER, fields=fields)


def _plan(day: int, target: str) -> Fact:
    entry = {
        "id": "O1",
        "name": "Actifs",
        "metric": "usage.active_users",
        "baseline": "10",
        "target": target,
        "date": "2026-12-31",
    }
    share = {
        "id": "O2",
        "name": "Licences actives",
        "metric": "licensed_share",
        "baseline": "0.2",
        "target": "0.9",
        "date": "2026-12-31",
    }
    return _fact("plan.agreed", day, objectives=[entry, share])


def _read(*facts: Fact, use: MonthOfUse | None = MAY) -> tuple:
    return adoption.objectives(list(facts), use, datetime(2026, 5, 31, 22, tzinfo=UTC), PARIS)


def test_the_first_plan_stays_the_measure_when_a_later_one_lowers_it() -> None:
    first, _share = _read(_plan(1, "40"), _plan(20, "20"))
    assert first.target == Decimal(40)
    assert (first.now, first.covered) == (Decimal(34), Decimal("0.8"))
    assert first.on_pace is True


def test_a_share_is_counted_over_the_seats() -> None:
    _first, share = _read(_plan(1, "40"))
    assert share.now == (Decimal(34) / 48).quantize(Decimal("0.0001"))
    assert share.form == "share"


def test_a_measure_recorded_by_hand_comes_before_the_count() -> None:
    first, _share = _read(_plan(1, "40"), _fact("objective.measured", 12, 5, objective="O1", value="36"))
    assert (first.now, first.source) == (Decimal(36), "measured")


def test_nothing_known_is_not_zero() -> None:
    first, _share = _read(_plan(1, "40"), use=None)
    assert (first.now, first.covered, first.on_pace) == (None, None, None)
    assert _read() == ()


def test_lower_is_better_reads_alike() -> None:
    first, _share = _read(_plan(1, "40"))
    days = replace(first, baseline=Decimal(15), target=Decimal(6), now=Decimal("7.5"))
    assert days.covered == (Decimal("7.5") - 15) / (Decimal(6) - 15)
    assert replace(days, target=Decimal(15)).covered is None

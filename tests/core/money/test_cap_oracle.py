"""The cap against a second one, written apart from it, over random histories of payments: equal, before any rounding."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from jalon.core.agreement.loading import parse
from jalon.core.facts.catalogue import read
from jalon.core.money import cap
from jalon.core.money.invoices import invoices
from jalon.core.norms.visible import visible
from jalon.core.norms.world import World
from tests.core.money.cases import FOLDER
from tests.core.money.histories import history
from tests.core.money.oracle import cap as counted_again
from tests.core.money.oracle import interest

AGREEMENT = parse((FOLDER / "agreement.yaml").read_text(encoding="utf-8"))
PARIS = ZoneInfo("Europe/Paris")
SLICE = 50


def disagreement(seed: int) -> str | None:
    """Where both caps differ for one history; None where they are the same number."""
    records, arose_on, services, known_on = history(seed)
    known_at = datetime.combine(known_on, time(23, 59), PARIS)
    facts = [read(record) for record in records]
    found = cap.of(AGREEMENT, facts, arose_on=arose_on, services=sorted(services), known_at=known_at)
    expected = counted_again(records, arose_on, services, known_on)
    return None if found.exact == expected else f"{seed}: {float(found.exact)} is not {float(expected)}"


def interest_disagreement(seed: int) -> str | None:
    """The invoices whose late interest differs from the one counted day by day; None where there is none."""
    records, today, _services, known_on = history(seed)
    known_at = datetime.combine(known_on, time(23, 59), PARIS)
    as_of = datetime.combine(today, time(23, 59), PARIS)
    world = World(AGREEMENT, visible([read(record) for record in records], known_at), as_of, known_at)
    expected = interest(records, today, known_on)
    found = {one.number: one.interest_exact(world.statement.rates, today) for one in invoices(world)}
    return None if found == expected else f"{seed}: {found} is not {expected}"


QUICK = range(0, 300, SLICE)
REST = range(300, 10_000, SLICE)


@pytest.mark.parametrize("first", QUICK)
def test_the_cap_of_some_histories(first: int) -> None:
    assert [said for seed in range(first, first + SLICE) if (said := disagreement(seed))] == []


@pytest.mark.parametrize("first", QUICK[:3])
def test_the_interest_of_some_histories(first: int) -> None:
    assert [said for seed in range(first, first + SLICE) if (said := interest_disagreement(seed))] == []


@pytest.mark.proof
@pytest.mark.parametrize("first", REST)
def test_the_cap_of_ten_thousand_histories(first: int) -> None:
    assert [said for seed in range(first, first + SLICE) if (said := disagreement(seed))] == []


@pytest.mark.proof
@pytest.mark.parametrize("first", REST)
def test_the_interest_of_ten_thousand_histories(first: int) -> None:
    assert [said for seed in range(first, first + SLICE) if (said := interest_disagreement(seed))] == []


def test_the_histories_reach_every_corner() -> None:
    reasons: Counter[str] = Counter()
    for seed in range(0, 300, 3):
        records, arose_on, services, known_on = history(seed)
        known_at = datetime.combine(known_on, time(23, 59), PARIS)
        found = cap.of(
            AGREEMENT,
            [read(record) for record in records],
            arose_on=arose_on,
            services=sorted(services),
            known_at=known_at,
        )
        reasons["nothing" if not found.exact else "something"] += 1
        reasons.update(part.reason for one in found.entries for part in one.deductions)
        reasons["exchanged"] += any(one.rates for one in found.entries)
    assert {"something", "nothing", "exchanged", *cap.REASONS} <= {
        reason for reason, n in reasons.items() if n >= 3
    }

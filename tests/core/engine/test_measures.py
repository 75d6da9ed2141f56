"""The two measures that both sides read: what was kept of what was judged, and what is late to be paid."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from jalon.core import engine
from jalon.core.agreement.loading import parse
from jalon.core.facts.files import read_facts
from jalon.core.measures import Kept, kept, unpaid_late
from jalon.core.obligations import Side, State

FOLDER = Path(__file__).parents[3] / "agreements/mytraffic-cs/2024-02-14"
AGREEMENT = parse((FOLDER / "agreement.yaml").read_text(encoding="utf-8"))
SIGNED = """
- {kind: document.signed, at: 2026-01-05T10:00, side: provider, doc: master}
- {kind: document.signed, at: 2026-01-05T11:00, side: client, doc: master}
- {kind: order.set, at: 2026-01-05, side: provider, level: croissance, ends_on: "2030-12-31"}
"""
INVOICES = """
- {kind: invoice.issued, at: 2026-02-02, side: provider, invoice: F1, due: 2026-03-04, currency: EUR, lines: [{service: cs, ht: "1000.00", vat: "20"}]}
- {kind: invoice.issued, at: 2026-02-02, side: provider, invoice: F2, due: 2026-03-04, currency: EUR, lines: [{service: cs, ht: "500.00", vat: "20"}]}
- {kind: payment.credited, at: 2026-03-02, side: system, payment: P1, designates: F2, amount: "600.00", currency: EUR}
"""


def test_what_was_kept_is_counted_among_what_was_judged() -> None:
    facts = read_facts(SIGNED + INVOICES)
    found = engine.assess(AGREEMENT, facts, datetime(2026, 4, 1, 8, tzinfo=UTC))
    mine = [one for one in found.obligations if one.norm == "N48-pay"]
    assert {one.state for one in mine} == {State.MET, State.OVERDUE}
    assert kept(mine, Side.CLIENT) == Kept(1, 2, {})
    assert kept(mine, Side.CLIENT).rate == 0.5
    assert kept(mine, Side.PROVIDER) == Kept(0, 0, {})
    assert kept(mine, Side.PROVIDER).rate is None
    every = kept(found.obligations, Side.PROVIDER)
    assert every.beside and not every.beside.keys() & {State.MET, State.OVERDUE}
    assert all(count > 0 for count in every.beside.values())


def test_only_what_is_late_and_undisputed_is_unpaid() -> None:
    facts = read_facts(SIGNED + INVOICES)
    found = engine.assess(AGREEMENT, facts, datetime(2026, 4, 1, 8, tzinfo=UTC))
    assert unpaid_late(facts, found) == Decimal("1200.00")
    early = engine.assess(AGREEMENT, facts, datetime(2026, 3, 1, 8, tzinfo=UTC))
    assert unpaid_late(facts, early) == 0

"""The corners of each kind of norm that a story seldom reaches, each with its rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from jalon.core import engine
from jalon.core.agreement.model import Agreement
from jalon.core.facts.catalogue import read
from jalon.core.norms.drafting import Draft
from jalon.core.norms.evidence import acceptable
from jalon.core.norms.visible import visible
from jalon.core.norms.world import World
from jalon.core.obligations import Assessment, Obligation, State
from jalon.core.whatif import AtLevel, Number, suppose
from jalon.wording import say
from tests.core.norms.test_conditions import AGREEMENT, LATE, OPENED, SIGNED, fact, power


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def assessed(as_of: str, *more: dict[str, Any], agreement: Agreement = AGREEMENT) -> Assessment:
    return engine.assess(agreement, [read(one) for one in (*SIGNED, *more)], at(as_of))


def owed(found: Assessment, norm: str) -> list[Obligation]:
    return [one for one in found.obligations if one.norm == norm]


def with_spec(id: str, **changes: Any) -> Agreement:
    norm = AGREEMENT.norms[id]
    return replace(
        AGREEMENT, norms={**AGREEMENT.norms, id: replace(norm, spec={**(norm.spec or {}), **changes})}
    )


# -- requests


def test_a_priority_raised_late_gives_no_more_time_and_one_lowered_with_the_client_counts_from_the_opening() -> (
    None
):
    (plain,) = owed(assessed("2026-03-02T09:00", OPENED), "N32-first")
    raised = fact("request.priority_set", "2026-03-02T15:00+01:00", request="R1", to="P1")
    (late,) = owed(assessed("2026-03-02T16:00", OPENED, raised), "N32-first")
    assert late.due is not None and plain.due is not None
    assert late.due <= plain.due
    last = fact(
        "request.priority_set",
        (plain.due - timedelta(minutes=5)).isoformat(),
        request="R1",
        to="P1",
    )
    (kept,) = owed(assessed("2026-03-05T16:00", OPENED, last), "N32-first")
    assert kept.due == plain.due
    lowered = fact(
        "request.priority_set", "2026-03-02T10:00+01:00", request="R1", to="P4", agreed_by="client"
    )
    low = {**OPENED, "priority": "P4"}
    (after,) = owed(assessed("2026-03-02T16:00", OPENED, lowered), "N32-first")
    (from_the_first,) = owed(assessed("2026-03-02T16:00", low), "N32-first")
    assert after.due == from_the_first.due


def test_a_clock_that_ends_at_closing_rolls_where_the_calendar_says_so() -> None:
    calendars = {
        **AGREEMENT.calendars,
        "provider": replace(AGREEMENT.calendars["provider"], at_closing="next_opening"),
    }
    agreement = replace(AGREEMENT, calendars=calendars)
    (stays,) = owed(assessed("2026-03-02T09:00", OPENED), "N32-first")
    opened = {**OPENED, "at": "2026-03-02T09:00+01:00"}
    for priority in ("P1", "P2", "P3", "P4"):
        (one,) = owed(
            assessed("2026-03-02T09:00", {**opened, "priority": priority}, agreement=agreement), "N32-first"
        )
        (other,) = owed(assessed("2026-03-02T09:00", {**opened, "priority": priority}), "N32-first")
        assert one.due is not None and other.due is not None and one.due >= other.due
        if other.due.astimezone().hour == 17 and other.due.minute == 0:
            assert one.due.hour == 8
    assert stays.due is not None


def test_a_message_before_the_first_reply_or_of_another_request_starts_no_clock() -> None:
    reply = fact("request.replied", "2026-03-02T11:00", request="R1")
    found = assessed(
        "2026-03-04T10:00", OPENED, reply, fact("client.message", "2026-03-02T10:00", "client", ref="R1"),
        fact("client.message", "2026-03-02T12:00", "client", ref="R2"),
    )  # fmt: skip
    assert owed(found, "N32-next") == []
    again = assessed(
        "2026-03-04T10:00", OPENED, reply, fact("client.message", "2026-03-02T12:00", "client", ref="R1")
    )
    assert len(owed(again, "N32-next")) == 1


# -- evidence


@pytest.mark.parametrize(
    ("requires", "given", "good"),
    [
        ({}, {}, True), ({}, {"automatic": True}, False), ({}, {"public": False}, False), ({}, {"ok": False}, False),
        ({"reason_if": "refused"}, {"decision": "refused"}, False), ({"reason_if": "refused"}, {"decision": "refused", "reason": "x"}, True),
        ({"reason_if": "refused"}, {"decision": "accepted"}, True), ({"reasons": True}, {"reasons": ""}, False),
        ({"reasons": True}, {"reasons": "x"}, True), ({"reasons": True}, {}, True),
    ],
)  # fmt: skip
def test_evidence_says_what_its_norm_requires(
    requires: dict[str, Any], given: dict[str, Any], good: bool
) -> None:
    norm = with_spec("N32-first", requires=requires).norms["N32-first"]
    now = at("2026-03-04T10:00")
    world = World(AGREEMENT, visible([read(one) for one in SIGNED], now), now, now)
    told = replace(read(fact("request.replied", "2026-03-02T11:00", request="R1")), fields=given)
    assert acceptable(Draft(world, norm, "", "", world.calendar_of(norm)), told) == good


# -- payment


@pytest.mark.parametrize(
    ("disputed", "state"),
    [("2026-01-20T10:00", State.EXCUSED), ("2026-02-20T10:00", State.OVERDUE)],
)
def test_a_dispute_holds_an_invoice_back_only_when_it_is_raised_in_time(disputed: str, state: State) -> None:
    dispute = fact("invoice.disputed", disputed, "client", invoice="F1", reason="wrong")
    (one,) = owed(assessed("2026-03-10T10:00", LATE, dispute), "N48-pay")
    assert one.state == state


def test_a_dispute_of_a_part_leaves_the_rest_owed() -> None:
    dispute = fact(
        "invoice.disputed", "2026-01-20T10:00", "client", invoice="F1", amount="100.00", reason="wrong"
    )
    (one,) = owed(assessed("2026-03-10T10:00", LATE, dispute), "N48-pay")
    assert one.state == State.OVERDUE


# -- powers


def test_a_power_may_wait_for_the_absence_of_any_fact() -> None:
    agreement = with_spec("N48-suspend", trigger={"all": [{"no_fact": "complaint.filed"}]})
    assert power(assessed("2026-03-10T10:00", agreement=agreement), "N48-suspend").available
    complaint = fact("complaint.filed", "2026-03-01", "client", complaint="P1", about="x")
    held = power(assessed("2026-03-10T10:00", complaint, agreement=agreement), "N48-suspend")
    assert [say(one, "en") for one in held.unmet] == ["the ledger holds “Complaint filed”."]


def test_a_notice_that_does_not_name_the_clause_terminates_nothing() -> None:
    notice = fact("formal_notice.served", "2026-02-16", notice="M1", about="late")
    held = power(assessed("2026-04-10T10:00", LATE, notice), "N48-terminate")
    assert "no formal notice names the termination clause." in [say(one, "en") for one in held.unmet]
    naming = {**notice, "names_termination_clause": True}
    early = power(assessed("2026-02-17T10:00", LATE, naming), "N48-terminate")
    assert any("still runs until the end of" in say(one, "en") for one in early.unmet)
    agreement = with_spec("N48-terminate", trigger={"all": [{"fact": "formal_notice.served"}]})
    assert power(assessed("2026-02-17T10:00", notice, agreement=agreement), "N48-terminate").available


PROPOSED = {**fact("counsel.proposed", "2026-03-02T10:00", tpc="T1", counsel="Maitre X"), "id": "c1"}


@pytest.mark.parametrize(
    ("answer", "outcome", "refused"),
    [
        (None, None, 0),
        ({"approved": True}, "Approved.", 0),
        ({"approved": False, "reason": "conflict"}, "Refused: conflict", 0),
        ({"approved": False}, None, 1),
    ],
)
def test_counsel_is_approved_refused_with_a_reason_or_not_answered(
    answer: dict[str, Any] | None, outcome: str | None, refused: int
) -> None:
    answers = (
        [fact("counsel.decided", "2026-03-03T10:00", "client", counsel="Maitre X", **answer)]
        if answer
        else []
    )
    found = power(assessed("2026-03-03T12:00", PROPOSED, *answers), "N62-counsel:c1")
    assert (say(found.outcome, "en") if found.outcome else None) == outcome
    assert len(found.refused) == refused
    assert found.available == (outcome is None)


def test_silence_approves_counsel_and_an_answer_after_it_has_no_effect() -> None:
    late = fact(
        "counsel.decided", "2026-05-04T10:00", "client", counsel="Maitre X", approved=False, reason="x"
    )
    for more in ((), (late,)):
        found = power(assessed("2026-05-05T12:00", PROPOSED, *more), "N62-counsel:c1")
        assert found.outcome is not None and say(found.outcome, "en") == "Approved by silence."
        assert len(found.refused) == len(more)
        assert say(found.unmet[0], "en").startswith("the time to answer ended on")


# -- limits


def test_a_limit_says_nothing_where_the_agreement_caps_nothing() -> None:
    claim = fact(
        "claim.filed",
        "2026-03-02",
        "client",
        claim="L1",
        services=["cs"],
        heads=["direct"],
        amount="10.00",
    )
    assert assessed("2026-03-10T10:00", claim).limits
    known = {name: one for name, one in AGREEMENT.parameters.items() if name != "liability.period"}
    bare = replace(AGREEMENT, parameters=known)
    found = assessed("2026-03-10T10:00", claim, agreement=bare)
    assert [one for one in found.limits if one.norm == "N51-cap"] == []


# -- what if


def test_a_level_or_a_number_that_an_order_set_is_replaced() -> None:
    order = fact(
        "order.set",
        "2026-01-10",
        overrides={"sla.first": {"P1": "PT1WH", "P2": "PT1WH", "P3": "PT1WH", "P4": "PT1WH"}},
    )
    facts = [read(one) for one in (*SIGNED, order, OPENED)]
    now = at("2026-03-02T16:00")
    (ordered,) = [one for one in engine.assess(AGREEMENT, facts, now).obligations if one.norm == "N32-first"]
    more = suppose(AGREEMENT, facts, now, now, ordered.key, Number("sla.first", "PT9WH"))
    assert more is not None and more.due is not None and ordered.due is not None and more.due > ordered.due
    same = suppose(AGREEMENT, facts, now, now, ordered.key, AtLevel("essentiel"))
    assert same is not None and same.due == ordered.due  # the order goes before the level


def test_the_first_day_of_an_agreement_is_a_day() -> None:
    assert assessed("2026-03-10T10:00").effective_on == date(2026, 1, 5)

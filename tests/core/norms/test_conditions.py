"""The small questions that norms ask of facts: does it fit, does it say enough, is it a reply, is it an excuse."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from jalon.core import engine
from jalon.core.agreement.loading import parse
from jalon.core.facts.catalogue import read
from jalon.core.norms import clocks
from jalon.core.norms.evidence import fits
from jalon.core.norms.power import norm_of, suspension_unmet
from jalon.core.norms.visible import visible
from jalon.core.norms.world import World
from jalon.core.obligations import Assessment, Power, Side, State
from jalon.core.timekeeping.civil import day_of
from jalon.wording import say

FOLDER = Path(__file__).parents[3] / "agreements"
AGREEMENT = parse((FOLDER / "mytraffic-cs/2024-02-14/agreement.yaml").read_text(encoding="utf-8"))
HARBOUR = parse((FOLDER / "harbour-support/2026-01-05/agreement.yaml").read_text(encoding="utf-8"))
SIGNED: tuple[dict[str, Any], ...] = (
    {"kind": "document.signed", "at": "2026-01-05T10:00", "side": "provider", "doc": "master"},
    {"kind": "document.signed", "at": "2026-01-05T11:00", "side": "client", "doc": "master"},
    {
        "kind": "order.set",
        "at": "2026-01-05",
        "side": "provider",
        "level": "croissance",
        "ends_on": "2030-12-31",
    },
)


def fact(kind: str, at: str, side: str = "provider", **fields: Any) -> dict[str, Any]:
    return {"kind": kind, "at": at, "side": side, **fields}


def assessed(as_of: str, *more: dict[str, Any]) -> Assessment:
    return engine.assess(
        AGREEMENT, [read(one) for one in (*SIGNED, *more)], datetime.fromisoformat(as_of).replace(tzinfo=UTC)
    )


def world_of(as_of: str, *more: dict[str, Any]) -> World:
    at = datetime.fromisoformat(as_of).replace(tzinfo=UTC)
    return World(AGREEMENT, visible([read(one) for one in (*SIGNED, *more)], at), at, at)


HELD = read(fact("activity.held", "2026-02-02T10:00", type="kickoff"))


@pytest.mark.parametrize(
    ("where", "fitting"),
    [
        (None, True), ({}, True), ({"type": "kickoff"}, True), ({"type": "training"}, False), ({"type": ["kickoff", "x"]}, True),
        ({"type": ("training",)}, False), ({"type": "set"}, True), ({"minutes": "set"}, False), ({"type": "named"}, True),
        ({"minutes": "named"}, False), ({"ref": "anything"}, True),
    ],
)  # fmt: skip
def test_a_fact_has_the_values_that_are_wanted(where: dict[str, Any] | None, fitting: bool) -> None:
    assert fits(where, HELD) == fitting


@pytest.mark.parametrize(
    "written",
    ["2026-03-04", "2026-03-04T10:00+00:00", date(2026, 3, 4), datetime(2026, 3, 4, 10, tzinfo=UTC)],
)
def test_a_day_is_read_from_whatever_writes_it(written: object) -> None:
    assert day_of(written) == date(2026, 3, 4)
    assert type(day_of(written)) is date


# -- requests (3.2)

OPENED = fact("request.opened", "2026-03-02T09:00", "client", request="R1", priority="P2")


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ([], ["P2"]),
        (
            [
                {**fact("request.priority_set", "2026-03-02T10:00", request="R1", to="P1"), "id": "c1"},
                fact("fact.corrected", "2026-03-02T11:00", target="c1", set={"to": ""}, reason="none"),
            ],
            ["P2"],
        ),
        ([fact("request.priority_set", "2026-03-02T10:00", request="R1", to="P1")], ["P2", "P1"]),
        ([fact("request.priority_set", "2026-03-02T10:00", request="R1", to="P3")], ["P2"]),
        ([fact("request.priority_set", "2026-03-02T10:00", "client", request="R1", to="P3")], ["P2", "P3"]),
        (
            [fact("request.priority_set", "2026-03-02T10:00", request="R1", to="P3", agreed_by="client")],
            ["P2", "P3"],
        ),
    ],
)
def test_a_priority_is_raised_by_anybody_and_lowered_only_with_the_client(
    changes: list[dict[str, Any]], found: list[str]
) -> None:
    world = world_of("2026-03-03T10:00", OPENED, *changes)
    (opened,) = clocks.openings(world)
    assert [priority for _at, priority in clocks.priorities(world, opened, "R1")] == found


def test_two_connectors_that_tell_of_one_request_open_it_once() -> None:
    again = {**OPENED, "at": "2026-03-02T09:05", "source": "api"}
    (opened,) = clocks.openings(world_of("2026-03-03T10:00", OPENED, again))
    assert opened.at == datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reply", "counts"),
    [
        (fact("request.replied", "2026-03-02T10:00", request="R1"), True), (fact("request.replied", "2026-03-02T10:00"), True),
        (fact("request.replied", "2026-03-02T10:00", request="R2"), False),
        (fact("request.replied", "2026-03-02T10:00", request="R1", automatic=True), False),
        (fact("request.replied", "2026-03-02T10:00", request="R1", public=False), False),
    ],
)  # fmt: skip
def test_an_acknowledgement_by_a_machine_is_no_reply(reply: dict[str, Any], counts: bool) -> None:
    assert clocks.is_reply(read(reply), "R1") == counts


def test_the_days_and_the_minutes_of_a_clock() -> None:
    world = world_of("2026-03-03T10:00")
    spans = [(datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 17, tzinfo=UTC)),
             (datetime(2026, 3, 3, 8, tzinfo=UTC), datetime(2026, 3, 3, 8, 30, tzinfo=UTC))]  # fmt: skip
    assert clocks.minutes_open(spans) == 510
    assert clocks.days_of(spans, world) == [date(2026, 3, 2), date(2026, 3, 3)]
    assert (
        clocks.target({"P1": "PT2WH"}, "P1"),
        clocks.target({"P1": "PT2WH"}, "P2"),
        clocks.target("PT2WH", "P1"),
    ) == ("PT2WH", None, None)


# -- powers (4.8)

LATE = fact("invoice.issued", "2026-01-12", invoice="F1", currency="EUR", due="2026-02-11",
            lines=[{"service": "cs", "ht": "1000.00", "vat": "20"}])  # fmt: skip


def power(found: Assessment, key: str) -> Power:
    return next(one for one in found.powers if one.key == key)


def test_the_power_to_suspend_says_each_condition_that_it_lacks() -> None:
    key = norm_of(world_of("2026-03-01T10:00"), "service.suspended").id  # type: ignore[union-attr]
    nothing = power(assessed("2026-03-01T10:00"), key)
    assert not nothing.available
    assert any("no invoice was overdue" in say(one, "en") for one in nothing.unmet)
    late = power(assessed("2026-03-01T10:00", LATE), key)
    assert any("no formal notice was served" in say(one, "en") for one in late.unmet)
    disputed = fact("invoice.disputed", "2026-01-20", "client", invoice="F1", reason="wrong")
    held = power(assessed("2026-03-01T10:00", LATE, disputed), key)
    assert say(held.unmet[0], "en") == "the overdue invoice is disputed."
    assert (
        say(suspension_unmet(world_of("2026-03-01T10:00", LATE, disputed), None, date(2026, 3, 1)), "en")
        == "the overdue invoice is disputed."
    )  # type: ignore[arg-type]


def test_an_agreement_without_a_power_gives_none() -> None:
    at = datetime(2026, 3, 1, 10, tzinfo=UTC)
    world = World(HARBOUR, visible([], at), at, at)
    assert (
        say(suspension_unmet(world, None, date(2026, 3, 1)), "en")
        == "the agreement gives no power to suspend."
    )  # type: ignore[arg-type]
    assert norm_of(world, "no.such") is None
    assert norm_of(world_of("2026-03-01T10:00"), "agreement.terminated", Side.BOTH) is None


def test_a_termination_without_its_conditions_has_no_effect_and_a_countersigned_one_has() -> None:
    ends = {**fact("agreement.terminated", "2026-03-02", ground="late", effective="2026-03-31"), "id": "t1"}
    found = assessed("2026-04-02T10:00", ends)
    assert (found.standing, found.ends_on) == (State.OPEN, date(2030, 12, 31))
    assert any("This termination has no effect" in say(one.said, "en") for one in found.refused)
    agreed = fact("fact.countersigned", "2026-03-03T10:00", "client", target="t1")
    found = assessed("2026-04-02T10:00", ends, agreed)
    assert (found.standing, found.ends_on, found.refused) == (State.CANCELLED, date(2026, 3, 31), ())


# -- presence at an appointment (4.6)

MEETING = fact(
    "appointment.confirmed",
    "2026-03-02T10:00",
    uid="A1",
    **{"for": "followup"},
    start="2026-03-10T10:00+01:00",
)


@pytest.mark.parametrize(
    ("then", "state"),
    [
        ([], State.UNCONFIRMED),
        ([fact("activity.held", "2026-03-10T10:05", type="followup", appointment_ref="A1")], State.MET),
        ([fact("activity.held", "2026-03-10T10:05", type="followup", appointment_ref="A2")], State.UNCONFIRMED),
        ([fact("activity.held", "2026-03-10T16:00", type="followup")], State.MET),
        ([fact("activity.held", "2026-03-10T16:00", type="training")], State.UNCONFIRMED),
        ([{"kind": "appointment.no_show", "at": "2026-03-10T10:30", "side": "provider", "absent": "client", "uid": "A1"}], State.MISSED),
        ([fact("appointment.cancelled", "2026-03-03T10:00", "client", uid="A1")], State.CANCELLED),
    ],
)  # fmt: skip
def test_being_there_is_kept_missed_or_left_open(then: list[dict[str, Any]], state: State) -> None:
    found = assessed("2026-03-11T10:00", MEETING, *then)
    mine = [one for one in found.obligations if one.norm == "N46-attend"]
    assert [one.state for one in mine] == [state]

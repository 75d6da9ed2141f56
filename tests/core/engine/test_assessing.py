"""What the engine gives around its obligations: before the effect, for a key that has nothing, and who is in charge."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from jalon.core import engine
from jalon.core.agreement.loading import parse
from jalon.core.agreement.model import Agreement
from jalon.core.facts.catalogue import KINDS, read
from jalon.core.facts.model import Fact, Field, FieldType
from jalon.core.facts.values import kept
from jalon.core.obligations import State
from jalon.core.text import _
from jalon.core.whatif import _likely, imagined, kinds_looked_at
from jalon.core.why import Step, run_again
from jalon.wording import say

FOLDER = Path(__file__).parents[3] / "agreements"
AGREEMENTS = {
    file.parents[1].name: parse(file.read_text(encoding="utf-8"))
    for file in sorted(FOLDER.glob("*/*/agreement.yaml"))
}
AGREEMENT = AGREEMENTS["mytraffic-cs"]
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
NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)


def story(*more: dict[str, Any]) -> list[Fact]:
    return [read(record) for record in (*SIGNED, *more)]


@pytest.mark.parametrize("agreement", AGREEMENTS.values(), ids=AGREEMENTS)
def test_nothing_is_owed_nor_explained_before_the_effect(agreement: Agreement) -> None:
    found = engine.assess(agreement, [], NOON)
    assert found.standing == State.NOT_YET
    assert {agreement.norms[one.norm].kind for one in found.obligations} <= {"declaration"}
    assert (found.rights, found.powers, found.limits, found.suspended, found.csm) == ((), (), (), (), "")
    for norm in agreement.norms.values():
        if norm.kind != "declaration":
            assert engine.explained(agreement, [], NOON, None, f"{norm.id}:anything") is None
            assert engine.of_norm(agreement, [], NOON, NOON, norm) == []


def test_a_key_that_has_nothing_has_no_explanation() -> None:
    facts = story()
    assert engine.explained(AGREEMENT, facts, NOON, None, "N-none:x") is None
    assert engine.explained(AGREEMENT, facts, NOON, None, "N2-csm:none") is None
    named = engine.explained(AGREEMENT, facts, NOON, None, "N2-csm:named", changes=False)
    assert named is not None and named.why is not None and named.why.changes == ()
    assert engine.explained(AGREEMENT, facts, NOON, NOON, "N2-csm:named").why.changes  # type: ignore[union-attr]


def test_one_norm_gives_the_same_instances_by_itself() -> None:
    every = engine.assess(AGREEMENT, story(), NOON, explain=False).obligations
    for norm in AGREEMENT.norms.values():
        alone = engine.of_norm(AGREEMENT, story(), NOON, NOON, norm)
        assert {one.key for one in alone} == {one.key for one in every if one.norm == norm.id}, norm.id


def test_without_its_whys_an_assessment_is_the_same() -> None:
    facts = story(
        {
            "kind": "request.opened",
            "at": "2026-03-02T09:00",
            "side": "client",
            "request": "R1",
            "priority": "P2",
        }
    )
    full, bare = engine.assess(AGREEMENT, facts, NOON), engine.assess(AGREEMENT, facts, NOON, explain=False)
    assert {one.why for one in bare.obligations} == {None}
    assert all(one.why for one in full.obligations)
    assert [(one.key, one.state, one.due) for one in full.obligations] == [
        (one.key, one.state, one.due) for one in bare.obligations
    ]
    assert full.known_at == NOON
    assert full.level == "croissance"
    dues = [one.due for one in full.obligations]
    assert dues == sorted((due for due in dues if due), key=lambda due: due.timestamp()) + [
        due for due in dues if due is None
    ]


def test_what_is_known_later_is_not_known_now() -> None:
    late = {
        "kind": "csm.assigned",
        "at": "2026-01-06",
        "recorded_at": "2026-03-05T10:00",
        "side": "provider",
        "person": "ada",
    }
    assert engine.assess(AGREEMENT, story(late), NOON).csm == ""
    assert engine.assess(AGREEMENT, story(late), NOON, NOON + timedelta(days=7)).csm == "ada"


@pytest.mark.parametrize(
    ("day", "people"),
    [("2026-01-05", ("", "")), ("2026-01-06", ("ada", "bob")), ("2026-02-10", ("ada", "bob")), ("2026-02-11", ("", "")),
     ("2026-03-01", ("eve", "")), ("2026-04-01", ("zoe", ""))],
)  # fmt: skip
def test_who_is_in_charge_on_a_day(day: str, people: tuple[str, str]) -> None:
    facts = story(
        {"kind": "csm.assigned", "at": "2026-01-06", "side": "provider", "person": "ada", "backup": "bob", "until": "2026-02-10"},
        {"kind": "csm.assigned", "at": "2026-03-01", "side": "provider", "person": "eve"},
        {"kind": "csm.assigned", "at": "2026-04-01", "side": "provider", "person": "zoe"},
    )  # fmt: skip
    as_of = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=11)
    found = engine.assess(AGREEMENT, facts, as_of)
    assert (found.csm, found.csm_backup) == people


def test_a_suspension_without_its_conditions_is_refused() -> None:
    hasty = {"kind": "service.suspended", "at": "2026-03-01", "side": "provider", "ground": "late"}
    found = engine.assess(AGREEMENT, story(hasty), NOON)
    assert found.suspended == ()
    assert [say(one.said, "en") for one in found.refused] == [
        "This suspension has no effect: no invoice was overdue on Sunday 1 March 2026."
    ]


def test_an_order_that_names_what_it_may_not_is_refused_and_its_level_must_exist() -> None:
    wrong = {
        "kind": "order.set",
        "at": "2026-02-01",
        "side": "provider",
        "level": "gold",
        "overrides": {"cap.amount": "1"},
    }
    said = [say(one.said, "en") for one in engine.assess(AGREEMENT, story(wrong), NOON).refused]
    assert "The order sets “cap.amount”, which the agreement does not let an order set." in said
    assert any(one.startswith("The agreement has no level “gold”; its levels are essentiel") for one in said)


def test_force_majeure_is_nobodys_act() -> None:
    flood = {"kind": "force_majeure.declared", "at": "2026-03-02", "side": "provider", "from": "2026-03-02", "until": "2026-03-31", "event": "flood", "prevents": "2.c"}  # fmt: skip
    found = engine.assess(AGREEMENT, story(flood), NOON + timedelta(days=60))
    owed = next(one for one in found.obligations if one.key == "N2c-monthly:2026-03")
    assert (owed.state, owed.attribution) == (State.EXCUSED, None)


# -- what can be supposed


@pytest.mark.parametrize("type", list(FieldType))
def test_a_supposed_value_is_one_that_its_field_takes(type: FieldType) -> None:
    choices = (("a", _("yes")),) if type is FieldType.CHOICE else ()
    field = Field("f", type, _("Field"), choices=choices)
    assert kept(field, _likely(field, NOON), "Europe/Paris") is not None


@pytest.mark.parametrize("agreement", AGREEMENTS.values(), ids=AGREEMENTS)
def test_whatever_a_norm_looks_at_can_be_imagined_with_all_that_the_kind_requires(
    agreement: Agreement,
) -> None:
    signed = [read(record) for record in SIGNED[:2]]
    found = engine.assess(agreement, signed, NOON, explain=False)
    assert found.obligations
    for owed in found.obligations:
        norm = agreement.norms[owed.norm]
        for kind in kinds_looked_at(norm):
            fact = imagined(norm, owed, signed, kind.kind, NOON)
            assert {field.name for field in kind.fields if field.required} <= fact.fields.keys(), (
                owed.key,
                kind.kind,
            )
            assert fact.side in kind.by
            assert fact.kind in KINDS and fact.at == fact.recorded_at == NOON


# -- an explanation run again


@pytest.mark.parametrize(
    "step",
    [
        Step("term", {"start": date(2026, 1, 5), "term": "P5D", "roll": False}, date(2026, 1, 11), _("x")),
        Step("backward", {"before": date(2026, 1, 20), "term": "P5D"}, date(2026, 1, 16), _("x")),
        Step("elapsed", {"start": NOON, "hours": 24}, NOON, _("x")),
        Step("at", {"start": NOON, "grace_minutes": 15}, NOON, _("x")),
        Step("clock", {"term": "PT2WH", "spans": [(NOON, NOON + timedelta(hours=1))]}, NOON + timedelta(hours=1), _("x")),
        Step("clock", {"term": "PT1WH", "spans": [(NOON, NOON + timedelta(hours=1))]}, NOON, _("x")),
        Step("invented", {}, NOON, _("x")),
    ],
    ids=lambda step: step.operation,
)  # fmt: skip
def test_a_step_that_does_not_follow_is_caught(step: Step) -> None:
    owed = engine.assess(AGREEMENT, story(), NOON).obligations[0]
    assert owed.why is not None
    with pytest.raises(ValueError, match=r"gives|is not|no operation"):
        run_again(replace(owed.why, steps=(step, *owed.why.steps)))


@pytest.mark.parametrize(
    ("term", "first"), [("P2BD", date(2026, 1, 16)), ("P5D", date(2026, 1, 15)), ("P1M", date(2025, 12, 20)), ("P1Y", None)]
)  # fmt: skip
def test_a_term_counted_back_is_counted_again(term: str, first: date | None) -> None:
    owed = engine.assess(AGREEMENT, story(), NOON).obligations[0]
    assert owed.why is not None
    skipped = [date(2026, 1, 17), date(2026, 1, 18)]
    step = Step(
        "backward",
        {"before": date(2026, 1, 20), "term": term, "skipped": skipped},
        first or date(2025, 1, 20),
        _("x"),
    )
    assert run_again(replace(owed.why, steps=(step, *owed.why.steps))) == (owed.due, owed.state)

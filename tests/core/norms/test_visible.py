"""What is said of a fact can be unsaid: a correction, a dispute or a retraction that is retracted leaves no trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from jalon.core.facts.catalogue import read
from jalon.core.facts.model import Fact
from jalon.core.norms.visible import visible

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def said(kind: str, name: str, day: int, side: str = "provider", **fields: object) -> Fact:
    """A fact told on the n-th day."""
    return read({"kind": kind, "id": name, "at": (START + timedelta(days=day)).isoformat(), "side": side, **fields})  # fmt: skip


HELD = said("activity.held", "h", 0, type="review", minutes=45)
CORRECTED = said("fact.corrected", "c", 1, target="h", set={"minutes": 60})


def minutes(facts: list[Fact]) -> list[int]:
    """The length of the meetings that are known at the end."""
    return [fact.get("minutes") for fact in visible(facts, START + timedelta(days=30)).facts]


def test_a_correction_that_is_retracted_corrects_nothing() -> None:
    withdrawn = said("fact.retracted", "r", 2, target="c")
    assert minutes([HELD, CORRECTED]) == [60]
    assert minutes([HELD, withdrawn, CORRECTED]) == [45]


def test_a_retraction_that_is_retracted_brings_back_what_it_took() -> None:
    gone, back = said("fact.retracted", "r", 2, target="h"), said("fact.retracted", "r2", 3, target="r")
    assert minutes([HELD, gone]) == []
    assert minutes([HELD, gone, back]) == [45]


def test_a_dispute_that_is_retracted_no_longer_stands() -> None:
    disputed = said("fact.disputed", "d", 1, "client", target="h")
    withdrawn = said("fact.retracted", "r", 2, "client", target="d")
    assert visible([HELD, disputed], START + timedelta(days=30)).disputed == {"h"}
    assert visible([HELD, disputed, withdrawn], START + timedelta(days=30)).disputed == set()
    assert visible([HELD, disputed, withdrawn], START + timedelta(days=1, hours=1)).disputed == {"h"}


def test_a_side_does_not_correct_retract_or_silence_what_the_other_said() -> None:
    seen = visible(
        [HELD, said("fact.corrected", "c", 1, "client", target="h", set={"minutes": 5}), said("fact.retracted", "r", 2, "client", target="h")],
        START + timedelta(days=30),
    )  # fmt: skip
    assert [fact.get("minutes") for fact in seen.facts] == [45]
    assert [fact.id for fact, _why in seen.powerless] == ["c", "r"]
    disputed = said("fact.disputed", "d", 1, "client", target="h")
    silenced = said("fact.retracted", "r", 2, target="d")
    assert visible([HELD, disputed, silenced], START + timedelta(days=30)).disputed == {"h"}


def test_a_correction_that_cannot_be_read_changes_nothing_and_says_so() -> None:
    for wrong in ({"minutes": "long"}, {"colour": "red"}, {"at": "tomorrow"}):
        correction = said("fact.corrected", "c", 1, target="h", set={})
        seen = visible(
            [HELD, replace(correction, fields={"target": "h", "set": wrong})], START + timedelta(days=30)
        )
        assert [fact.get("minutes") for fact in seen.facts] == [45]
        assert [fact.id for fact, _why in seen.powerless] == ["c"]

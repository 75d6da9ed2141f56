"""Every kind of fact is there with its words in both languages, and a record is read strictly."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polib
import pytest

from jalon.core.facts.catalogue import FAMILIES, KINDS, FactError, flat, read, tell
from jalon.core.facts.files import FactsError, read_facts
from jalon.core.obligations import Side

PO = Path(__file__).parents[3] / "src/jalon/core/locale/fr/LC_MESSAGES/django.po"
HELD = {"kind": "activity.held", "at": "2026-04-20", "side": "provider", "type": "kickoff"}


def test_the_99_kinds_are_there_by_family() -> None:
    assert {family: len(kinds) for family, kinds in FAMILIES.items()} == {
        "agreement": 8, "people": 4, "package": 11, "appointments": 5, "requests": 8, "cooperation": 10,
        "quality": 21, "money": 8, "privacy": 9, "claims": 11, "ledger": 4,
    }  # fmt: skip
    assert len(KINDS) == 99


def test_every_label_and_sentence_has_its_french() -> None:
    french = {entry.msgid: entry for entry in polib.pofile(str(PO)) if not entry.obsolete}
    for kind in KINDS.values():
        said = [kind.label, kind.sentence, *(field.label for field in kind.fields)]
        said += [label for field in kind.fields for _word, label in field.choices]
        for text in said:
            entry = french[text.msgid]
            assert entry.msgstr, text.msgid
            assert "fuzzy" not in entry.flags, text.msgid


def test_no_message_of_the_core_is_empty_or_fuzzy() -> None:
    for entry in polib.pofile(str(PO)):
        assert entry.msgstr or all(entry.msgstr_plural.values()), entry.msgid
        assert "fuzzy" not in entry.flags, entry.msgid


def test_every_sentence_can_be_told_of_a_fact_with_its_required_fields_only() -> None:
    examples: dict[str, Any] = {
        "text": "x", "long_text": "x", "integer": 1, "decimal": "1.50", "boolean": True, "date": "2026-04-20",
        "instant": "2026-04-20T10:00", "person": "ada", "ref": "r1", "mapping": {"minutes": 30},
    }  # fmt: skip
    for kind in KINDS.values():
        record: dict[str, Any] = {"kind": kind.kind, "at": "2026-04-20T10:00"}
        for field in kind.fields:
            if field.required:
                record[field.name] = field.choices[0][0] if field.choices else examples[field.type.value]
        if len(kind.by) > 1 and "side" not in record:
            record["side"] = sorted(side.value for side in kind.by)[0]
        fact = read(record)
        text = tell(fact)
        assert text.msgid % {name: str(value) for name, value in text.values.items()}
        assert read(flat(fact)) == fact


def test_a_minimal_fact_is_accepted_with_midnight_local() -> None:
    fact = read(HELD)
    assert (fact.at, fact.recorded_at) == (datetime(2026, 4, 19, 22, tzinfo=UTC), fact.at)
    assert fact.side is Side.PROVIDER


def test_the_same_record_is_the_same_fact() -> None:
    assert read(HELD).id == read(dict(reversed(HELD.items()))).id
    assert read(HELD).id != read({**HELD, "minutes": 30}).id


def test_a_no_show_is_recorded_by_the_side_that_came() -> None:
    fact = read({"kind": "appointment.no_show", "at": "2026-04-20T10:00", "side": "client"})
    assert (fact.side, fact.get("side")) == (Side.PROVIDER, "client")
    assert (
        read(
            {"kind": "appointment.no_show", "at": "2026-04-20T10:00", "side": "provider", "absent": "client"}
        )
        == fact
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "activity.hold"}, "kind"),
        ({"minuts": 3}, "minuts"),
        ({"type": "party"}, "type"),
        ({"type": None}, "type"),
        ({"side": None}, "side"),
        ({"side": "both"}, "side"),
        ({"at": None}, "at"),
        ({"at": "20/04/2026"}, "at"),
        ({"at": "2026-03-29T02:30"}, "at"),
        ({"at": "2026-10-25T02:30"}, "at"),
        ({"minutes": "long"}, "minutes"),
        ({"minutes": True}, "minutes"),
        ({"kind": "client.reply", "type": None, "question": "q1"}, "type"),
        ({"source": "fax"}, "source"),
    ],
)
def test_a_record_that_is_not_a_fact_is_refused_at_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(FactError) as caught:
        read({**HELD, **change}, where="line 3")
    assert (caught.value.field, caught.value.where) == (field, "line 3")


def test_a_side_does_not_act_for_the_other() -> None:
    with pytest.raises(FactError) as caught:
        read({"kind": "client.reply", "at": "2026-04-20T10:00", "side": "provider"})
    assert caught.value.field == "side"


@pytest.mark.parametrize("amount", [12.5, "12.505", "NaN", "twelve", True, "-12.50"])
def test_money_is_exact(amount: Any) -> None:
    with pytest.raises(FactError):
        read({"kind": "payment.credited", "at": "2026-04-20", "amount": amount})


def test_a_near_word_is_offered() -> None:
    with pytest.raises(FactError) as caught:
        read({**HELD, "kind": "activty.held"})
    assert caught.value.said.values["near"] == "activity.held"


def test_files_say_the_line_of_every_refusal_and_drop_repeats() -> None:
    good = '{"kind": "client.reply", "at": "2026-01-05T10:00:00+01:00", "question": "q1"}\n'
    assert len(read_facts(good + good)) == 1
    with pytest.raises(FactsError) as caught:
        read_facts(
            good
            + '\n{"kind": "client.reply", "at": "2026-01-05", "questoin": "q"}\n{"kind": "x", "at": "2026-01-05"}\n'
        )
    assert [problem.line for problem in caught.value.problems] == [3, 4]
    listed = (
        "facts:\n  - {kind: client.reply, at: 2026-01-05, question: q1}\n  - {kind: client.reply, att: 1}\n"
    )
    with pytest.raises(FactsError) as caught:
        read_facts(listed)
    assert [(problem.line, problem.path) for problem in caught.value.problems] == [(3, "att")]


@pytest.mark.parametrize(
    ("target", "wrong"),
    [
        ("h", {"minutes": "long"}),
        ("h", {"colour": "red"}),
        ("h", {"type": "party"}),
        ("c", {"reason": "again"}),
    ],
)
def test_a_correction_that_cannot_be_read_is_refused_with_its_line(
    target: str, wrong: dict[str, Any]
) -> None:
    held = {**HELD, "id": "h", "side": "provider"}
    first = {"kind": "fact.corrected", "id": "c", "at": "2026-06-05T10:00", "side": "provider", "target": "h", "set": {"minutes": 60}}  # fmt: skip
    second = {**first, "id": "c2", "target": target, "set": wrong}
    lines = [json.dumps(record) for record in (held, first, second)]
    assert len(read_facts("\n".join(lines[:2]))) == 2
    with pytest.raises(FactsError) as caught:
        read_facts("\n".join(lines))
    assert [problem.line for problem in caught.value.problems] == [3]


def test_days_off_are_days() -> None:
    frozen = {"kind": "calendar.frozen", "at": "2026-01-01", "year": 2026, "holidays": ["2026-05-01"]}
    assert read(frozen).get("holidays") == ["2026-05-01"]
    with pytest.raises(FactError):
        read({**frozen, "holidays": ["May Day"]})


def test_a_fact_recorded_before_it_happened_is_refused_with_its_line() -> None:
    reply = '{"kind": "client.reply", "question": "q1", "at": "2026-01-05T10:00", "recorded_at": "%s"}'
    for recorded in ("2026-01-05", "2026-01-05T09:55", "2026-01-05T10:00", "2026-02-05"):
        assert len(read_facts(reply % recorded)) == 1
    for recorded in ("2026-01-04", "2026-01-05T09:54"):
        with pytest.raises(FactsError) as caught:
            read_facts("\n" + reply % recorded)
        assert [(problem.line, problem.path) for problem in caught.value.problems] == [(2, "at")]
    # A stretch of time may be told ahead of it.
    assert read_facts(
        '{"kind": "csm.absent", "from": "2026-02-05", "at": "2026-02-05", "recorded_at": "2026-01-05"}'
    )


def test_key_order_and_language_do_not_change_a_fact() -> None:
    assert read_facts("- {kind: client.reply, at: 2026-01-05T10:00, question: q1}\n") == read_facts(
        '[{"question": "q1", "at": "2026-01-05T09:00:00Z", "kind": "client.reply"}]'
    )


def test_the_kind_of_a_survey_is_kept_beside_the_kind_of_the_fact() -> None:
    fact = read({"kind": "survey.sent", "at": "2026-04-20T10:00", "of_kind": "csat"})
    assert (fact.kind, fact.get("kind"), flat(fact)["of_kind"]) == ("survey.sent", "csat", "csat")

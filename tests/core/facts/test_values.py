"""What each type of field takes and keeps, and the sentence that refuses the rest."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from jalon.core.facts.catalogue import FactError, details, read, record_of, said_value
from jalon.core.facts.model import Field
from jalon.core.facts.model import FieldType as T
from jalon.core.facts.values import Refusal, instant, kept
from jalon.core.money.amount import Money
from jalon.core.obligations import Side
from jalon.core.text import Bilingual, _
from jalon.wording import say

WORDS = (("kickoff", _("kick-off")), ("training", _("training")))

KEPT: list[tuple[T, Any, Any]] = [
    (T.TEXT, "a", "a"), (T.TEXT, 12, "12"), (T.LONG_TEXT, "x" * 20_000, "x" * 20_000),
    (T.CHOICE, "kickoff", "kickoff"),
    (T.INTEGER, "-3", -3), (T.INTEGER, 3, 3), (T.BOOLEAN, False, False),
    (T.DECIMAL, " 12.50 ", "12.50"), (T.DECIMAL, 12, "12"), (T.DECIMAL, "1e2", "100"),
    (T.DATE, date(2026, 6, 5), "2026-06-05"), (T.DATE, " 2026-06-05 ", "2026-06-05"),
    (T.INSTANT, datetime(2026, 6, 5, 14, 30), "2026-06-05T12:30:00+00:00"),
    (T.INSTANT, date(2026, 6, 5), "2026-06-04T22:00:00+00:00"),
    (T.INSTANT, "2026-06-05T14:30+00:00", "2026-06-05T14:30:00+00:00"),
    (T.TERM, "P10BD", "P10BD"), (T.WORDS, "one", ["one"]), (T.PEOPLE, ["ada", 7], ["ada", "7"]),
    (T.SHA256, "0" * 64, "0" * 64), (T.CURRENCY, "EUR", "EUR"),
    (T.MAPPING, {"on": date(2026, 6, 5), 2: ["a", ("b",)]}, {"on": "2026-06-05", "2": ["a", ["b"]]}),
    (T.OBJECTIVES, [{"name": "n"}], [{"name": "n"}]),
    (T.LINES, [{"service": "cs", "ht": "10.50", "vat": 20}, {"service": "cs"}],
     [{"service": "cs", "ht": "10.50", "vat": "20"}, {"service": "cs"}]),
    (T.SLOTS, ["2026-06-05T10:00", {"start": "2026-06-05T10:00", "end": "2026-06-05T11:00"}],
     [{"start": "2026-06-05T08:00:00+00:00"}, {"start": "2026-06-05T08:00:00+00:00", "end": "2026-06-05T09:00:00+00:00"}]),
]  # fmt: skip


@pytest.mark.parametrize(("type", "given", "held"), KEPT, ids=lambda one: str(one)[:30])
def test_a_value_is_kept_as_json_holds_it(type: T, given: Any, held: Any) -> None:
    field = Field("f", type, _("Field"), choices=WORDS if type is T.CHOICE else ())
    assert kept(field, given, "Europe/Paris") == held


REFUSED: list[tuple[T, Any, str]] = [
    (T.TEXT, True, "“True” is not a text."), (T.TEXT, 1.5, "“1.5” is not a text."),
    (T.TEXT, "x" * 501, "This text is too long: 501 characters, at most 500."),
    (T.LONG_TEXT, "x" * 20_001, "This text is too long: 20,001 characters, at most 20,000."),
    (T.CHOICE, "party", "“party” is not one of: kickoff, training."),
    (T.INTEGER, "three", "“three” is not a whole number."), (T.INTEGER, True, "“True” is not a whole number."),
    (T.BOOLEAN, "yes", "“yes” is neither true nor false."),
    (T.DECIMAL, 1.5, 'Write a number with decimals between quotes: "1.5".'),
    (T.DECIMAL, True, 'Write a number with decimals between quotes: "True".'),
    (T.DECIMAL, None, "“None” is not a number."), (T.DECIMAL, "twelve", "“twelve” is not a number."),
    (T.DECIMAL, "Infinity", "“Infinity” is not a number."), (T.DECIMAL, "1.505", "“1.505” has more than 2 decimals."),
    (T.DATE, "5/6/2026", "“5/6/2026” is not a day: write 2026-06-05."),
    (T.DATE, "2026-02-30", "“2026-02-30” is not a day: write 2026-06-05."),
    (T.DATE, datetime(2026, 6, 5, 10), "“2026-06-05 10:00:00” is not a day: write 2026-06-05."),
    (T.INSTANT, 5, "“5” is not a moment: write 2026-06-05T14:30."),
    (T.INSTANT, "hier", "“hier” is not a moment: write 2026-06-05T14:30."),
    (T.INSTANT, "0001-01-01T00:00+14:00", "“0001-01-01T00:00+14:00” is not a moment: write 2026-06-05T14:30."),
    (T.INSTANT, "2026-03-29T02:30",
     "2026-03-29T02:30:00 does not exist in Europe/Paris: clocks go forward that night. Write the offset, +02:00."),
    (T.INSTANT, "2026-10-25T02:30",
     "2026-10-25T02:30:00 happens twice in Europe/Paris: clocks go back that night. Write the offset, +02:00 or +01:00."),
    (T.TERM, "ten days", "“ten days” is not a length of time: write P10BD or PT9WH."),
    (T.WORDS, 7, "“7” is not a list of words."), (T.WORDS, [["a"]], "“[['a']]” is not a list of words."),
    (T.SHA256, "abc", "“abc” is not a SHA-256: 64 digits from 0 to 9 and a to f."),
    (T.SHA256, 7, "“7” is not a SHA-256: 64 digits from 0 to 9 and a to f."),
    (T.CURRENCY, "euro", "“euro” is not a currency: write EUR."),
    (T.MAPPING, "a", "“a” is not a mapping of keys."),
    (T.MAPPING, {"a": 1.5}, 'Write a number with decimals between quotes: "1.5".'),
    (T.MAPPING, {"a": Decimal("1.5")}, 'Write a number with decimals between quotes: "1.5".'),
    (T.OBJECTIVES, "a", "“a” is not a list."), (T.SLOTS, 7, "“7” is not a list."),
    (T.LINES, ["cs"], "An invoice line says its service and its amount before tax (ht)."),
    (T.LINES, [{"ht": "1.505"}], "“1.505” has more than 2 decimals."),
]  # fmt: skip


@pytest.mark.parametrize(("type", "given", "said"), REFUSED, ids=lambda one: str(one)[:30])
def test_another_value_is_refused_in_a_sentence(type: T, given: Any, said: str) -> None:
    field = Field("f", type, _("Field"), choices=WORDS if type is T.CHOICE else ())
    with pytest.raises(Refusal) as caught:
        kept(field, given, "Europe/Paris")
    assert say(caught.value.said, "en") == said
    assert say(caught.value.said, "fr") != said


def test_an_aware_moment_keeps_its_instant_where_clocks_change() -> None:
    assert instant("2026-10-25T02:30+01:00", "Europe/Paris") == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


SAID: list[tuple[T, str, Any, Any]] = [
    (T.CHOICE, "f", "kickoff", _("kick-off")), (T.CHOICE, "f", "gone", "gone"),
    (T.PERSON, "f", "ada", "Ada Martin"), (T.PERSON, "f", "bob", "bob"),
    (T.PEOPLE, "f", ["ada", "bob"], ("Ada Martin", "bob")),
    (T.DATE, "f", "2026-06-05", date(2026, 6, 5)),
    (T.INSTANT, "f", "2026-06-05T08:00:00+00:00", datetime(2026, 6, 5, 8, tzinfo=UTC)),
    (T.DECIMAL, "amount", "12.50", Money(Decimal("12.50"), "CHF")), (T.DECIMAL, "rate", "12.50", Decimal("12.50")),
    (T.BOOLEAN, "f", True, _("yes")), (T.BOOLEAN, "f", False, _("no")),
    (T.WORDS, "f", ["a", "b"], ("a", "b")), (T.INTEGER, "f", 3, 3), (T.MAPPING, "f", {"é": 1}, '{"é": 1}'),
    (T.TERM, "f", "P10BD", "P10BD"), (T.TEXT, "f", None, "–"),
]  # fmt: skip


@pytest.mark.parametrize(("type", "name", "value", "said"), SAID, ids=lambda one: str(one)[:30])
def test_a_value_is_said_by_its_type(type: T, name: str, value: Any, said: Any) -> None:
    field = Field(name, type, _("Field"), choices=WORDS if type is T.CHOICE else ())
    assert said_value(field, value, {"ada": "Ada Martin"}, "CHF") == said


def test_the_details_of_a_fact_are_the_fields_that_it_gives_with_their_labels() -> None:
    fact = read(
        {
            "kind": "payment.credited",
            "at": "2026-04-20",
            "amount": "12.50",
            "currency": "CHF",
            "payment": "P1",
        }
    )
    found = {say(label, "en"): value for label, value in details(fact)}
    assert Money(Decimal("12.50"), "CHF") in found.values()
    assert len(found) == 3


def test_a_private_kind_is_for_the_side_that_records_it_unless_it_says_otherwise() -> None:
    envelope = {"at": "2026-04-20", "side": "client"}
    assert record_of("conduct.reported", envelope, {"type": "bias"})["visibility"] == "client"
    assert record_of("client.reply", envelope, {"question": "q1"})["visibility"] == "both"
    assert record_of("client.reply", {**envelope, "visibility": "client"}, {})["visibility"] == "client"
    assert record_of("no.such", envelope, {})["visibility"] == "both"


def test_a_field_that_bears_a_name_of_the_envelope_is_kept_beside_it() -> None:
    record = record_of(
        "survey.sent", {"kind": "survey.sent", "at": "2026-04-20", "side": "provider"}, {"kind": "csat"}
    )
    assert (record["kind"], record["of_kind"]) == ("survey.sent", "csat")
    absent = record_of("appointment.no_show", {"at": "2026-04-20", "side": "provider"}, {"side": "client"})
    assert (absent["recorded_side"], absent["side"]) == ("provider", "client")


@pytest.mark.parametrize(
    ("record", "field", "said"),
    [
        ([1], "", "A fact is one object with its keys"),
        ({"at": "2026-04-20"}, "kind", "A fact says its kind"),
        ({"kind": "zzzz", "at": "2026-04-20"}, "kind", "“zzzz” is not a known kind of fact."),
        ({"kind": "client.reply", "at": "2026-04-20", "side": "client", "zzzz": 1}, "zzzz", "Its fields: "),
        ({"kind": "client.reply", "at": "2026-04-20", "recorded_at": "hier"}, "recorded_at", "“hier” is not a moment"),
        ({"kind": "client.reply", "at": "2026-04-20", "evidence": "mail"}, "evidence", "Evidence is a list of objects"),
        ({"kind": "client.reply", "at": "2026-04-20", "evidence": ["mail"]}, "evidence", "Evidence is a list of objects"),
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_a_fact_says_why(record: Any, field: str, said: str) -> None:
    with pytest.raises(FactError) as caught:
        read(record)
    assert caught.value.field == field
    assert said in say(caught.value.said, "en")


def test_evidence_is_kept_as_words() -> None:
    fact = read(
        {
            "kind": "client.reply",
            "at": "2026-04-20",
            "question": "q1",
            "evidence": [{"url": "https://a.example", "n": 1}],
        }
    )
    assert fact.evidence == ({"url": "https://a.example", "n": "1"},)
    assert fact.side is Side.CLIENT


def test_a_text_of_the_agreement_is_french_unless_english_is_asked() -> None:
    both = Bilingual("mai", "May")
    assert (both.said("fr"), both.said("en"), both.said("en-gb"), both.said("de")) == (
        "mai",
        "May",
        "May",
        "mai",
    )  # type: ignore[arg-type]


def test_a_sentence_is_the_same_as_another_by_its_words_and_values() -> None:
    assert len({_("a %(n)s", n=1), _("a %(n)s", n=1), _("a %(n)s", n=2)}) == 2

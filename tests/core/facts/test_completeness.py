"""What whoever records today must say, beyond what keeps a fact meaningful; and what facts point to."""

from __future__ import annotations

from typing import Any

import pytest

from jalon.core.facts.catalogue import KINDS
from jalon.core.facts.completeness import ROWS, always, empty, lacking, needs, thin_rows
from jalon.core.facts.model import Field
from jalon.core.facts.model import FieldType as T
from jalon.core.facts.references import THINGS, brings, thing_of
from jalon.core.text import _
from jalon.wording import say

FREE = Field("f", T.TEXT, _("Field"))
REQUIRED = Field("f", T.TEXT, _("Field"), required=True)
ASKED = Field("f", T.TEXT, _("Field"), required_to_record=True)
IF_URGENT = Field("f", T.TEXT, _("Field"), required_to_record=True, when=("urgent", (True,)))
IF_UNSAID = Field("f", T.TEXT, _("Field"), required_to_record=True, when=("other", (None, "x")))


@pytest.mark.parametrize(
    ("field", "beside", "needed", "whatever"),
    [
        (FREE, {}, False, False), (REQUIRED, {}, True, True), (ASKED, {}, True, True),
        (IF_URGENT, {}, False, False), (IF_URGENT, {"urgent": True}, True, False), (IF_URGENT, {"urgent": 1}, False, False),
        (IF_UNSAID, {}, True, False), (IF_UNSAID, {"other": ""}, True, False), (IF_UNSAID, {"other": "x"}, True, False),
        (IF_UNSAID, {"other": "y"}, False, False),
    ],
)  # fmt: skip
def test_what_is_asked_of_whoever_records(
    field: Field, beside: dict[str, Any], needed: bool, whatever: bool
) -> None:
    assert (needs(field, beside), always(field)) == (needed, whatever)


def test_false_and_zero_say_something() -> None:
    assert [empty(value) for value in (None, "", [], (), {}, False, 0)] == [True] * 5 + [False] * 2


LINE = {"service": "cs", "ht": "3000.00", "vat": "20"}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([LINE], []),
        ([{"service": "cs", "ttc": "3600.00"}], []),  # printed with its tax: it says all
        ([LINE, {"service": "cs", "ht": "3000.00"}], ["Line 2 lacks: VAT rate (percent)."]),
        ([{}], ["Line 1 lacks: Service, Amount before tax and VAT rate (percent)."]),
        ("cs", []),
    ],
)
def test_a_line_of_an_invoice_says_its_service_its_amount_and_its_tax(lines: Any, said: list[str]) -> None:
    field = Field("lines", T.LINES, _("Lines"))
    assert [say(one, "en") for one in thin_rows(field, lines)] == said


def test_a_slot_is_its_start() -> None:
    assert list(thin_rows(Field("slots", T.SLOTS, _("Slots")), ["2026-06-05T10:00"])) == []
    assert list(thin_rows(FREE, [{}])) == []


def test_an_invoice_recorded_today_says_its_lines() -> None:
    kind = KINDS["invoice.issued"]
    found = {
        name: say(said, "en") for name, said in lacking(kind, {"invoice": "F1", "lines": [{"service": "cs"}]})
    }
    assert found["lines"] == "Line 1 lacks: Amount before tax and VAT rate (percent)."
    without = {name: say(said, "en") for name, said in lacking(kind, {})}
    assert (
        without["lines"]
        == f"“{say(kind.field('lines').label, 'en')}” is needed to record “{say(kind.label, 'en')}”."
    )  # type: ignore[union-attr]


def test_every_thing_is_brought_by_its_kind_and_pointed_to_by_others() -> None:
    for name, thing in THINGS.items():
        fields = {field.name for field in KINDS[thing.kind].fields}
        assert {thing.named_by, thing.told_by} - {""} <= fields, name
    assert ROWS.keys() <= {field.type for kind in KINDS.values() for field in kind.fields}
    assert brings("provider.question", "ref") and not brings("client.reply", "question")
    assert thing_of("client.reply", "question") is THINGS["question"]
    assert thing_of("client.change_notified", "change") is None
    assert not brings("client.reply", "text")

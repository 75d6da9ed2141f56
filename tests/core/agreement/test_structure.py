"""Rule S0: each thing that an agreement file may hold, written otherwise, is refused where it stands; and YAML read strictly."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jalon.core.agreement.linting import lint, lint_signed_order
from jalon.core.agreement.loading import AgreementError, parse
from jalon.core.agreement.reading import read_yaml
from jalon.wording import say

FOLDER = Path(__file__).parents[3] / "agreements/mytraffic-cs/2024-02-14"
TEXT = (FOLDER / "agreement.yaml").read_text(encoding="utf-8")
DATA = json.loads(json.dumps(read_yaml(TEXT).data, default=str))
GONE = object()


def with_value(path: tuple[Any, ...], value: Any) -> str:
    """The shipped agreement with another value at `path`, as JSON, which YAML reads."""
    data = copy.deepcopy(DATA)
    within = data
    for key in path[:-1]:
        within = within[key]
    if value is GONE:
        del within[path[-1]]
    else:
        within[path[-1]] = value
    return json.dumps(data)


REFUSED: list[tuple[tuple[Any, ...], Any, str, str]] = [
    (("id",), "Not An Id", "id", "An id is made of small letters, digits and hyphens."),
    (("version",), "1.0", "version", "A version is written 2024.1.0 or 2024.1.0-draft.1."),
    (("jalon_agreement",), "2", "jalon_agreement", "“2” is not one of the known words."),
    (("norms",), [], "norms", "This must be a mapping of keys."),
    (("norms", "N2-csm"), [], "norms.N2-csm", "This must be a mapping of keys."),
    (("clauses",), {}, "clauses", "This must be a list."),
    (("clauses", 0), "one", "clauses.0", "This must be a mapping of keys."),
    (("clauses", 0, "id"), 1, "clauses.0.id", "This must be a text between quotes."),
    (("clauses", 0, "lines"), ["5"], "clauses.0.lines", "Lines are whole numbers."),
    (("clauses", 0, "lines"), 5, "clauses.0.lines", "This must be a list."),
    (("defined_terms",), {}, "defined_terms", "This must be a list."),
    (("defined_terms", 0), "CSM", "defined_terms.0", "This must be a mapping of keys."),
    (("editorial_notes",), {}, "editorial_notes", "This must be a list."),
    (("source",), [], "source", "This must be a mapping of keys."),
    (("source", "file"), GONE, "source", "“file” is missing."),
    (("languages",), [], "languages", "This must be a mapping of keys."),
    (("languages", "authentic"), "de", "languages.authentic", "“de” is not one of the known words."),
    (("parties",), [], "parties", "This must be a mapping of keys."),
    (("parties", "client"), [], "parties.client", "This must be a mapping of keys."),
    (("parties", "client", "seats"), "sponsor", "parties.client.seats", "This must be a list."),
    (("order",), [], "order", "This must be a mapping of keys."),
    (("order", "may_set"), "sla.*", "order.may_set", "This must be a list."),
    (("accepted_words",), {}, "accepted_words", "This must be a list."),
    (("parameters", "payment.term", "from"), "hearsay", "parameters.payment.term.from", "“hearsay” is not one of the known words."),
    (("parameters", "payment.term", "label"), {"fr": "x"}, "parameters.payment.term.label", "This must be said in both languages."),
    (("parameters", "payment.term", "confirm"), "no", "parameters.payment.term.confirm", "This must be true or false."),
    (("norms", "N2-csm", "evidence"), [], "norms.N2-csm.evidence", "A norm names at least one kind of fact as evidence."),
    (("norms", "N2-csm", "evidence"), "csm.assigned", "norms.N2-csm.evidence", "This must be a list."),
    (("norms", "N48-pay", "excused_by"), "x", "norms.N48-pay.excused_by", "This must be a list."),
    (("norms", "N48-pay", "due"), "P30D", "norms.N48-pay.due", "This must be a mapping of keys."),
    (("norms", "N48-pay", "quote"), "x", "norms.N48-pay.quote", "This must be said in both languages."),
    (("norms", "N48-pay", "late", "quote"), "x", "norms.N48-pay.late.quote", "This must be said in both languages."),
    (("levels", "essentiel", "includes"), {}, "levels.essentiel.includes", "This must be a list."),
    (("levels", "essentiel", "set"), [], "levels.essentiel.set", "This must be a mapping of keys."),
    (("calendars", "provider", "closures"), ["1 May"], "calendars.provider.closures.0", "“1 May” is not a date."),
    (("calendars", "provider", "closures"), "2026-05-01", "calendars.provider.closures", "This must be a list."),
    (("calendars", "provider", "holidays"), [], "calendars.provider.holidays", "This must be a mapping of keys."),
    (("calendars", "provider", "holidays", "set"), GONE, "calendars.provider.holidays", "“set” is missing."),
    (("calendars", "provider", "at_closing"), "never", "calendars.provider.at_closing", "“never” is no rule of what happens at closing time"),
    (("calendars", "provider", "open"), [], "calendars.provider.open", "This must be a mapping of keys."),
    (("calendars", "provider", "open", "monday"), [], "calendars.provider.open.monday", "“monday” is not a known key here."),
    (("calendars", "provider", "open", "mon"), "09:00-18:00", "calendars.provider.open.mon", "This must be a list."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "where", "said"), REFUSED, ids=[f"{one[2]}-{n}" for n, one in enumerate(REFUSED)]
)
def test_a_wrong_shape_is_refused_where_it_stands(
    path: tuple[Any, ...], value: Any, where: str, said: str
) -> None:
    with pytest.raises(AgreementError) as caught:
        parse(with_value(path, value))
    found = {problem.path: problem for problem in caught.value.problems}
    assert where in found
    assert said in say(found[where].said, "en")
    assert say(found[where].said, "fr") != say(found[where].said, "en")
    if path[0] == "norms" and isinstance(value, str):
        assert found[where].clause == DATA["norms"][path[1]]["clause"]


def test_the_file_itself_is_a_mapping_with_every_section() -> None:
    with pytest.raises(AgreementError) as caught:
        parse("- one\n")
    assert [say(problem.said, "en") for problem in caught.value.problems] == [
        "An agreement file is a mapping of keys."
    ]
    with pytest.raises(AgreementError) as caught:
        parse("id: x\n")
    assert {say(problem.said, "en") for problem in caught.value.problems} >= {
        "“norms” is missing.",
        "“clauses” is missing.",
    }


def test_what_may_be_left_out_may_be_left_out() -> None:
    for section in ("accepted_words", "editorial_notes"):
        parse(with_value((section,), GONE) if section in DATA else json.dumps(DATA))
    assert parse(with_value(("parameters", "payment.term", "options"), ["P30D"])).parameters[
        "payment.term"
    ].options == ("P30D",)
    assert (
        parse(with_value(("norms", "N48-pay", "late", "quote"), {"fr": "f", "en": "e"}))
        .norms["N48-pay"]
        .late_quote
        is not None
    )


# -- YAML


@pytest.mark.parametrize(
    ("text", "rule", "said"),
    [
        ("[" * 60 + "]" * 60, "S0", "This is nested too deeply."),
        ("a: \t- b\n", "S0", "This is not readable as YAML"),
        ("a: \x07\n", "S0", "This is not readable as YAML"),
        ("a: !mine 1\n", "Y2", "Tags are not allowed: “!mine”."),
    ],
)
def test_yaml_that_is_too_deep_or_broken_is_refused(text: str, rule: str, said: str) -> None:
    with pytest.raises(AgreementError) as caught:
        read_yaml(text, file="a.yaml")
    assert rule in {problem.rule for problem in caught.value.problems}
    assert any(said in say(problem.said, "en") for problem in caught.value.problems)


def test_plain_values_are_read_as_they_are_written() -> None:
    written = "a: 1\nb: -0.50\nc: ~\nd:\ne: false\nf: 007\ng: '1'\nh: 1e3\ni: null\nj: [1, x]\n"
    assert read_yaml(written).data == {
        "a": 1, "b": Decimal("-0.50"), "c": None, "d": None, "e": False, "f": "007", "g": "1", "h": "1e3", "i": None, "j": [1, "x"],
    }  # fmt: skip
    assert read_yaml("").data is None


def test_a_place_is_that_of_the_nearest_known_parent() -> None:
    found = read_yaml("a:\n  b: 1\n")
    assert (found.place(("a", "b")), found.place(("a", "c", 3)), found.place(("z",))) == (
        (2, 3),
        (1, 1),
        (1, 1),
    )
    assert read_yaml("").place(("a",)) == (1, 1)


# -- the linter before any rule


def test_what_cannot_be_read_is_the_only_thing_said() -> None:
    found = lint("a: 1\na: 2\n")
    assert [problem.rule for problem in found] == ["Y1"]
    broken = lint(with_value(("version",), "1.0"))
    assert broken and all(problem.mend is not None or problem.rule == "S0" for problem in broken)


def test_an_order_that_is_no_mapping_is_said() -> None:
    agreement = parse(TEXT)
    assert [problem.rule for problem in lint_signed_order(agreement, "- level\n")] == ["O6"]
    assert [problem.rule for problem in lint_signed_order(agreement, "a: [\n")] == ["S0"]

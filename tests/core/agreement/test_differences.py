"""Each thing that may differ between two versions of an agreement, what it changes for each side, and how the number must rise."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jalon.core.agreement.diffing import Change, Diff, diff, side_word
from jalon.core.agreement.loading import parse
from jalon.core.agreement.model import Agreement, Norm, Parameter
from jalon.core.text import Bilingual
from jalon.wording import say

FOLDER = Path(__file__).parents[3] / "agreements/mytraffic-cs/2024-02-14"
AGREEMENT = replace(parse((FOLDER / "agreement.yaml").read_text(encoding="utf-8")), version="2024.1.0")
OTHER = Bilingual("Autre", "Other")


def said(before: Agreement, after: Agreement) -> list[tuple[str, str, str, str]]:
    """Each change: how the version must rise, the sentence, what it means for the vendor, for the client."""

    def words(change: Change) -> tuple[str, str, str, str]:
        for text in (change.said, change.for_provider, change.for_client):
            assert text is None or say(text, "fr")
        return (
            change.bump, say(change.said, "en").replace("\u00a0", " "),
            say(change.for_provider, "en") if change.for_provider else "", say(change.for_client, "en") if change.for_client else "",
        )  # fmt: skip

    return [words(change) for change in diff(before, after).changes]


def with_norm(id: str, **changes: Any) -> Agreement:
    return replace(AGREEMENT, norms={**AGREEMENT.norms, id: replace(AGREEMENT.norms[id], **changes)})


def with_spec(id: str, **changes: Any) -> Agreement:
    return with_norm(id, spec={**(AGREEMENT.norms[id].spec or {}), **changes})


def with_parameter(name: str, **changes: Any) -> Agreement:
    known = AGREEMENT.parameters[name]
    return replace(AGREEMENT, parameters={**AGREEMENT.parameters, name: replace(known, **changes)})


PAY: Norm = AGREEMENT.norms["N48-pay"]
TERM: Parameter = AGREEMENT.parameters["payment.term"]

NORMS = [
    (with_norm("N48-pay", title=OTHER), "patch", "“Paying an invoice” is now called “Other”.", "", ""),
    (with_norm("N48-pay", debtor="provider", creditor="client"), "minor",
     "“Paying an invoice” is owed by the vendor instead of the client.", "Owes it from now on.", "Is owed it from now on."),
    (with_norm("N48-pay", debtor="nobody"), "minor", "“Paying an invoice” is owed by nobody instead of the client.",
     "Is owed it from now on.", "Is owed it from now on."),
    (with_norm("N48-pay", debtor="both"), "minor", "“Paying an invoice” is owed by both sides instead of the client.",
     "Owes it from now on.", "Owes it from now on."),
    (with_spec("N48-pay", excused_by=[*(PAY.spec or {})["excused_by"], "force_majeure"]), "minor",
     "“Paying an invoice” is now excused by: force_majeure.", "More cases in which it is not owed.", "More excuses."),
    (with_norm("N48-pay", strength="best_efforts"), "minor", "“Paying an invoice” becomes a duty of best efforts.",
     "Must show a lack of diligence.", "Must be diligent, no longer succeed."),
    (with_norm("N48-pay", suspendable=not PAY.suspendable), "minor", "“Paying an invoice” stops during a suspension.",
     "Not received while the service is suspended.", "Not owed while the service is suspended."),
    (with_spec("N48-pay", late={"cure": "never"}), "minor", "“Paying an invoice”: the rule “late” changes.", "Read the rule again.",
     "Read the rule again."),
    (with_norm("N48-pay", measure="on_time_rate"), "patch", "“Paying an invoice” is filed or counted otherwise.", "", ""),
    (with_norm("N48-pay", clause="4.9"), "patch", "“Paying an invoice” is filed or counted otherwise.", "", ""),
    (with_spec("N48-pay", quote={"fr": "x", "en": "x"}), "patch", "“Paying an invoice” is filed or counted otherwise.", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("after", "bump", "sentence", "vendor", "client"), NORMS, ids=[one[2] for one in NORMS]
)
def test_a_promise_that_changes(after: Agreement, bump: str, sentence: str, vendor: str, client: str) -> None:
    assert (bump, sentence, vendor, client) in said(AGREEMENT, after)


def test_the_reverse_of_a_change_is_its_contrary() -> None:
    eager = with_norm("N48-pay", strength="best_efforts", suspendable=not PAY.suspendable)
    found = said(eager, AGREEMENT)
    assert ("minor", "“Paying an invoice” becomes a duty of result.", "Has only to show the lateness.",
            "Must succeed, no longer only be diligent.") in found  # fmt: skip
    assert ("minor", "“Paying an invoice” goes on during a suspension.", "Received even while the service is suspended.",
            "Owed even while the service is suspended.") in found  # fmt: skip
    assert said(AGREEMENT, with_norm("N48-pay", spec=None))  # a norm without its file's words


def without(section: str, id: str) -> Agreement:
    known = getattr(AGREEMENT, section)
    kept = tuple(one for one in known if one.id != id) if isinstance(known, tuple) else {k: v for k, v in known.items() if k != id}  # fmt: skip
    return replace(AGREEMENT, **{section: kept})


@pytest.mark.parametrize(
    ("section", "id", "removed", "added", "bump"),
    [
        ("clauses", "3.1", "Clause 3.1 “Quality of service” is removed.", "Clause 3.1 “Quality of service” is added.", "major"),
        ("norms", "N48-pay", "“Paying an invoice” is removed.", "“Paying an invoice” is added.", "minor"),
        ("parameters", "payment.term", "The number “Payment term” is removed.", "The number “Payment term” is added: 30 days.", "minor"),
        ("levels", "essentiel", "The level Essential is removed.", "The level Essential is added.", "minor"),
        ("calendars", "client_default", "The calendar “client_default” is removed.", "The calendar “client_default” is added.", "minor"),
        ("time", "month_end", "The rule of time “month_end” changes.", "The rule of time “month_end” changes.", "minor"),
        ("measures", "on_time_rate", "“Promises kept” is measured otherwise.", "“Promises kept” is measured otherwise.", "minor"),
        ("effect", "ends_on", "The rule “effect.ends_on” changes.", "The rule “effect.ends_on” changes.", "minor"),
    ],
)  # fmt: skip
def test_what_is_removed_or_added(section: str, id: str, removed: str, added: str, bump: str) -> None:
    fewer = without(section, id)
    assert (bump, removed) in [one[:2] for one in said(AGREEMENT, fewer)]
    assert (bump, added) in [one[:2] for one in said(fewer, AGREEMENT)]


PARAMETERS = [
    ({"label": OTHER}, "patch", "The label of “Other” changes.", "", ""),
    ({"confirm": False}, "patch", "“Payment term” is confirmed.", "", ""),
    ({"law": "C. com. L441-10 II"}, "patch", "“Payment term” is founded otherwise.", "", ""),
    ({"extra": {}}, "minor", "The conditions of “Payment term” change.", "", ""),
    ({"value": "P45D"}, "minor", "“Payment term” goes from 30 days to 45 days.", "Has more time.", "Waits longer at most."),
    ({"value": "P20D"}, "minor", "“Payment term” goes from 30 days to 20 days.", "Has less time.", "Waits less at most."),
    ({"value": "P1M"}, "minor", "“Payment term” goes from 30 days to 1 month.", "Counts otherwise.", "Counts otherwise."),
    ({"value": None}, "minor", "“Payment term” goes from 30 days to nothing.", "Counts otherwise.", "Counts otherwise."),
    ({"value": True}, "minor", "“Payment term” goes from 30 days to yes.", "Counts otherwise.", "Counts otherwise."),
    ({"value": False}, "minor", "“Payment term” goes from 30 days to no.", "Counts otherwise.", "Counts otherwise."),
    ({"value": ["a", 2, Decimal("1.5")]}, "minor", "“Payment term” goes from 30 days to a, 2 and 1.5.", "Counts otherwise.", "Counts otherwise."),
    ({"value": "soon"}, "minor", "“Payment term” goes from 30 days to soon.", "Counts otherwise.", "Counts otherwise."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "bump", "sentence", "vendor", "client"), PARAMETERS, ids=[one[2] + str(one[0]) for one in PARAMETERS]
)  # fmt: skip
def test_a_number_that_changes(
    changes: dict[str, Any], bump: str, sentence: str, vendor: str, client: str
) -> None:
    assert (bump, sentence, vendor, client) in said(AGREEMENT, with_parameter("payment.term", **changes))


def test_a_number_without_a_label_is_called_by_its_name() -> None:
    bare = with_parameter("payment.term", label=None)
    assert "“payment.term” goes from 30 days to 45 days." in [
        one[1] for one in said(bare, replace(bare, parameters={**bare.parameters, "payment.term": replace(TERM, label=None, value="P45D")}))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "old", "new", "vendor", "client"),
    [
        ("survey.every", "P3M", "P1Y", "Owed less often.", "Received less often."),
        ("survey.every", "P3M", "P1M", "Owed more often.", "Received more often."),
        ("change.notice", "P15D", "P10D", "May say it later.", "Is told later."),
        ("adhoc.quota", 6, 4, "Must give less.", "May ask for less."),
    ],
)  # fmt: skip
def test_what_a_number_means_depends_on_where_it_is_read(
    name: str, old: Any, new: Any, vendor: str, client: str
) -> None:
    changed = [
        one
        for one in said(with_parameter(name, value=old), with_parameter(name, value=new))
        if "goes from" in one[1]
    ]
    assert (changed[0][2], changed[0][3]) == (vendor, client)


def test_a_higher_requirement_is_promised_more() -> None:
    def asking(count: int) -> Agreement:
        norm = replace(PAY, spec={**(PAY.spec or {}), "requires": {"minutes": "@asked.minutes"}})
        parameter = replace(TERM, name="asked.minutes", value=count, label=Bilingual("minutes", "minutes"))
        return replace(AGREEMENT, norms={**AGREEMENT.norms, "N48-pay": norm}, parameters={**AGREEMENT.parameters, "asked.minutes": parameter})  # fmt: skip

    more, less = said(asking(30), asking(60)), said(asking(60), asking(30))
    assert [one[2:] for one in more] == [("Is promised more.", "A higher requirement.")]
    assert [one[2:] for one in less] == [("Is promised less.", "A lower requirement.")]


def test_levels_are_renamed_filled_and_emptied() -> None:
    level = AGREEMENT.levels["essentiel"]

    def with_level(**changes: Any) -> Agreement:
        return replace(AGREEMENT, levels={**AGREEMENT.levels, "essentiel": replace(level, **changes)})

    assert ("patch", "The level Essential is now called Other.", "", "") in said(
        AGREEMENT, with_level(name=OTHER)
    )
    fewer = with_level(includes=level.includes - {"qbr"})
    assert (
        "minor",
        "The level Essential no longer includes “qbr”.",
        "Must give less.",
        "Receives less.",
    ) in said(AGREEMENT, fewer)
    unknown = with_level(sets={**level.sets, "no.such": 3})
    assert (
        "minor",
        "“no.such (level Essential)” goes from nothing to 3.",
        "Counts otherwise.",
        "Counts otherwise.",
    ) in said(AGREEMENT, unknown)


def test_words_and_notes_change_without_changing_what_is_owed() -> None:
    assert said(AGREEMENT, replace(AGREEMENT, title=OTHER)) == [
        ("patch", "The title of the agreement changes.", "", "")
    ]
    assert said(AGREEMENT, replace(AGREEMENT, defined_terms=())) == [
        ("patch", "The defined terms change.", "", "")
    ]
    measures = {
        **AGREEMENT.measures,
        "on_time_rate": {**AGREEMENT.measures["on_time_rate"], "title": {"fr": "x", "en": "x"}},
    }
    assert said(AGREEMENT, replace(AGREEMENT, measures=measures)) == [
        ("patch", "The label of “x” changes.", "", "")
    ]
    first = replace(AGREEMENT.clauses[0], note="another")
    clauses = (first, *AGREEMENT.clauses[1:])
    assert said(AGREEMENT, replace(AGREEMENT, clauses=clauses)) == [
        ("patch", "The note on clause 1 changes.", "", "")
    ]
    bare = {**AGREEMENT.measures, "bare": {"formula": "1"}}
    assert said(AGREEMENT, replace(AGREEMENT, measures=bare)) == [
        ("minor", "“bare” is measured otherwise.", "", "")
    ]


def test_english_may_be_the_text_that_is_signed() -> None:
    english = replace(AGREEMENT, authentic="en")
    clause = english.clauses[0]
    changed = replace(
        english, clauses=(replace(clause, text=replace(clause.text, fr="x")), *english.clauses[1:])
    )
    assert said(english, changed) == [("patch", "The translation of clause 1 changes.", "", "")]


@pytest.mark.parametrize(
    ("before", "after", "enough"),
    [
        ("2024.1.0-draft.1", "2024.1.0-draft.2", True), ("2024.1.0-draft.1", "2024.1.0-draft.1", False),
        ("2024.1.0-draft.1", "2024.1.0", True), ("2024.1.0-draft.2", "2024.0.9", False),
        ("2024.1.0", "2024.2.0", True), ("2024.1.0", "2024.1.9", False), ("2024.1.0", "2025.0.0", True),
    ],
)  # fmt: skip
def test_drafts_of_one_version_may_change_anything(before: str, after: str, enough: bool) -> None:
    (change,) = diff(AGREEMENT, with_parameter("payment.term", value="P45D")).changes[:1]
    assert Diff(before, after, (change,)).is_high_enough == enough
    assert Diff(before, before, ()).is_high_enough


def test_a_side_is_named_as_sentences_name_it() -> None:
    assert [say(side_word(side), "en") for side in ("provider", "client", "both", "x")] == [
        "the vendor", "the client", "both sides", "nobody",
    ]  # fmt: skip

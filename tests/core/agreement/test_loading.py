"""The agreement file is read strictly, and every fault is said with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jalon.core.agreement.loading import AgreementError, Problem, parse
from jalon.core.agreement.reading import read_yaml

FOLDER = Path(__file__).parents[3] / "agreements/mytraffic-cs/2024-02-14"
TEXT = (FOLDER / "agreement.yaml").read_text(encoding="utf-8")


def line_of(text: str, fragment: str) -> int:
    return next(n for n, line in enumerate(text.split("\n"), start=1) if fragment in line)


def refused(text: str) -> tuple[Problem, ...]:
    with pytest.raises(AgreementError) as caught:
        parse(text, file="a.yaml")
    return caught.value.problems


def test_the_shipped_agreement_is_whole() -> None:
    agreement = parse(TEXT, file="agreement.yaml")
    assert (agreement.id, agreement.version, agreement.status) == (
        "mytraffic-cs",
        "2024.1.0-draft.1",
        "draft",
    )
    assert agreement.published_on == date(2024, 2, 14)
    assert (
        len(agreement.clauses),
        len(agreement.norms),
        len(agreement.parameters),
        len(agreement.levels),
    ) == (39, 62, 98, 3)
    assert agreement.clause("2.d").norms == ("N2d-qbr", "N2d-deck", "N2d-minutes")
    assert {agreement.norms[norm].kind for norm in ("N2d-deck", "N37-change", "N46-cancel")} == {"before"}
    assert all(norm.title.fr and norm.title.en for norm in agreement.norms.values())
    assert all(p.label and p.label.fr and p.label.en for p in agreement.parameters.values())


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("a: 1\nb: 2\na: 3\n", "Y1", 3),
        ("a: &x 1\n", "Y2", 1),
        ("a: 1\nb: *x\n", "Y2", 2),
        ("a: !!python/name:os.system x\n", "Y2", 1),
        ("a: 1\nb: e\u0301\n", "Y3", 2),
        ("a: 1\nb: [\n", "S0", 3),
        ("a: 1\n? [x, y]\n: 2\n", "S0", 2),
    ],
)
def test_dangerous_yaml_is_refused_at_its_line(text: str, rule: str, line: int) -> None:
    with pytest.raises(AgreementError) as caught:
        read_yaml(text, file="a.yaml")
    assert (rule, line) in {(problem.rule, problem.line) for problem in caught.value.problems}


def test_words_that_look_like_booleans_or_dates_stay_words() -> None:
    data = read_yaml('a: no\nb: on\nc: true\nd: 2024-02-14\ne: "1"\nf: 1\non: yes\n').data
    assert data == {"a": "no", "b": "on", "c": True, "d": "2024-02-14", "e": "1", "f": 1, "on": "yes"}
    assert data["c"] is True


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("status: draft ", "status: drafty ", "status"),
        ('  N2-csm: {title: {fr: "Un CSM nommé", en: "A named CSM"}, ', "  N2-csm: {", "norms.N2-csm"),
        (
            "modality: declaration, kind: declaration",
            "modality: decl, kind: declaration",
            "norms.N1-effect.modality",
        ),
        ("suspendable: false}\n  N2-plan", "suspendable: no}\n  N2-plan", "norms.N2-csm.suspendable"),
        ("published_on: 2024-02-14", "published_on: 2024-02-30", "source.published_on"),
        ('mon: ["09:00-18:00"]', 'mon: ["9-18"]', "calendars.provider.open.mon.0"),
        ("measure: null}", "measure: null, colour: red}", "norms.N1-effect.colour"),
    ],
)
def test_a_fault_of_structure_is_refused_at_its_line(old: str, new: str, where: str) -> None:
    text = TEXT.replace(old, new, 1)
    assert text != TEXT
    found = {problem.path: problem for problem in refused(text)}
    assert where in found
    assert found[where].line == line_of(text, new.split("\n")[0])


def test_every_fault_is_reported_at_once() -> None:
    text = TEXT.replace("status: draft ", "status: x ", 1).replace(
        "measure: null}", "measure: null, colour: red}", 1
    )
    assert {"status", "norms.N1-effect.colour"} <= {problem.path for problem in refused(text)}

"""Two versions compared: what changes for whom, in both languages, and the number that it calls for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jalon.config.cli import main
from jalon.core.agreement.diffing import diff, next_version
from jalon.core.agreement.linting import lint
from jalon.core.agreement.loading import parse
from jalon.wording import say

FILE = Path(__file__).parents[3] / "agreements/mytraffic-cs/2024-02-14/agreement.yaml"
TEXT = FILE.read_text(encoding="utf-8").replace('"2024.1.0-draft.1"', '"2024.1.0"', 1)


def edited(*edits: tuple[str, str], version: str = "2024.1.0") -> str:
    text = TEXT.replace('"2024.1.0"', f'"{version}"', 1)
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def test_nothing_changes_between_a_version_and_itself() -> None:
    found = diff(parse(TEXT), parse(TEXT))
    assert (found.changes, found.bump, found.least, found.is_high_enough) == ((), None, "2024.1.0", True)


CASES = [
    # edit, bump, clause, said in English, for the vendor, for the client
    (("value: P5BD, clause: \"4.2\"", "value: P3BD, clause: \"4.2\""), "minor", "4.2",
     "“Time to answer” goes from 5 business days to 3 business days.", "Waits less at most.", "Has less time."),
    (("value: P10BD, clause: \"2.a\"", "value: P12BD, clause: \"2.a\""), "minor", "2.a",
     "“Time to hold the kick-off” goes from 10 business days to 12 business days.", "Has more time.", "Waits longer at most."),
    (("value: P3M, clause: \"3.8\"", "value: P6M, clause: \"3.8\""), "minor", "3.8",
     "“Rhythm of surveys” goes from 3 months to 6 months.", "Owed less often.", "Received less often."),
    (("adhoc.quota: 6", "adhoc.quota: 8"), "minor", "2.e",
     "“Number of ad hoc reports (level Strategic)” goes from 6 to 8.", "Must give more.", "May ask for more."),
    (("value: P15D, clause: \"3.7\"", "value: P20D, clause: \"3.7\""), "minor", "3.7",
     "“Notice of a change” goes from 15 days to 20 days.", "Must say it earlier.", "Is told earlier."),
    (("s'efforcera de fournir", "s'engage à fournir"), "major", "3.1",
     "The signed text of clause 3.1 “Quality of service” changes.", None, None),
    (("MyTraffic will endeavour to provide", "MyTraffic will strive to provide"), "patch", "3.1",
     "The translation of clause 3.1 changes.", None, None),
    (('en: "Time to answer"}', 'en: "Time to reply"}'), "patch", "4.2",
     "The label of “Time to reply” changes.", None, None),
    (("excused_by: [invoice.disputed, credit_note.issued]", "excused_by: [invoice.disputed]"), "minor", "4.8",
     "“Paying an invoice” is no longer excused by: credit_note.issued.", "Fewer cases in which it is not owed.", "Fewer excuses."),
    (('fri: ["09:00-18:00"]', 'fri: ["09:00-17:00"]'), "minor", "",
     "In the calendar “provider” change: the opening hours.", "Its clocks count other hours.", "Its clocks count other hours."),
    (("includes: [kickoff, followup, training, qbr, adhoc]", "includes: [kickoff, followup, training, monthly, qbr, adhoc]"), "minor", "",
     "The level Essential now includes “monthly”.", "Must give more.", "Receives more."),
]  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "bump", "clause", "said", "vendor", "client"), CASES, ids=[c[3] for c in CASES]
)
def test_a_change_is_said_for_each_side(
    edit: tuple[str, str], bump: str, clause: str, said: str, vendor: str | None, client: str | None
) -> None:
    found = diff(parse(TEXT), parse(edited(edit)))
    change = found.changes[0]
    assert (change.bump, change.clause, say(change.said, "en").replace("\u00a0", " ")) == (bump, clause, said)
    assert (change.for_provider and say(change.for_provider, "en")) == vendor
    assert (change.for_client and say(change.for_client, "en")) == client
    assert found.bump == bump
    assert say(change.said, "fr") != say(change.said, "en")


def test_a_promise_that_is_removed_is_seen_by_both() -> None:
    before, after = (
        parse(TEXT),
        parse(edited(('N2b-training: {title: {fr: "Formation"', 'N2b-teaching: {title: {fr: "Formation"'))),
    )
    said = {say(change.said, "en") for change in diff(before, after).changes}
    assert {"“Training” is added.", "“Training” is removed."} <= said


@pytest.mark.parametrize(
    ("version", "bump", "following"),
    [("2024.1.0", "major", "2025.0.0"), ("2024.1.3", "minor", "2024.2.0"), ("2024.1.3", "patch", "2024.1.4"),
     ("2024.1.0-draft.1", "major", "2024.1.0")],
)  # fmt: skip
def test_the_next_version(version: str, bump: str, following: str) -> None:
    assert next_version(version, bump) == following  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("version", "caught"), [("2024.1.1", True), ("2024.1.0", True), ("2024.2.0", False), ("2025.0.0", False)]
)
def test_a_version_that_says_too_little_is_caught_at_its_line(version: str, caught: bool) -> None:
    text = edited(('value: P5BD, clause: "4.2"', 'value: P3BD, clause: "4.2"'), version=version)
    found = [problem for problem in lint(text, before=parse(TEXT)) if problem.rule == "V1"]
    assert bool(found) == caught
    if caught:
        assert text.split("\n")[found[0].line - 1].startswith("version:")
        assert "2024.2.0" in say(found[0].mend, "fr")


def test_the_command_says_it_and_judges_the_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in (("a", TEXT), ("b", edited(("adhoc.quota: 6", "adhoc.quota: 8"), version="2024.1.1"))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "agreement.yaml").write_text(text, encoding="utf-8")
    assert main(["agreement", "diff", str(tmp_path / "a"), str(tmp_path / "b"), "--lang", "fr"]) == 1
    printed = capsys.readouterr().out
    assert "Pour le client" in printed
    assert "Peut en demander davantage." in printed
    assert "2024.2.0" in printed
    assert main(["agreement", "diff", str(tmp_path / "a"), str(tmp_path / "b"), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["bump"], found["least"], len(found["changes"])) == ("minor", "2024.2.0", 1)
    assert main(["agreement", "diff", str(tmp_path / "a"), str(tmp_path / "none")]) == 2


def test_a_superseded_version_beside_is_compared_by_check(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for day, text in (
        ("2024-02-14", TEXT),
        ("2025-01-01", edited(("adhoc.quota: 6", "adhoc.quota: 8"), ("supersedes: null", 'supersedes: "2024.1.0"'),
                              version="2024.1.1")),
    ):  # fmt: skip
        (tmp_path / day).mkdir()
        (tmp_path / day / "agreement.yaml").write_text(text, encoding="utf-8")
    assert main(["agreement", "check", str(tmp_path / "2025-01-01"), "--lang", "en"]) == 1
    assert "error V1" in capsys.readouterr().out


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_skeleton_passes_but_for_what_is_to_be_filled_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    assert main(["agreement", "new", "support-2027", "--into", str(tmp_path), "--lang", lang]) == 0
    (folder,) = (tmp_path / "support-2027").iterdir()
    capsys.readouterr()
    assert main(["agreement", "check", str(folder), "--format", "json", "--lang", lang]) == 1
    (report,) = json.loads(capsys.readouterr().out)
    assert {problem["rule"] for problem in report["problems"]} == {"P1"}
    assert report["not_run"] == []
    text = (folder / "agreement.yaml").read_text(encoding="utf-8")
    assert "#fr " not in text and "#en " not in text and "{{" not in text
    filled = text
    for problem in report["problems"]:
        line = text.split("\n")[problem["line"] - 1]
        blank = line[line.index("<", problem["column"] - 1) : line.index(">", problem["column"]) + 1]
        filled = filled.replace(blank, "Accord", 1)
    (folder / "agreement.yaml").write_text(filled, encoding="utf-8")
    assert main(["agreement", "check", str(folder)]) == 0
    assert (
        main(["agreement", "new", "support-2027", "--into", str(tmp_path), "--lang", lang]) == 2
    )  # never overwritten
    assert main(["agreement", "new", "Not A Name", "--into", str(tmp_path)]) == 2

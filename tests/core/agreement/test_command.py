"""`jalon agreement`: exit codes, and what is printed in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jalon.config.cli import main

FOLDER = Path(__file__).parents[3] / "agreements"
FILE = FOLDER / "mytraffic-cs/2024-02-14/agreement.yaml"


def test_the_shipped_folder_passes_and_lists_what_is_not_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["agreement", "check", str(FOLDER), "--format", "json"]) == 0
    (report,) = json.loads(capsys.readouterr().out)
    assert report["agreement"] == "mytraffic-cs"
    assert [problem["rule"] for problem in report["problems"]] == ["C7"]
    assert "N51-cap" in {norm["norm"] for norm in report["not_run"]}


def test_a_broken_file_fails_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "agreement.yaml"
    broken.write_text(
        FILE.read_text(encoding="utf-8").replace('"@reply.within"', '"@reply.withn"'), encoding="utf-8"
    )
    assert main(["agreement", "check", str(broken), "--lang", "fr"]) == 1
    printed = capsys.readouterr().out
    line = next(
        n
        for n, text in enumerate(broken.read_text(encoding="utf-8").split("\n"), 1)
        if "@reply.withn" in text
    )
    assert f"agreement.yaml:{line}:" in printed
    assert "Il n’y a pas de paramètre" in printed


def test_no_file_is_a_usage_error(tmp_path: Path) -> None:
    assert main(["agreement", "check", str(tmp_path)]) == 2


def test_a_clause_is_shown_with_its_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["agreement", "show", "4.2", "--agreement", str(FILE), "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    assert "Timely communication" in printed
    assert "Time to answer: P5BD (default) [reply.within]" in printed
    assert main(["agreement", "show", "9.9", "--agreement", str(FILE), "--lang", "en"]) == 1

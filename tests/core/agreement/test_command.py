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
    reports = {report["agreement"]: report for report in json.loads(capsys.readouterr().out)}
    assert len(reports) == len(list(FOLDER.glob("*/*/agreement.yaml")))
    for report in reports.values():
        assert not [problem for problem in report["problems"] if problem["severity"] == "error"]
    assert "C7" in {problem["rule"] for problem in reports["mytraffic-cs"]["problems"]}


def test_an_order_is_checked_beside_its_agreement(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    order = tmp_path / "commande.yaml"
    order.write_text("level: croissance\nends_on: bientôt\n", encoding="utf-8")
    assert main(["agreement", "check", str(FILE), "--order", str(order), "--lang", "fr"]) == 1
    printed = capsys.readouterr().out
    assert "commande.yaml:2:1 erreur O6" in printed
    assert "commande.yaml:1:1 erreur O4" in printed
    assert (
        main(["agreement", "check", str(FILE), "--order", str(tmp_path / "none.yaml"), "--lang", "fr"]) == 1
    )


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

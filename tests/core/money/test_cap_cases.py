"""The cap of 5.1: the cases beside the agreement, by the function and by the command line."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from jalon.config.cli import main
from jalon.core.money.amount import to_cents
from tests.core.money.cases import CHECKS, FOLDER, NAMES, as_file, facts_of


def asked(case: dict[str, Any], check: dict[str, Any], folder: Path) -> list[str]:
    """The command that answers a check."""
    file = folder / "facts.yaml"
    file.write_text(as_file(facts_of(case)), encoding="utf-8")
    services = [part for service in check["services"] for part in ("--service", service)]
    known = ["--known-at", str(check["known_at"])] if "known_at" in check else []
    basis = ["--basis", check["basis"]] if "basis" in check else []
    return [
        "cap", "--agreement", str(FOLDER), "--facts", str(file), "--arose-on", str(check["arose_on"]), *services, *known, *basis,
    ]  # fmt: skip


@pytest.mark.parametrize(("case", "check"), CHECKS, ids=NAMES)
def test_a_case_by_the_command_line(
    case: dict[str, Any], check: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = asked(case, check, tmp_path)
    assert main([*command, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["cap"] == check["cap"]
    if "first" in check:
        assert found["window"] == {"first": str(check["first"]), "last": str(check["last"])}
    if "counted" in check:
        assert [one["reference"] for one in found["payments"]] == check["counted"]
    if "warns" in check:
        assert any(check["warns"] in said["en"] for said in found["warnings"])
    recompute(found)
    for lang, decimal in (("fr", ","), ("en", ".")):
        assert main([*command, "--lang", lang]) == 0
        said = capsys.readouterr().out.replace("\u202f", "").replace(",", "" if lang == "en" else ",")
        assert check["cap"].replace(".", decimal) in said


def recompute(found: dict[str, Any]) -> None:
    """The figure, again, from nothing but what the explanation prints."""
    total = sum((Fraction(one["exact"]) for one in found["payments"]), Fraction(0))
    assert total == Fraction(found["exact"])
    assert str(to_cents(total)) == found["cap"]
    for one in found["payments"]:
        cut = sum(Fraction(part["amount"]) for part in one["deductions"])
        # Each printed amount is rounded to the cent; the cents of a line may differ by one for each rounding.
        assert abs(Fraction(one["amount"]) - cut - Fraction(one["fees"])) <= Fraction(
            len(one["deductions"]), 100
        )
        worth = Fraction(1)
        for rate in one["rates"]:
            worth = (
                worth / Fraction(rate["per_euro"])
                if rate["currency"] == one["currency"]
                else worth * Fraction(rate["per_euro"])
            )
        assert abs(Fraction(one["fees"]) * worth - Fraction(one["exact"])) <= Fraction(1, 100) * worth
        assert date.fromisoformat(found["window"]["first"]) <= date.fromisoformat(one["day"]) <= date.fromisoformat(found["window"]["last"])  # fmt: skip


def test_what_cannot_be_read_is_said_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case, check = CHECKS[0]
    command = asked(case, check, tmp_path)
    command[command.index("--arose-on") + 1] = "15/03/2026"
    assert main(command) == 2
    assert "15/03/2026" in capsys.readouterr().err
    broken = tmp_path / "broken.yaml"
    broken.write_text("- {kind: payment.credited, at: 2026-01-01, amount: 1.5}\n", encoding="utf-8")
    command = asked(case, check, tmp_path)
    command[command.index("--facts") + 1] = str(broken)
    assert main([*command, "--lang", "fr"]) == 1
    assert "broken.yaml:1:" in capsys.readouterr().err


def test_a_service_that_no_invoice_bills_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case, check = CHECKS[0]
    command = [*asked(case, check, tmp_path), "--service", "licences", "--lang", "en"]
    assert main(command) == 0
    assert "No invoice line has the service licences; the services known are cs." in capsys.readouterr().out


def test_a_correction_of_a_moment_that_is_no_moment_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case, check = CHECKS[0]
    wrong = {
        "kind": "fact.corrected",
        "at": "2026-04-01T09:00",
        "side": "provider",
        "target": "p5",
        "set": {"at": "hier"},
    }
    command = asked({**case, "facts": [wrong]}, check, tmp_path)
    assert main([*command, "--lang", "en"]) == 1
    assert "“hier” is not a moment" in capsys.readouterr().err


def test_an_agreement_without_a_cap_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case, check = CHECKS[0]
    command = asked(case, check, tmp_path)
    command[command.index("--agreement") + 1] = str(FOLDER.parents[1] / "rhin-formation/2026-01-05")
    assert main([*command, "--lang", "fr"]) == 1
    assert "liability.period" in capsys.readouterr().err

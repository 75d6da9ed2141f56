"""Claims under clauses 5 and 6: the cases beside the agreement, one by one, and by the command line."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from jalon.config.assess_cli import moment
from jalon.config.cli import main
from jalon.core.agreement.loading import parse
from jalon.core.facts.files import read_facts
from jalon.core.money import claims
from jalon.core.norms.visible import visible
from jalon.core.norms.world import World
from jalon.wording import say
from tests.core.money.cases import FOLDER, as_file, facts_of

CASES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "scenarios/claims.yaml").read_text(encoding="utf-8"))
CHECKS = [(case, check) for case in CASES for check in case["checks"]]
NAMES = [f"{case['name']} / {n}" for case in CASES for n, _check in enumerate(case["checks"], 1)]
AGREEMENT = parse((FOLDER / "agreement.yaml").read_text(encoding="utf-8"))


def world_of(case: dict[str, Any], check: dict[str, Any]) -> World:
    """The world of a case on the day on which it is known."""
    at = moment(str(check["as_known"]), ZoneInfo("Europe/Paris"))
    return World(AGREEMENT, visible(read_facts(as_file(facts_of(case))), at), at, at)


@pytest.mark.parametrize(("case", "check"), CHECKS, ids=NAMES)
def test_a_case(case: dict[str, Any], check: dict[str, Any]) -> None:
    world = world_of(case, check)
    assert check["norm"] in AGREEMENT.norms
    if "refused" in check:
        assert len(list(claims.refused(world))) == check["refused"]
    if "tpc" in check:
        (owed,) = (one for one in claims.indemnities(world) if one.ref == check["tpc"])
        if "costs" in check:
            assert [str(owed.costs_claimed.amount), str(owed.costs_refunded.amount)] == check["costs"]
        reasons = owed.reasons
    else:
        every = claims.claims(world)
        (owed,) = (one for one in every if one.ref == check["claim"])
        reasons = owed.reasons
        if "cap" in check:
            assert str(owed.cap.amount.amount) == check["cap"]
        if "excluded" in check:
            assert list(owed.excluded) == check["excluded"]
        if "total" in check:
            assert sum(Fraction(one.owed.amount) for one in every if one.owed) == Fraction(check["total"])
    assert (str(owed.owed.amount) if owed.owed else None) == check["owed"]
    if "left" in check:
        assert str(owed.left.amount) == check["left"]
    if "says" in check:
        assert any(check["says"] in say(reason, "en") for reason in reasons)
    for reason in reasons:
        assert say(reason, "fr") != say(reason, "en")


def test_what_is_left_for_the_next_claim() -> None:
    (case,) = (case for case in CASES if case["name"].startswith("Cap 7 ter"))
    world = world_of(case, {"as_known": "2026-05-01"})
    assert claims.headroom(world, moment("2026-05-01", world.zone).date(), ["cs"]).amount == 0
    (case,) = (case for case in CASES if case["name"].startswith("Cap 7 bis"))
    world = world_of(case, {"as_known": "2026-05-01"})
    assert str(claims.headroom(world, moment("2026-03-15", world.zone).date(), ["cs"]).amount) == "12000.00"


def test_a_claim_of_the_facts_by_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (case,) = (case for case in CASES if case["name"].startswith("Cap 7 ter"))
    file = tmp_path / "facts.yaml"
    file.write_text(as_file(facts_of(case)), encoding="utf-8")
    command = ["cap", "--agreement", str(FOLDER), "--facts", str(file), "--claim", "C2"]
    assert main([*command, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["cap"], found["claim"]["used"], found["claim"]["left"], found["claim"]["owed"]) == (
        "12000.00", "10000.00", "2000.00", "2000.00",
    )  # fmt: skip
    assert main([*command, "--lang", "fr"]) == 0
    assert "2\u202f000,00" in capsys.readouterr().out
    assert main([*command[:-1], "C9", "--lang", "en"]) == 2
    assert "C1, C2" in capsys.readouterr().err
    assert main(command[:-2]) == 2

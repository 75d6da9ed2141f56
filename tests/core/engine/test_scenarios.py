"""The scenarios beside each agreement: read as a lawyer reads them, run as the engine runs them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from jalon.config.assess_cli import moment
from jalon.core import engine
from jalon.core.agreement.loading import parse
from jalon.core.facts.files import read_facts
from jalon.core.obligations import Assessment
from jalon.core.text import Bilingual, Text
from jalon.core.why import run_again

FOLDER = Path(__file__).parents[3] / "agreements"
PARIS = ZoneInfo("Europe/Paris")
CASES = [
    (file.parent.parent / "agreement.yaml", case)
    for file in sorted(FOLDER.glob("*/*/scenarios/*.yaml"))
    for case in yaml.safe_load(file.read_text(encoding="utf-8"))
    if "as_of" in case["checks"][0]  # a figure without promises (the cap) has its own test
]


def facts_of(case: dict[str, Any]) -> str:
    """The facts of a case as a file, the usual signatures first where the case has them."""
    facts = list(case.get("facts") or [])
    if signed := case.get("signed"):
        facts = [
            {"kind": "document.signed", "at": f"{signed}T10:00", "side": "provider", "doc": "master"},
            {"kind": "document.signed", "at": f"{signed}T11:00", "side": "client", "doc": "master"},
            {"kind": "order.set", "at": f"{signed}", "side": "provider", "level": case.get("level", "croissance"), "ends_on": "2030-12-31"},
            *facts,
        ]  # fmt: skip
    plain = [
        {k: v.isoformat() if isinstance(v, date | datetime) else v for k, v in fact.items()} for fact in facts
    ]
    return yaml.safe_dump(plain, allow_unicode=True)


@pytest.mark.parametrize(("file", "case"), CASES, ids=[case["name"] for _file, case in CASES])
def test_scenario(file: Path, case: dict[str, Any]) -> None:
    agreement = parse(file.read_text(encoding="utf-8"))
    zone = ZoneInfo(agreement.calendars["provider"].zone)
    facts = read_facts(facts_of(case), zone=str(zone))
    for check in case["checks"]:
        as_of = moment(str(check["as_of"]), zone)
        known_at = moment(str(check["known_at"]), zone) if "known_at" in check else None
        found = engine.assess(agreement, facts, as_of, known_at)
        agree(found, check)
        for owed in found.obligations:
            assert owed.why is not None
            assert run_again(owed.why) == (owed.due, owed.state), owed.key


def english(said: Text) -> str:
    """A sentence with its values, as a reader of the scenario writes it."""
    values = {name: english(v) if isinstance(v, Text) else v.en if isinstance(v, Bilingual) else v for name, v in said.values.items()}  # fmt: skip
    return (said.plural if said.plural and said.count != 1 else said.msgid) % values


def power_agrees(found: Assessment, check: dict[str, Any]) -> None:
    """A power is available, or lacks what the check says; its outcome is that of the check."""
    power = next(one for one in found.powers if one.key == check["power"])
    assert power.available == check["available"], power.unmet
    if "unmet" in check:
        assert [
            word for word in check["unmet"] if not any(word in english(said) for said in power.unmet)
        ] == []
    if "until" in check:
        assert power.until_on == check["until"]
    if "outcome" in check:
        assert power.outcome is not None and check["outcome"] in english(power.outcome)


def right_agrees(found: Assessment, check: dict[str, Any]) -> None:
    """So many are left of a right in its running period."""
    (right,) = (one for one in found.rights if one.norm == check["right"])
    assert right.left == check["left"], right


def limit_agrees(found: Assessment, check: dict[str, Any]) -> None:
    """A limit says of a claim what the check says."""
    limit = next(one for one in found.limits if one.key == check["limit"])
    assert limit.applies == check["applies"]
    for name in ("amount", "after"):
        if name in check:
            amount = getattr(limit, name)
            assert amount is not None and f"{amount.amount:.2f}" == check[name], name
    if "says" in check:
        assert any(check["says"] in english(said) for said in limit.reasons)


def agree(found: Assessment, check: dict[str, Any]) -> None:
    """Every word of a check, against the assessment."""
    if "standing" in check:
        assert found.standing == check["standing"]
    if "effective_on" in check:
        assert found.effective_on == check["effective_on"]
    if "refused" in check:
        assert any(check["refused"] in english(one.said) for one in found.refused), found.refused
    if "right" in check:
        right_agrees(found, check)
    if "limit" in check:
        limit_agrees(found, check)
    if "power" in check:
        power_agrees(found, check)
    if "promise" not in check:
        return
    if check.get("absent"):
        assert check["promise"] not in found.by_key()
        return
    owed = found.by_key()[check["promise"]]
    assert owed.state == check["state"]
    if "due" in check:
        due = check["due"]
        assert (owed.due_on == due) if isinstance(due, date) else (owed.due == datetime.fromisoformat(due))
    if "opens" in check:
        assert owed.opens is not None and owed.opens.astimezone(PARIS).date() == check["opens"]
    if "attribution" in check:
        assert owed.attribution == check["attribution"]
    if "excuse" in check:
        assert owed.excuse is not None and owed.excuse.kind == check["excuse"]
    if "moved" in check:
        assert sum(shift.days for shift in owed.shifts) == check["moved"]
    if "provisional" in check:
        assert owed.provisional == check["provisional"]
    if "why" in check:
        assert owed.summary is not None and check["why"] in english(owed.summary)
    for name, value in check.get("extra", {}).items():
        assert owed.extra[name] == value, name

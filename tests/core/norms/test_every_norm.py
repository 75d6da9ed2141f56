"""Every norm of every shipped agreement is run, and proved by scenarios: kept, late, and excused where an excuse exists."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from jalon.core.agreement.loading import parse
from jalon.core.agreement.model import Agreement, Norm
from jalon.core.norms.registry import is_limitation, is_power, is_right, runs

FOLDER = Path(__file__).parents[3] / "agreements"
AGREEMENTS = sorted(FOLDER.glob("mytraffic-cs/*/agreement.yaml"))
KEPT = {"met", "kept"}
LATE = {"overdue", "missed", "met_late", "breached", "cured"}


def proofs(file: Path) -> dict[str, set[str]]:
    """What the scenarios beside an agreement show of each norm: its states, and how a power, a limit or a right stands."""
    found: dict[str, set[str]] = defaultdict(set)
    for scenario in sorted(file.parent.glob("scenarios/*.yaml")):
        for case in yaml.safe_load(scenario.read_text(encoding="utf-8")):
            for check in case["checks"]:
                for norm, shown in _shown(check):
                    found[norm].add(shown)
    return found


def _shown(check: dict[str, Any]) -> list[tuple[str, str]]:
    shown = []
    if "promise" in check and "state" in check:
        norm = check["promise"].split(":")[0]
        shown.append((norm, check["state"]))
        if check.get("moved"):
            shown.append((norm, "excused"))
    if "power" in check:
        shown.append((check["power"].split(":")[0], "available" if check["available"] else "unavailable"))
    if "limit" in check:
        shown.append((check["limit"].split(":")[0], "applies" if check["applies"] else "does not apply"))
    if "right" in check:
        shown.append((check["right"], "left" if check["left"] else "used up"))
    return shown


def missing(norm: Norm, shown: set[str]) -> list[str]:
    """What no scenario shows of a norm yet."""
    if is_power(norm):
        return sorted({"available", "unavailable"} - shown)
    if is_limitation(norm):
        return sorted({"applies", "does not apply"} - shown)
    if is_right(norm):
        return sorted({"left", "used up"} - shown)
    lacks = [] if shown & KEPT else ["kept"]
    if norm.kind == "declaration":
        return lacks
    lacks += [] if shown & LATE else ["late"]
    excusable = (norm.spec or {}).get("excused_by")
    return lacks + ([] if not excusable or "excused" in shown else ["excused"])


@pytest.mark.parametrize("file", AGREEMENTS, ids=[file.parent.parent.name for file in AGREEMENTS])
def test_every_norm_runs_and_is_proved(file: Path) -> None:
    agreement: Agreement = parse(file.read_text(encoding="utf-8"))
    assert [norm.id for norm in agreement.norms.values() if not runs(norm)] == []
    shown = proofs(file)
    lacking = {
        norm.id: lacks for norm in agreement.norms.values() if (lacks := missing(norm, shown[norm.id]))
    }
    assert lacking == {}

"""The cases of the cap, as a lawyer reads them, turned into files of facts."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[3] / "agreements/mytraffic-cs/2024-02-14"
CASES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "scenarios/cap.yaml").read_text(encoding="utf-8"))
CHECKS = [(case, check) for case in CASES for check in case["checks"]]
NAMES = [f"{case['name']} / {n}" for case in CASES for n, _check in enumerate(case["checks"], 1)]
_DAYS = ("2025-02-14", "2025-05-15", "2025-08-14", "2025-11-14", "2026-02-13")


def facts_of(case: dict[str, Any]) -> list[dict[str, Any]]:
    """The facts of a case, five quarters first where it has them."""
    facts: list[dict[str, Any]] = []
    if case.get("quarterly"):
        for n, day in enumerate(_DAYS, 1):
            issued = date.fromisoformat(day).replace(day=1).isoformat()
            facts += [
                {"kind": "invoice.issued", "id": f"f{n}", "at": issued, "side": "provider", "invoice": f"F{n}", "currency": "EUR",
                 "due": day, "lines": [{"service": "cs", "ht": "3000.00", "vat": "20"}]},
                {"kind": "payment.credited", "id": f"p{n}", "at": day, "side": "system", "payment": f"P{n}",
                 "amount": "3600.00", "currency": "EUR"},
            ]  # fmt: skip
    return [*facts, *(case.get("facts") or [])]


def as_file(facts: list[dict[str, Any]]) -> str:
    """The facts as YAML text."""
    plain = [
        {k: v.isoformat() if isinstance(v, date | datetime) else v for k, v in fact.items()} for fact in facts
    ]
    return yaml.safe_dump(plain, allow_unicode=True)

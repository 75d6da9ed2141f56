"""The schema published for editors accepts what ships, and refuses what the loader refuses for its shape."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from jalon.core.agreement.reading import read_yaml
from jalon.core.agreement.schema import json_schema
from tests.core.agreement.faults import FAULTS, Fault

ROOT = Path(__file__).parents[3] / "agreements"
FILES = sorted(ROOT.glob("*/*/agreement.yaml"))
TEXT = (ROOT / "mytraffic-cs/2024-02-14/agreement.yaml").read_text(encoding="utf-8")
CHECKER = jsonschema.Draft202012Validator(json_schema())


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.parent.name}/{file.parent.name}")
def test_a_shipped_agreement_fits_the_schema_and_names_it(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    named = text.split("\n")[0].removeprefix("# yaml-language-server: $schema=")
    assert json.loads((file.parent / named).read_text(encoding="utf-8")) == json_schema()
    assert [error.message for error in CHECKER.iter_errors(_plain(text))] == []


def _plain(text: str) -> Any:
    return json.loads(json.dumps(read_yaml(text).data, default=float))


@pytest.mark.parametrize("fault", [f for f in FAULTS if f.rule == "S0"], ids=lambda fault: fault.name)
def test_the_schema_refuses_the_faults_of_shape(fault: Fault) -> None:
    broken = _plain(fault.made_in(TEXT))
    if fault.name == "a date that is none":  # a schema knows the digits of a date, not the calendar
        with pytest.raises(ValueError):
            date.fromisoformat(broken["source"]["published_on"])
        return
    assert list(CHECKER.iter_errors(broken))

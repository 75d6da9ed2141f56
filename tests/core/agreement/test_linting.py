"""The shipped agreement holds every rule; a fault that a person makes is caught, by the right rule, at its line."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from pathlib import Path

import pytest

from jalon.core.agreement.lint_numbers import READ_BY_ENGINE
from jalon.core.agreement.linting import RULES, lint, lint_signed_order
from jalon.core.agreement.loading import parse
from jalon.wording.spelling import spelled
from tests.core.agreement.faults import FAULTS, Fault

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "agreements/mytraffic-cs/2024-02-14"
TEXT = (FOLDER / "agreement.yaml").read_text(encoding="utf-8")
SOURCE = (FOLDER / "source.fr.txt").read_text(encoding="utf-8")


def test_the_shipped_agreement_has_no_error() -> None:
    found = lint(TEXT, file="agreement.yaml", source=SOURCE, spelled=spelled)
    assert [str(problem) for problem in found if problem.severity == "error"] == []
    assert {problem.rule for problem in found} <= {"C6", "C7"}


def test_the_french_is_the_source_word_for_word() -> None:
    agreement = parse(TEXT)
    assert hashlib.sha256(SOURCE.encode()).hexdigest() == agreement.source_sha256
    lines = SOURCE.split("\n")
    for clause in agreement.clauses:
        theirs = re.sub(r"\s+", " ", " ".join(lines[n - 1].strip() for n in clause.lines)).strip()
        assert theirs.endswith(re.sub(r"\s+", " ", clause.text.fr).strip()), clause.id


def test_every_norm_that_ships_quotes_the_words_that_found_it() -> None:
    agreement = parse(TEXT)
    assert {norm.id for norm in agreement.norms.values() if norm.quote is None} == set()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.rule} {fault.name}")
def test_a_fault_is_caught_by_its_rule_at_its_line(fault: Fault) -> None:
    broken = fault.made_in(TEXT)
    line = fault.line_in(TEXT, broken)
    before = Counter(str(p) for p in lint(TEXT, source=SOURCE, spelled=spelled))
    fresh = [p for p in lint(broken, source=SOURCE, spelled=spelled) if not before[str(p)]]
    assert (fault.rule, line) in {(p.rule, p.line) for p in fresh}, [str(p) for p in fresh]
    assert all(p.mend is not None for p in fresh), "each problem says how to mend it"


def test_every_rule_has_its_fault() -> None:
    elsewhere = {"C1", "C7", "O4", "O5", "O6", "V1"}  # tested below, and in test_diffing.py
    assert {fault.rule for fault in FAULTS} == RULES.keys() - elsewhere
    assert len(FAULTS) >= 60


def test_a_proposal_left_unconfirmed_forbids_publication() -> None:
    found = lint(TEXT.replace("status: draft ", "status: published ", 1), source=SOURCE)
    lines = {problem.line for problem in found if problem.rule == "C1"}
    assert len(lines) > 70
    assert (
        next(n for n, line in enumerate(TEXT.split("\n"), 1) if line.startswith("  client_alsace_moselle:"))
        in lines
    )


def test_a_cap_with_a_floor_warns_no_more() -> None:
    name = 'liability.floor: {label: {fr: "Plancher du plafond", en: "Floor of the cap"}, value: '
    assert "C7" in {problem.rule for problem in lint(TEXT)}
    assert "C7" not in {problem.rule for problem in lint(TEXT.replace(f"{name}null", f"{name}1000"))}


def test_a_clause_lost_from_the_file_is_seen_in_the_source() -> None:
    start = TEXT.index('  - id: "4.7"')
    text = TEXT[:start] + TEXT[TEXT.index('  - id: "4.8"') :]
    assert {"A6", "A4"} <= {problem.rule for problem in lint(text, source=SOURCE)}


def test_the_engine_reads_no_parameter_that_the_linter_thinks_unread() -> None:
    code = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "src/jalon/core").glob("**/*.py"))
    read = set(re.findall(r'"@([a-z_]+\.[a-z_.]+)"', code))
    assert read
    patterns = [re.compile(pattern.replace(".", r"\.").replace("*", ".*")) for pattern in READ_BY_ENGINE]
    unknown = {name for name in read if not any(p.fullmatch(name) for p in patterns)}
    assert not unknown, "add them to READ_BY_ENGINE"


ORDER = """client.name: Maison Vauban
level: croissance
ends_on: 2028-12-31
price.annual_ht: 12000.00
price.currency: EUR
calendar.client: client_default
contacts.client: [{seat: sponsor, person: A. Vauban}]
objectives: [{name: Adoption, target: 80}]
overrides:
  payment.term: P45D
"""


@pytest.mark.parametrize(
    ("old", "new", "rule", "line"),
    [
        ("level: croissance", "", "O4", 1),
        ("payment.term: P45D", "payment.indemnity: 10", "O5", 10),
        ("level: croissance", "level: croisance", "O6", 2),
        ("2028-12-31", "2028-12-32", "O6", 3),
        ("payment.term: P45D", "payment.term: 45", "O6", 10),
        ("payment.term: P45D", "liability.basis: payed", "O6", 10),
        ("client_default", "client_lune", "O6", 6),
        ("payment.term: P45D", "sla.first: {P9: PT1WH}", "O6", 10),
    ],
)
def test_an_order_is_checked_against_what_the_agreement_lets_it_set(
    old: str, new: str, rule: str, line: int
) -> None:
    agreement = parse(TEXT)
    assert lint_signed_order(agreement, ORDER) == ()
    broken = ORDER.replace(old, new, 1)
    assert (rule, line) in {(p.rule, p.line) for p in lint_signed_order(agreement, broken)}

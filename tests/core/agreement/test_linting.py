"""The shipped agreement says the contract's words, and a seeded fault is caught at its line."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from jalon.core.agreement.linting import lint
from jalon.core.agreement.loading import parse

FOLDER = Path(__file__).parents[3] / "agreements/mytraffic-cs/2024-02-14"
TEXT = (FOLDER / "agreement.yaml").read_text(encoding="utf-8")
SOURCE = (FOLDER / "source.fr.txt").read_text(encoding="utf-8")


def test_the_shipped_agreement_has_no_error() -> None:
    found = lint(TEXT, file="agreement.yaml", source=SOURCE)
    assert [(problem.rule, problem.severity) for problem in found] == [("C7", "warning")]


def test_the_french_is_the_source_word_for_word() -> None:
    agreement = parse(TEXT)
    assert hashlib.sha256(SOURCE.encode()).hexdigest() == agreement.source_sha256
    lines = SOURCE.split("\n")
    for clause in agreement.clauses:
        theirs = re.sub(r"\s+", " ", " ".join(lines[n - 1].strip() for n in clause.lines)).strip()
        assert theirs.endswith(re.sub(r"\s+", " ", clause.text.fr).strip()), clause.id


FAULTS = [
    ("A1", "MyTraffic s'efforcera de fournir", "MyTraffic s'engage à fournir"),
    ("A1", '{fr: "Qualité du service", en', '{fr: "Qualité des services", en'),
    ("A1", "sha256: fa71", "sha256: fa72"),
    ("A2", 'en: "regular training sessions on the platform."', 'en: ""'),
    ("A3", "during the 12-month period", "during the 6-month period"),
    ("A4", 'survives: ["3.4"', 'survives: ["3.44"'),
    ("A5", "norms: [N2b-training]", "norms: [N2b-training, N2c-monthly]"),
    ("A6", "lines: [25]", "lines: [24]"),
    ("B1", "norms: [N31-quality]", "norms: []"),
    ("B2", "exercised_by: service.suspended, ", ""),
    ("B3", "debtor: client, creditor: provider, trigger: {fact: provider.question}",
     "debtor: client, creditor: client, trigger: {fact: provider.question}"),
    ("B4", "evidence: [client.reply]", "evidence: [client.replied]"),
    ("B4", "evidence: [client.reply]", "evidence: [request.replied]"),
    ("B5", 'add: "@reply.within"', 'add: "@reply.withn"'),
    ("B6", 'due: {window: period}, evidence: [survey.sent]', 'due: {add: "@survey.every"}, evidence: [survey.sent]'),
    ("B7", "evidence: [service.restored], late: {cure: until_done}",
     'evidence: [service.restored], late: {cure: until_done, accrues: ["@payment.indemnity"]}'),
    ("B8", "excused_by: [invoice.disputed, ", "excused_by: [client.late, invoice.disputed, "),
    ("B9", "evidence: [complaint.answered], requires: {handler_not: subject, reasons: true}, late: {cure: until_done}, "
     "consequence: [escalate], measure: complaints, suspendable: false",
     "evidence: [complaint.answered], requires: {handler_not: subject, reasons: true}, late: {cure: until_done}, "
     "consequence: [escalate], measure: complaints, suspendable: true"),
    ("B10", '{fact: formal_notice.served, elapsed: "@suspend.notice"}, ', ""),
    ("B11", "consequence: [N48-suspend, N48-terminate]", "consequence: [N48-suspend, N32-first]"),
    ("B12", "measure: client_reply_delay, suspendable: false}\n  N43", "measure: reply, suspendable: false}\n  N43"),
    ("C2", 'law: "C. civ. 1343-1", ', ""),
    ("C3", "value: P5BD, clause: \"4.2\"", "value: P0BD, clause: \"4.2\""),
    ("C3", "value: P5BD, clause: \"4.2\"", "value: P5WD, clause: \"4.2\""),
    ("C4", "value: P30D, from_event", "value: P90D, from_event"),
    ("C5", "sla.first: {P1: PT2WH, P2: PT4WH, P3: PT9WH, P4: PT18WH}, sla.next",
     "sla.first: {P1: PT5WH, P2: PT4WH, P3: PT9WH, P4: PT18WH}, sla.next"),
    ("C5", "sla.target_pct: 98", "sla.target_pct: 80"),
    ("C6", "set: {kickoff.term: P15BD", "set: {kickof.term: P15BD"),
    ("C8", "value: paid, options", "value: payed, options"),
    ("D1", "zone: Europe/Paris", "zone: Europe/Pariss"),
    ("D2", 'mon: ["09:00-18:00"]', 'mon: ["18:00-09:00"]'),
    ("D3", "good_friday: true, ", ""),
    ("E2", "ends_on: {required: true", "ends_on: {required: false"),
    ("F1", "adhoc, csm_backup", "csm_backup"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "old", "new"), FAULTS)
def test_a_seeded_fault_is_caught_at_its_line(rule: str, old: str, new: str) -> None:
    text = TEXT.replace("kickoff, followup, training, monthly, qbr, adhoc]", "kickoff, followup, training, monthly, qbr]") \
        .replace("training, qbr, adhoc]", "training, qbr]") if rule == "F1" else TEXT  # fmt: skip
    broken = text.replace(old, new, 1)
    assert broken != text
    changed = next(
        n for n, (before, after) in enumerate(zip(text.split("\n"), broken.split("\n"), strict=True), start=1)
        if before != after
    )  # fmt: skip
    found = [problem for problem in lint(broken, file="a.yaml", source=SOURCE) if problem.rule == rule]
    assert found
    if rule in ("A1", "A2", "A3", "A5", "B1"):
        assert min(abs(problem.line - changed) for problem in found) <= 5  # somewhere in the same clause
    elif rule not in ("A6", "F1"):  # said of the source, of each norm
        assert changed in {problem.line for problem in found}


def test_a_proposal_left_unconfirmed_forbids_publication() -> None:
    found = lint(TEXT.replace("status: draft ", "status: published ", 1), source=SOURCE)
    assert sum(problem.rule == "C1" for problem in found) > 70


def test_a_clause_lost_from_the_file_is_seen_in_the_source() -> None:
    start = TEXT.index('  - id: "4.7"')
    text = TEXT[:start] + TEXT[TEXT.index('  - id: "4.8"') :]
    assert {"A6", "A4"} <= {problem.rule for problem in lint(text, source=SOURCE)}

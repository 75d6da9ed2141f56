"""The linter of an agreement file: what a reader of the contract, a lawyer and the engine each need to hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jalon.core.agreement import lint_dates, lint_norms, lint_numbers, lint_order, lint_text
from jalon.core.agreement.loading import parse_written
from jalon.core.agreement.model import Agreement
from jalon.core.agreement.problems import AgreementError, Problem
from jalon.core.agreement.reading import read_yaml
from jalon.core.agreement.rules import RULES, Spelling, Subject, problems

__all__ = ["RULES", "lint", "lint_signed_order"]
_MODULES = (lint_text, lint_norms, lint_numbers, lint_dates, lint_order)  # importing them fills RULES


def lint(
    text: str,
    *,
    file: str = "",
    source: str | None = None,
    before: Agreement | None = None,
    spelled: Spelling | None = None,
) -> tuple[Problem, ...]:
    """Every problem of the agreement file `text`, in the order of the file.

    `source` is the text that was signed, where it is at hand: the authentic language is compared with it word for
    word. `before` is the version that this one supersedes: the new number is compared with what changed. `spelled`
    is a dictionary. What is not given is not checked.
    """
    try:
        agreement, written = parse_written(text, file=file)
    except AgreementError as error:
        return tuple(_with_advice(problem) for problem in error.problems)
    found = problems(Subject(agreement, written, source, before, spelled))
    return tuple(sorted(found, key=lambda problem: (problem.line, problem.column, problem.rule)))


def lint_signed_order(agreement: Agreement, text: str, *, file: str = "") -> tuple[Problem, ...]:
    """Every problem of a client's order form `text` (YAML: name -> value) under `agreement`, in the order of the file."""
    try:
        written = read_yaml(text, file=file)
    except AgreementError as error:
        return error.problems
    return tuple(sorted(lint_order.order_problems(agreement, written), key=lambda p: (p.line, p.rule)))


def _with_advice(problem: Problem) -> Problem:
    if problem.mend is not None or problem.rule not in RULES:
        return problem
    values: Mapping[str, Any] = {name: getattr(problem, name) for name in problem.__dataclass_fields__}
    return Problem(**{**values, "mend": RULES[problem.rule].mend})

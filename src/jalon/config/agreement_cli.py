"""`jalon agreement check` and `jalon agreement show` (`diff` and `new` are beside): an agreement file, as a lawyer and as the engine read it."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from jalon.accounts import shelf
from jalon.accounts.shelf import FILE
from jalon.config import agreement_versions_cli
from jalon.config.plain_words import LANGUAGES, language, words
from jalon.core.agreement.linting import lint, lint_signed_order
from jalon.core.agreement.loading import AgreementError, Problem, parse
from jalon.core.agreement.model import Agreement, Norm
from jalon.core.text import _, ngettext
from jalon.wording.spelling import spelled


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `agreement` and its two commands."""
    parser = subparsers.add_parser("agreement", help="check an agreement file, or show one of its clauses")
    commands = parser.add_subparsers(dest="agreement_command", metavar="COMMAND", required=True)
    check = commands.add_parser("check", help="find every fault of agreement files")
    check.add_argument(
        "path", type=Path, nargs="?", help="a file, or a folder of them; by default, those of Jalon"
    )
    check.add_argument(
        "--order", type=Path, help="a client's order form (YAML: name: value), checked under PATH"
    )
    check.add_argument("--format", choices=("text", "json"), default="text")
    check.add_argument("--lang", choices=LANGUAGES)
    check.set_defaults(run=run_check)
    show = commands.add_parser(
        "show", help="show a clause: its words, its norms, its numbers and where they come from"
    )
    show.add_argument("clause")
    show.add_argument("--agreement", type=Path, help="the file; by default, the one that new clients sign")
    show.add_argument("--lang", choices=LANGUAGES)
    show.set_defaults(run=run_show)
    agreement_versions_cli.register(commands)


def folder() -> Path:
    """Where the agreements of this installation are: the operator's own, else those that come with Jalon."""
    return next(iter(shelf.folders()), Path("agreements"))


def run_check(args: argparse.Namespace, _now: datetime) -> int:
    """Print every problem and every norm not run yet; 0 without errors, 1 with, 2 where there is no file."""
    lang = language(args.lang)
    path = args.path or folder()
    files = sorted(path.rglob(FILE)) if path.is_dir() else [path]
    if not files or not files[0].is_file():
        print(words(_("There is no agreement file at %(path)s.", path=str(path)), lang), file=sys.stderr)
        return 2
    if args.order and len(files) != 1:
        print(words(_("An order is checked under one agreement: name its file."), lang), file=sys.stderr)
        return 2
    reports = [_report(file) for file in files]
    if args.order and reports[0][1] is not None:
        reports.append(_order_report(reports[0][1], args.order))
    if args.format == "json":
        print(json.dumps([_as_json(*report, lang) for report in reports], ensure_ascii=False, indent=2))
    else:
        for report in reports:
            for line in _as_lines(*report, lang):
                print(line)
    return 1 if any(problem.severity == "error" for _f, _a, found in reports for problem in found) else 0


def _report(file: Path) -> tuple[Path, Agreement | None, tuple[Problem, ...]]:
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return file, None, (Problem(_("This file is not in UTF-8."), str(file), rule="Y3"),)
    try:
        agreement = parse(text, file=str(file))
    except AgreementError as error:
        return file, None, error.problems
    beside = file.parent / agreement.source_file
    source = beside.read_text(encoding="utf-8") if beside.is_file() else None
    found = lint(text, file=str(file), source=source, before=_before(file, agreement), spelled=spelled)
    if not beside.is_file():
        said = _(
            "The source text “%(name)s” is not beside this file: the words were not compared with it.",
            name=beside.name,
        )
        found = (Problem(said, str(file), rule="A1", severity="warning"), *found)
    return file, agreement, found


def _before(file: Path, agreement: Agreement) -> Agreement | None:
    """The version that this one supersedes, where its folder is beside this one's."""
    if not agreement.supersedes:
        return None
    for other in sorted(file.resolve().parent.parent.glob(f"*/{FILE}")):
        try:
            found = parse(other.read_text(encoding="utf-8"), file=str(other))
        except (AgreementError, UnicodeDecodeError):
            continue  # its own check says what is wrong with it
        if found.version == agreement.supersedes:
            return found
    return None


def _order_report(agreement: Agreement, order: Path) -> tuple[Path, None, tuple[Problem, ...]]:
    try:
        return order, None, lint_signed_order(agreement, order.read_text(encoding="utf-8"), file=str(order))
    except (OSError, UnicodeDecodeError):
        return (
            order,
            None,
            (Problem(_("This file cannot be read, or is not in UTF-8."), str(order), rule="Y3"),),
        )


def not_run(agreement: Agreement) -> list[Norm]:
    """The norms of `agreement` that the engine does not run yet."""
    if importlib.util.find_spec("jalon.core.norms.registry") is None:
        return list(agreement.norms.values())
    registry = importlib.import_module("jalon.core.norms.registry")
    return [norm for norm in agreement.norms.values() if not registry.runs(norm)]


def _as_lines(
    file: Path, agreement: Agreement | None, found: tuple[Problem, ...], lang: str
) -> Iterator[str]:
    for problem in found:
        kind = words(_("error") if problem.severity == "error" else _("warning"), lang)
        clause = " " + words(_("clause %(id)s", id=problem.clause), lang) if problem.clause else ""
        place = f"{problem.file}:{problem.line}:{problem.column}" if problem.line else problem.file
        yield f"{place} {kind} {problem.rule}{clause} {problem.path}"
        yield f"    {words(problem.said, lang)}"
        if problem.mend is not None:
            yield f"    {words(problem.mend, lang)}"
    errors = sum(problem.severity == "error" for problem in found)
    if agreement is not None:
        left = not_run(agreement)
        if left:
            yield words(
                ngettext("%(n)s norm is not run yet:", "%(n)s norms are not run yet:", len(left)), lang
            )
        for norm in left:
            yield f"    {norm.clause:5} {norm.id:16} {norm.kind:12} {norm.title.said(lang)}"
        yield words(_("%(clauses)s clauses, %(norms)s norms, %(run)s run, %(parameters)s parameters.",
                      clauses=len(agreement.clauses), norms=len(agreement.norms), run=len(agreement.norms) - len(left),
                      parameters=len(agreement.parameters)), lang)  # fmt: skip
    yield f"{file} " + words(ngettext("%(n)s error", "%(n)s errors", errors), lang) + ", " + words(
        ngettext("%(n)s warning", "%(n)s warnings", len(found) - errors), lang)  # fmt: skip


def _as_json(
    file: Path, agreement: Agreement | None, found: tuple[Problem, ...], lang: str
) -> dict[str, Any]:
    return {
        "file": str(file),
        "agreement": agreement.id if agreement else None,
        "version": agreement.version if agreement else None,
        "problems": [
            {
                "line": problem.line, "column": problem.column, "path": problem.path, "rule": problem.rule,
                "severity": problem.severity, "clause": problem.clause, "said": words(problem.said, lang),
                "mend": words(problem.mend, lang) if problem.mend else None,
            }
            for problem in found
        ],
        "not_run": [{"norm": n.id, "clause": n.clause, "kind": n.kind} for n in not_run(agreement)] if agreement else [],
    }  # fmt: skip


def run_show(args: argparse.Namespace, _now: datetime) -> int:
    """Print one clause with its norms and parameters; 1 where the file is wrong or has no such clause."""
    lang = language(args.lang)
    file = args.agreement or (shelf.path_of(*usual) if (usual := shelf.usual()) else None)
    if file is None or not file.is_file():
        print(
            words(_("There is no agreement file at %(path)s.", path=str(file or folder())), lang),
            file=sys.stderr,
        )
        return 2
    try:
        agreement = parse(file.read_text(encoding="utf-8"), file=str(file))
        clause = agreement.clause(args.clause)
    except AgreementError as error:
        for problem in error.problems:
            print(f"{problem.file}:{problem.line} {words(problem.said, lang)}", file=sys.stderr)
        return 1
    except KeyError:
        ids = ", ".join(clause.id for clause in agreement.clauses)
        print(words(_("There is no clause %(id)s.", id=args.clause), lang), ids, file=sys.stderr)
        return 1
    print(f"{clause.id} {clause.title.said(lang)}\n{clause.text.said(lang)}")
    if clause.remark:
        print(f"({clause.remark.said(lang)})")
    left = {norm.id for norm in not_run(agreement)}
    for norm_id in clause.norms:
        norm = agreement.norms[norm_id]
        state = " · " + words(_("not run yet"), lang) if norm_id in left else ""
        print(f"\n{norm.id} · {norm.title.said(lang)} · {norm.kind} · {norm.debtor} → {norm.creditor}{state}")
    for parameter in agreement.parameters.values():
        if parameter.clause == clause.id:
            origin = parameter.law or parameter.origin
            label = parameter.label.said(lang) if parameter.label else parameter.name
            print(f"  {label}: {_value(parameter.value)} ({origin}) [{parameter.name}]")
    return 0


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {entry}" for key, entry in value.items())
    if isinstance(value, list):
        return ", ".join(str(entry) for entry in value)
    return "–" if value is None else str(value)

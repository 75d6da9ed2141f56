"""The linter of an agreement file: what a reader of the contract, a lawyer and the engine each need to hold."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jalon.core.agreement.loading import parse_written
from jalon.core.agreement.model import Agreement, Norm, Parameter
from jalon.core.agreement.problems import AgreementError, Problem
from jalon.core.agreement.reading import Path, Written
from jalon.core.facts.catalogue import KINDS
from jalon.core.obligations import Side
from jalon.core.text import Text, _
from jalon.core.timekeeping.terms import Term

DERIVED = frozenset({
    "agreement.in_effect", "client.late", "client.no_show", "client.late_cancel", "client.declined",
    "client.change_occurred", "force_majeure", "invoice.overdue", "suspended", "client.consented", "law.requires",
})  # fmt: skip
"""Conditions that the engine computes; never recorded by hand."""
PROTECTED = frozenset({
    "staff.qualified", "disclosure.made", "breach.notified", "compliance.checked", "dsr.answered", "change.announced",
    "incident.announced", "backup.run", "restore.tested", "service.restored", "conflict.disclosed",
    "statement.published", "complaint.acknowledged", "complaint.answered",
})  # fmt: skip
"""Duties proved by these facts hold even while the service is suspended for non-payment."""
NEEDED = {
    "one_off": ("trigger",), "recurring": ("trigger", "due"), "on_event": ("trigger", "due"),
    "before": ("trigger", "due"), "continuous": ("trigger",), "prohibition": ("forbids",), "power": ("exercised_by",),
    "limitation": ("applies_to",), "declaration": ("sets",), "right": ("trigger",),
}  # fmt: skip
ACTIVITIES = ("kickoff", "followup", "training", "monthly", "qbr", "adhoc")
LONGEST_PAYMENT, LONGEST_PERIODIC = Term(60, "days"), Term(45, "days")  # C. com. L441-10 I
_PREFIX = re.compile(r"(?:•|\d+(?:\.\d+)?\.?)?(.*?):?")
_NUMBER = re.compile(r"\d+")


def lint(text: str, *, file: str = "", source: str | None = None) -> tuple[Problem, ...]:
    """Every problem of the agreement file `text`, in the order of the file.

    `source` is the text that was signed, where it is at hand: the French is then compared with it word for word.
    """
    try:
        agreement, written = parse_written(text, file=file)
    except AgreementError as error:
        return error.problems
    linter = _Linter(agreement, written, source)
    return tuple(sorted(linter.problems(), key=lambda problem: (problem.line, problem.column, problem.rule)))


class _Linter:
    def __init__(self, agreement: Agreement, written: Written, source: str | None) -> None:
        self.agreement, self.written, self.source = agreement, written, source

    def problems(self) -> Iterator[Problem]:
        """All rules, one after the other."""
        if self.source is not None:
            yield from self.source_words(self.source)
        yield from self.clauses()
        for norm in self.agreement.norms.values():
            yield from self.norm(norm)
        yield from self.parameters()
        yield from self.levels()
        yield from self.calendars()
        yield from self.whole()

    def at(self, path: Path, rule: str, said: Text, mend: Text | None = None, **more: Any) -> Problem:
        clause = ""
        if len(path) > 1 and path[0] == "norms":
            clause = self.agreement.norms[str(path[1])].clause
        elif len(path) > 1 and path[0] == "clauses" and isinstance(path[1], int):
            clause = self.agreement.clauses[path[1]].id
        return self.written.problem(path, said, rule=rule, mend=mend, clause=clause, **more)

    # -- A: the text

    def source_words(self, source: str) -> Iterator[Problem]:
        digest = hashlib.sha256(source.encode("utf-8")).hexdigest()
        if digest != self.agreement.source_sha256:
            yield self.at(("source", "sha256"), "A1", _("The source text is not the one that this file was made from."),
                          _("Its SHA-256 is %(digest)s.", digest=digest))  # fmt: skip
        lines = source.split("\n")
        covered: dict[int, str] = {}
        for i, clause in enumerate(self.agreement.clauses):
            wrong = [n for n in clause.lines if not 1 <= n <= len(lines) or n in covered]
            if wrong:
                yield self.at(("clauses", i, "lines"), "A6", _("Line %(line)s of the source is not there, or is already "
                              "another clause’s.", line=wrong[0]))  # fmt: skip
                continue
            covered.update(dict.fromkeys(clause.lines, clause.id))
            theirs = _bare(" ".join(lines[n - 1] for n in clause.lines))
            ours, title = _bare(clause.text.fr), _bare(clause.title.fr)
            prefix = theirs.removesuffix(ours) if theirs.endswith(ours) else None
            found = _PREFIX.fullmatch(prefix) if prefix is not None else None
            if found is None:
                yield self.at(("clauses", i, "fr"), "A1", _("Clause %(id)s does not say the source’s words.", id=clause.id),
                              _("Copy the French text from the source, word for word."))  # fmt: skip
            elif found[1] != title:
                yield self.at(("clauses", i, "title"), "A1", _("The title of clause %(id)s is not the source’s.",
                              id=clause.id), _("Copy the French title from the source, word for word."))  # fmt: skip
        ignored = set(self.written.data["source"].get("ignored_lines", []))
        for number, line in enumerate(lines, start=1):
            if (
                line.strip()
                and number not in covered
                and number not in ignored
                and (_bare(line) != _bare(self.agreement.title.fr))
            ):
                yield self.at(("clauses",), "A6", _("Line %(line)s of the source is in no clause.", line=number),
                              _("Add it to a clause, or to source.ignored_lines."))  # fmt: skip

    def clauses(self) -> Iterator[Problem]:
        ids = [clause.id for clause in self.agreement.clauses]
        for i, clause in enumerate(self.agreement.clauses):
            if clause.id in ids[:i]:
                yield self.at(("clauses", i, "id"), "Y1", _("Clause %(id)s is written twice.", id=clause.id))
            if (clause.text.fr and not clause.text.en.strip()) or not clause.title.en.strip():
                yield self.at(("clauses", i), "A2", _("Clause %(id)s has no English text.", id=clause.id))
            if set(_NUMBER.findall(clause.text.fr)) != set(_NUMBER.findall(clause.text.en)):
                yield self.at(("clauses", i, "en"), "A3", _("Clause %(id)s does not have the same numbers in both "
                              "languages.", id=clause.id))  # fmt: skip
            for norm in clause.norms:
                known = self.agreement.norms.get(norm)
                if known is None or known.clause != clause.id:
                    yield self.at(("clauses", i, "norms"), "A5", _("Clause %(id)s lists the norm %(norm)s, which is not "
                                  "its own.", id=clause.id, norm=norm))  # fmt: skip
            if clause.text.fr and not clause.text.fr.rstrip().endswith(":") and not clause.norms:
                yield self.at(("clauses", i), "B1", _("Clause %(id)s binds somebody and has no norm.", id=clause.id),
                              _("Write its norm, or end the heading with a colon."))  # fmt: skip
        for path, clause_id in self.references():
            if clause_id not in ids:
                yield self.at(path, "A4", _("There is no clause %(id)s.", id=clause_id))

    def references(self) -> Iterator[tuple[Path, str]]:
        for name, norm in self.agreement.norms.items():
            yield ("norms", name, "clause"), norm.clause
        for name, parameter in self.agreement.parameters.items():
            yield ("parameters", name, "clause"), parameter.clause
        for i, clause_id in enumerate(self.agreement.effect["survives"]):
            yield ("effect", "survives", i), clause_id
        for i, term in enumerate(self.agreement.defined_terms):
            for clause_id in term.get("used_in", []):
                yield ("defined_terms", i, "used_in"), clause_id
        for i, note in enumerate(self.agreement.editorial_notes):
            yield ("editorial_notes", i, "clause"), str(note.get("clause", ""))

    # -- B: the norms

    def norm(self, norm: Norm) -> Iterator[Problem]:
        path: Path = ("norms", norm.id)
        spec = norm.spec or {}
        clause = next((c for c in self.agreement.clauses if c.id == norm.clause), None)
        if clause is not None and norm.id not in clause.norms:
            yield self.at((*path, "clause"), "A5", _("Clause %(id)s does not list the norm %(norm)s.",
                          id=norm.clause, norm=norm.id))  # fmt: skip
        for name in NEEDED[norm.kind]:
            if name not in spec:
                yield self.at(
                    path, "B2", _("A norm of kind %(kind)s needs “%(name)s”.", kind=norm.kind, name=name)
                )
        if norm.debtor == norm.creditor and norm.debtor not in ("both", "none"):
            yield self.at(
                (*path, "creditor"), "B3", _("Nobody owes to themselves: debtor and creditor are the same.")
            )
        yield from self.kinds_of_facts(norm, path)
        yield from self.parameter_references(path, spec)
        if norm.kind == "recurring" and not (
            spec.get("trigger", {}).get("every")
            and spec.get("due", {}).get("window")
            and spec.get("late", {}).get("then")
        ):
            yield self.at(path, "B6", _("A recurring norm needs trigger.every, due.window and late.then."))
        if norm.strength == "best_efforts" and "accrues" in spec.get("late", {}):
            yield self.at((*path, "late"), "B7", _("A duty of best efforts has no automatic penalty."))
        for excuse in spec.get("excused_by", []):
            if norm.debtor in ("provider", "client") and excuse.startswith(f"{norm.debtor}."):
                yield self.at((*path, "excused_by"), "B8", _("“%(name)s”: nobody is excused by their own act.",
                              name=excuse))  # fmt: skip
        if norm.suspendable and PROTECTED & set(norm.evidence):
            yield self.at((*path, "suspendable"), "B9", _("This duty holds even while the service is suspended."),
                          _("Write suspendable: false."))  # fmt: skip
        if spec.get("exercised_by") in ("service.suspended", "agreement.terminated") and not any(
            condition.get("fact") == "formal_notice.served" and condition.get("elapsed")
            for condition in spec.get("trigger", {}).get("all", [])
        ):
            yield self.at(
                (*path, "trigger"),
                "B10",
                _("Suspending or terminating needs a formal notice and a term after it."),
            )
        for name in spec.get("consequence", []):
            follows = self.agreement.norms.get(name)
            if name != "escalate" and (follows is None or "consequence" in (follows.spec or {})):
                yield self.at((*path, "consequence"), "B11", _("“%(name)s” is not a norm, or has a consequence of its "
                              "own.", name=name))  # fmt: skip
        if norm.measure is not None and norm.measure not in self.agreement.measures:
            yield self.at((*path, "measure"), "B12", _("There is no measure “%(name)s”.", name=norm.measure))

    def kinds_of_facts(self, norm: Norm, path: Path) -> Iterator[Problem]:
        spec = norm.spec or {}
        trigger = spec.get("trigger", {})
        conditions = [trigger, *trigger.get("all", [])]
        named = [((*path, "evidence"), kind) for kind in norm.evidence]
        named += [((*path, "trigger"), c[key]) for c in conditions for key in ("fact", "no_fact") if key in c]
        named += [((*path, key), spec[key]) for key in ("forbids", "exercised_by") if key in spec]
        for key in ("excused_by", "unless", "ends_with", "applies_to"):
            named += [((*path, key), kind) for kind in spec.get(key, [])]
        for place, kind in named:
            if kind not in KINDS and kind not in DERIVED:
                yield self.at(place, "B4", _("“%(kind)s” is not a known kind of fact.", kind=str(kind)))
        known = [KINDS[kind] for kind in norm.evidence if kind in KINDS]
        if (
            norm.modality == "obligation"
            and norm.debtor in ("provider", "client")
            and known
            and not any(Side(norm.debtor) in kind.by or Side.SYSTEM in kind.by for kind in known)
        ):
            yield self.at(
                (*path, "evidence"), "B4", _("Neither the debtor nor a system can record this evidence.")
            )

    def parameter_references(self, path: Path, value: Any) -> Iterator[Problem]:
        if isinstance(value, dict):
            for key, entry in value.items():
                yield from self.parameter_references((*path, key), entry)
        elif isinstance(value, list):
            for i, entry in enumerate(value):
                yield from self.parameter_references((*path, i), entry)
        elif isinstance(value, str) and value.startswith("@") and not self.resolves(value[1:]):
            yield self.at(path, "B5", _("There is no parameter “%(name)s”.", name=value[1:]))

    def resolves(self, name: str) -> bool:
        if name.endswith(".*"):
            return any(known.startswith(name[:-1]) for known in self.agreement.parameters)
        return name in self.agreement.parameters or (
            name.startswith("effect.") and name.removeprefix("effect.") in self.agreement.effect
        )

    # -- C: the numbers

    def parameters(self) -> Iterator[Problem]:
        sections = (("parameters", self.agreement.parameters), ("time", self.agreement.time))
        for section, parameters in sections:
            for name, parameter in parameters.items():
                yield from self.parameter((section, name), parameter)
        for name, longest in (("payment.term", LONGEST_PAYMENT), ("payment.max_periodic", LONGEST_PERIODIC)):
            found = self.agreement.parameters.get(name)
            term = _term(found.value) if found else None
            if term and (term.unit != "days" or term.count > longest.count):
                yield self.at(("parameters", name), "C4", _("The law does not allow more than %(term)s to pay "
                              "(C. com. L441-10).", term=longest))  # fmt: skip
        floor = self.agreement.parameters.get("liability.floor")
        if floor is not None and floor.value is None:
            yield self.at(("parameters", "liability.floor"), "C7", _("Without a floor, an early claim has a cap of zero: "
                          "a judge may set it aside (C. civ. 1170)."), severity="warning")  # fmt: skip

    def parameter(self, path: Path, parameter: Parameter) -> Iterator[Problem]:
        if self.agreement.status == "published" and parameter.confirm:
            yield self.at(path, "C1", _("“%(name)s” is still a proposal: it must be confirmed before publication.",
                          name=parameter.name))  # fmt: skip
        if parameter.origin == "law" and not parameter.law:
            yield self.at(path, "C2", _("“%(name)s” comes from a law that is not cited.", name=parameter.name),
                          _("Add “law” with its reference."))  # fmt: skip
        if parameter.options and parameter.value not in parameter.options:
            yield self.at((*path, "value"), "C8", _("“%(value)s” is not one of the options offered.",
                          value=str(parameter.value)))  # fmt: skip
        yield from self.terms(path, self.written.data[path[0]][path[1]])

    def terms(self, path: Path, value: Any) -> Iterator[Problem]:
        if isinstance(value, dict):
            for key, entry in value.items():
                if key not in ("label", "law", "options"):
                    yield from self.terms((*path, key), entry)
            yield from self.priorities(path, value)
        elif isinstance(value, str) and re.fullmatch(r"-?P-?T?-?\d.*", value) and _term(value) is None:
            yield self.at(path, "C3", _("“%(value)s” is not a length of time above zero.", value=value),
                          _("Write PnD, PnM, PnY, PnBD, PTnWH or PTnH."))  # fmt: skip

    def priorities(self, path: Path, value: dict[str, Any]) -> Iterator[Problem]:
        terms = [_term(value.get(word)) for word in ("P1", "P2", "P3", "P4") if word in value]
        given = [term for term in terms if term]
        for quick, slow in itertools.pairwise(given):
            if quick.unit == slow.unit and quick.count > slow.count:
                yield self.at(path, "C5", _("A higher priority cannot wait longer than a lower one."))
                return

    def levels(self) -> Iterator[Problem]:
        levels = list(self.agreement.levels.values())
        for level in levels:
            for name, value in level.sets.items():
                path: Path = ("levels", level.id, "set", name)
                if name not in self.agreement.parameters:
                    yield self.at(path, "C6", _("There is no parameter “%(name)s”.", name=name))
                yield from self.terms(path, value)
        for lower, higher in itertools.pairwise(levels):
            for name, value in higher.sets.items():
                if name.startswith("sla.") and _slower(lower.sets.get(name), value):
                    yield self.at(("levels", higher.id, "set", name), "C5", _("Level %(higher)s promises less than level "
                                  "%(lower)s.", higher=higher.name, lower=lower.name))  # fmt: skip
        offered = frozenset[str]().union(*(level.includes for level in levels))
        for norm in self.agreement.norms.values():
            for activity in _activities(norm):
                if activity not in offered:
                    yield self.at(("norms", norm.id), "F1", _("No level offers “%(name)s”.", name=activity))

    # -- D, E: calendars and dates

    def calendars(self) -> Iterator[Problem]:
        for name, calendar in self.agreement.calendars.items():
            path: Path = ("calendars", name)
            try:
                ZoneInfo(calendar.zone)
            except (ZoneInfoNotFoundError, ValueError):
                yield self.at((*path, "zone"), "D1", _("“%(name)s” is not a time zone.", name=calendar.zone))
            for day, spans in calendar.open.items():
                bounds = [bound for span in spans for bound in span]
                if any(a >= b for a, b in itertools.pairwise(bounds)) or any(b > "24:00" for b in bounds):
                    yield self.at(
                        (*path, "open", day), "D2", _("Opening hours go forward and do not overlap.")
                    )
            holidays = self.written.data["calendars"][name]["holidays"]
            if calendar.holidays == "FR-alsace-moselle" and "good_friday" not in holidays:
                yield self.at(
                    (*path, "holidays"), "D3", _("Say whether Good Friday is a holiday (good_friday).")
                )

    def whole(self) -> Iterator[Problem]:
        if self.agreement.effect["ends_on"].get("required") is not True:
            yield self.at(
                ("effect", "ends_on"), "E2", _("The end date must be explicit."), _("Write required: true.")
            )


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _term(value: Any) -> Term | None:
    try:
        return Term.parse(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _slower(lower: Any, higher: Any) -> bool:
    if isinstance(lower, dict) and isinstance(higher, dict):
        return any(_slower(lower.get(word), value) for word, value in higher.items())
    if isinstance(lower, int | Decimal) and isinstance(higher, int | Decimal):
        return higher < lower
    before, after = _term(lower), _term(higher)
    return bool(before and after and before.unit == after.unit and after.count > before.count)


def _activities(norm: Norm) -> set[str]:
    spec = norm.spec or {}
    found = set(
        re.findall(r"@(\w+)\.", f"{spec.get('due', '')} {spec.get('trigger', '')} {spec.get('quota', '')}")
    )
    return ({str(spec["if_level"])} if "if_level" in spec else set()) | (found & set(ACTIVITIES))

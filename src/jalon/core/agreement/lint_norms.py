"""Rules B and F: the norms. What each kind needs, who owes what to whom, which facts prove it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jalon.core.agreement.model import Norm
from jalon.core.agreement.reading import Path
from jalon.core.agreement.rules import Found, Subject, rule
from jalon.core.facts.catalogue import KINDS
from jalon.core.obligations import Side
from jalon.core.text import _

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


def _norms(subject: Subject) -> Iterator[tuple[Path, Norm, dict[str, Any]]]:
    for norm in subject.agreement.norms.values():
        yield ("norms", norm.id), norm, dict(norm.spec or {})


@rule(
    "B1", _("A clause that binds somebody has a norm."), _("What no norm runs is owed and never watched."),
    _("Write its norm, end the heading with a colon, list the term that it defines, or cite it where the file holds it (law, "
      "calendars, a parameter that informs)."),
)  # fmt: skip
def clauses_have_norms(subject: Subject) -> Iterator[Found]:
    """A heading, a definition, and what another section holds bind nobody by themselves."""
    held = set(_held_elsewhere(subject))
    for i, clause in enumerate(subject.agreement.clauses):
        text = clause.text.said(subject.authentic).rstrip()
        if (
            text
            and not text.endswith(":")
            and not clause.norms
            and clause.id not in held
            and not _defines(subject, text)
        ):
            yield Found(
                ("clauses", i, "norms"), _("Clause %(id)s binds somebody and has no norm.", id=clause.id)
            )


def _held_elsewhere(subject: Subject) -> Iterator[str]:
    """Clauses that law, jurisdiction, effect or a calendar cites as theirs, or that only inform."""
    data = subject.data
    for section in (data.get("law"), data.get("jurisdiction"), data["effect"], *data["calendars"].values()):
        if section and section.get("clause"):
            yield str(section["clause"])
    for parameter in subject.agreement.parameters.values():
        if (parameter.extra or {}).get("informs") is True:
            yield parameter.clause


def _defines(subject: Subject, text: str) -> bool:
    """Whether the text gives a listed term between quotation marks."""
    terms = (str(term.get(subject.authentic, "")) for term in subject.agreement.defined_terms)
    return any(re.search(rf"[\"“«]\s*{re.escape(term)}\s*[\"”»]", text) for term in terms if term)


@rule(
    "B2", _("A norm says what its kind needs: a trigger, a due date, what it forbids."),
    _("Without it the engine has nothing to compute."), _("Add the key; a sister norm of the same kind shows how."),
)  # fmt: skip
def norms_are_whole(subject: Subject) -> Iterator[Found]:
    """By kind."""
    for path, norm, spec in _norms(subject):
        for name in NEEDED.get(norm.kind, ()):
            if name not in spec:
                yield Found(path, _("A norm of kind %(kind)s needs “%(name)s”.", kind=norm.kind, name=name))


@rule(
    "B3", _("The debtor and the creditor are two."), _("Nobody owes to themselves."),
    _("Say which side owes it, and to which."),
)  # fmt: skip
def two_parties(subject: Subject) -> Iterator[Found]:
    """`both` and `none` aside."""
    for path, norm, _spec in _norms(subject):
        if norm.debtor == norm.creditor and norm.debtor not in ("both", "none"):
            yield Found(
                (*path, "creditor"), _("Nobody owes to themselves: debtor and creditor are the same.")
            )


@rule(
    "B4", _("Every kind of fact exists, and the debtor or a system can record the evidence."),
    _("A promise that its debtor cannot prove is never kept."), _("Choose a kind of docs/reference/facts.md."),
)  # fmt: skip
def facts_are_known(subject: Subject) -> Iterator[Found]:
    """Of the evidence, the trigger, what is forbidden, exercised, excused."""
    for path, norm, spec in _norms(subject):
        for place, kind in _named(path, norm, spec):
            if kind not in KINDS and kind not in DERIVED:
                yield Found(place, _("“%(kind)s” is not a known kind of fact.", kind=str(kind)))
        known = [KINDS[kind] for kind in norm.evidence if kind in KINDS]
        by = {side for kind in known for side in kind.by}
        if (
            norm.modality == "obligation"
            and norm.debtor in ("provider", "client")
            and known
            and not by & {Side(norm.debtor), Side.SYSTEM}
        ):
            yield Found((*path, "evidence"), _("Neither the debtor nor a system can record this evidence."))


def _named(path: Path, norm: Norm, spec: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    for i, kind in enumerate(norm.evidence):
        yield (*path, "evidence", i), kind
    trigger = spec.get("trigger", {})
    for key in ("fact", "no_fact"):
        if key in trigger:
            yield (*path, "trigger", key), trigger[key]
    for i, condition in enumerate(trigger.get("all", [])):
        for key in ("fact", "no_fact"):
            if key in condition:
                yield (*path, "trigger", "all", i, key), condition[key]
    for step in spec.get("due", {}).get("steps", {}):
        yield (*path, "due", "steps", step), step
    for key in ("forbids", "exercised_by"):
        if key in spec:
            yield (*path, key), spec[key]
    for key in ("excused_by", "unless", "ends_with", "applies_to"):
        for i, kind in enumerate(spec.get(key, [])):
            yield (*path, key, i), kind


@rule(
    "B5", _("Every “@name” is a parameter."), _("A number that is not there cannot be counted with."),
    _("Correct the name, or add the parameter with its origin."),
)  # fmt: skip
def parameters_resolve(subject: Subject) -> Iterator[Found]:
    """In norms and measures."""
    for section in ("norms", "measures"):
        for path, name in named_parameters((section,), subject.data[section]):
            if not _resolves(subject, name):
                yield Found(path, _("There is no parameter “%(name)s”.", name=name))


@rule(
    "B14", _("The calendar that a norm counts on exists."), _("A clock without its opening hours counts nothing."),
    _("Name one of calendars, or remove due.calendar: the debtor’s is then used."),
)  # fmt: skip
def calendars_exist(subject: Subject) -> Iterator[Found]:
    """`due.calendar`."""
    for path, _norm, spec in _norms(subject):
        named = spec.get("due", {}).get("calendar")
        if named is not None and named not in subject.agreement.calendars:
            yield Found((*path, "due", "calendar"), _("There is no calendar “%(name)s”.", name=str(named)))


def named_parameters(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    """Each “@name” below a node, without its @."""
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from named_parameters((*path, key), entry)
    elif isinstance(value, list):
        for i, entry in enumerate(value):
            yield from named_parameters((*path, i), entry)
    elif isinstance(value, str) and value.startswith("@"):
        yield path, value[1:]


def _resolves(subject: Subject, name: str) -> bool:
    if name.endswith(".*"):
        return any(known.startswith(name[:-1]) for known in subject.agreement.parameters)
    in_effect = name.startswith("effect.") and name.removeprefix("effect.") in subject.agreement.effect
    return name in subject.agreement.parameters or in_effect


@rule(
    "B6", _("A recurring norm says its rhythm, its window and what follows it."),
    _("Without them nobody knows which month a meeting kept."), _("Write trigger.every, due.window and late.then."),
)  # fmt: skip
def recurring_is_whole(subject: Subject) -> Iterator[Found]:
    """The three keys."""
    for path, norm, spec in _norms(subject):
        parts = (("trigger", "every"), ("due", "window"), ("late", "then"))
        if norm.kind != "recurring":
            continue
        for part, key in parts:
            if not spec.get(part, {}).get(key):
                yield Found((*path, part), _("A recurring norm needs %(name)s.", name=f"{part}.{key}"))


@rule(
    "B7", _("A duty of best efforts has no automatic penalty."),
    _("Who must show a lack of diligence cannot be paid before showing it (C. civ. 1231-1)."),
    _("Remove late.accrues, or write strength: result."),
)  # fmt: skip
def no_penalty_on_efforts(subject: Subject) -> Iterator[Found]:
    """`accrues` under best efforts."""
    for path, norm, spec in _norms(subject):
        if norm.strength == "best_efforts" and "accrues" in spec.get("late", {}):
            yield Found((*path, "late", "accrues"), _("A duty of best efforts has no automatic penalty."))


@rule(
    "B8", _("Nobody is excused by their own act."), _("Otherwise being late would excuse being late."),
    _("Remove it from excused_by."),
)  # fmt: skip
def no_self_excuse(subject: Subject) -> Iterator[Found]:
    """`client.*` cannot excuse the client."""
    for path, norm, spec in _norms(subject):
        for i, excuse in enumerate(spec.get("excused_by", [])):
            if norm.debtor in ("provider", "client") and str(excuse).startswith(f"{norm.debtor}."):
                yield Found((*path, "excused_by", i), _("“%(name)s”: nobody is excused by their own act.",
                            name=str(excuse)))  # fmt: skip


@rule(
    "B9", _("Confidentiality, data protection, transparency, complaints, backups hold during a suspension."),
    _("Non-payment stops a service, not the duties that protect people."), _("Write suspendable: false."),
)  # fmt: skip
def protected_duties(subject: Subject) -> Iterator[Found]:
    """By the evidence that proves them."""
    for path, norm, spec in _norms(subject):
        if norm.suspendable and PROTECTED & set(norm.evidence):
            place = (*path, "suspendable") if "suspendable" in spec else path
            yield Found(place, _("This duty holds even while the service is suspended."))


@rule(
    "B10", _("Suspending or terminating needs a formal notice, and a term after it."),
    _("A sanction without a last warning does not hold (C. civ. 1225, 1226)."),
    _("Add {fact: formal_notice.served, elapsed: …} to trigger.all."),
)  # fmt: skip
def notice_before_sanction(subject: Subject) -> Iterator[Found]:
    """Of each power exercised by one of the two."""
    for path, _norm, spec in _norms(subject):
        conditions = spec.get("trigger", {}).get("all", [])
        noticed = any(c.get("fact") == "formal_notice.served" and c.get("elapsed") for c in conditions)
        if spec.get("exercised_by") in ("service.suspended", "agreement.terminated") and not noticed:
            yield Found((*path, "trigger"), _("Suspending or terminating needs a formal notice and a term after it."))  # fmt: skip


@rule(
    "B11", _("A consequence is a norm that has no consequence of its own."),
    _("Sanctions that chain could never be explained."), _("Name a norm of this file, or escalate."),
)  # fmt: skip
def no_chain_of_consequences(subject: Subject) -> Iterator[Found]:
    """`escalate` is the only word that is not a norm."""
    for path, _norm, spec in _norms(subject):
        for i, name in enumerate(spec.get("consequence", [])):
            follows = subject.agreement.norms.get(str(name))
            if name != "escalate" and (follows is None or "consequence" in (follows.spec or {})):
                yield Found((*path, "consequence", i), _("“%(name)s” is not a norm, or has a consequence of its own.",
                            name=str(name)))  # fmt: skip


@rule(
    "B12", _("The measure of a norm exists."), _("A promise that no measure counts disappears from the reviews."),
    _("Name one of measures, or write measure: null."),
)  # fmt: skip
def measures_exist(subject: Subject) -> Iterator[Found]:
    """`null` is allowed: some norms are not counted."""
    for path, norm, _spec in _norms(subject):
        if norm.measure is not None and norm.measure not in subject.agreement.measures:
            yield Found((*path, "measure"), _("There is no measure “%(name)s”.", name=str(norm.measure)))


NEEDED_BY: dict[str, dict[str, tuple[str, ...]]] = {
    "excuse": {
        "client.no_show": ("noshow.reoffer",), "client.late_cancel": ("noshow.reoffer", "cancel.notice"),
        "client.declined": ("noshow.reoffer",),
    },
    "exercise": {"service.suspended": ("suspend.discharge_over",)},
    "trigger": {"provider.question": ("reply.within", "reply.extension")},
    "printed": {"invoice.due": ("payment.term", "payment.late_rate", "payment.indemnity")},
    "activity": {"review": ("monthly.qbr_counts",)},
}  # fmt: skip
"""Parameters that the engine reads by name where a norm has this excuse, exercise, trigger, printed date or activity."""


@rule(
    "B13", _("What a norm makes the engine read is there."),
    _("An excuse or a suspension is computed with numbers that the norm does not name itself."),
    _("Add the parameter with its origin, or remove what needs it."),
)  # fmt: skip
def needed_numbers_are_there(subject: Subject) -> Iterator[Found]:
    """The numbers of NEEDED_BY, each said once."""
    said: set[str] = set()
    for path, norm, spec in _norms(subject):
        for place, name in _reads(path, norm, spec):
            if name not in subject.agreement.parameters and name not in said:
                said.add(name)
                yield Found(place, _("This norm needs the parameter “%(name)s”.", name=name))


def _reads(path: Path, norm: Norm, spec: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    causes: list[tuple[Path, str, str]] = [
        ((*path, "excused_by", i), "excuse", str(e)) for i, e in enumerate(spec.get("excused_by", []))
    ]
    causes.append(((*path, "exercised_by"), "exercise", str(spec.get("exercised_by"))))
    causes.append(((*path, "trigger"), "trigger", str(spec.get("trigger", {}).get("fact"))))
    causes.append(((*path, "due"), "printed", str(spec.get("due", {}).get("printed"))))
    if norm.kind == "recurring":
        causes.append(((*path, "where"), "activity", str(spec.get("where", {}).get("type"))))
    for place, family, name in causes:
        for parameter in NEEDED_BY[family].get(name, ()):
            yield place, parameter


@rule(
    "F1", _("Every activity that a norm owes is offered by some level."),
    _("A promise that no client can have is a promise made to nobody."), _("Add it to the includes of a level."),
)  # fmt: skip
def activities_are_offered(subject: Subject) -> Iterator[Found]:
    """What `if_level` names, and the activities whose parameters the norm reads, where levels speak of them."""
    offered = frozenset[str]().union(*(level.includes for level in subject.agreement.levels.values()))
    for path, _norm, spec in _norms(subject):
        for activity in sorted(_activities(spec) - offered):
            place = (*path, "if_level") if spec.get("if_level") == activity else path
            yield Found(place, _("No level offers “%(name)s”.", name=activity))


def _activities(spec: dict[str, Any]) -> set[str]:
    read = re.findall(r"@(\w+)\.", f"{spec.get('due', '')} {spec.get('trigger', '')} {spec.get('quota', '')}")
    return ({str(spec["if_level"])} if "if_level" in spec else set()) | (set(read) & set(ACTIVITIES))

"""Rules C: the numbers. Their origin, their law, their order, their use."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from decimal import Decimal
from fnmatch import fnmatch
from typing import Any

from jalon.core.agreement.lint_norms import named_parameters
from jalon.core.agreement.reading import Path
from jalon.core.agreement.rules import Found, Subject, leaves, rule
from jalon.core.text import _
from jalon.core.timekeeping.terms import Term, term_in

LONGEST = {"payment.term": Term(60, "days"), "payment.max_periodic": Term(45, "days")}  # C. com. L441-10 I
LEAST_INDEMNITY = 40  # euros, C. com. D441-5
LEAST_LEGAL_RATES = 3  # C. com. L441-10 II: three times the legal rate
READ_BY_ENGINE = (
    "payment.*", "liability.*", "suspend.*", "terminate.*", "noshow.*", "cancel.notice", "reply.within",
    "reply.extension", "monthly.qbr_counts", "claim.notify_within",
)  # fmt: skip
"""Parameters that the engine reads by name, beside those that norms name with @."""
PRIORITIES = ("P1", "P2", "P3", "P4")
PROSE = ("label", "law", "options", "title", "formula")  # keys whose texts are for people


@rule(
    "C1", _("Once published, nothing is left to confirm."),
    _("A number that the parties have not confirmed is not theirs."), _("Confirm it and remove confirm, or stay in draft."),
)  # fmt: skip
def confirmed(subject: Subject) -> Iterator[Found]:
    """Anywhere in the file."""
    if subject.agreement.status != "published":
        return
    for path, value in _mappings((), subject.data):
        if value.get("confirm") is True:
            yield Found(path, _("“%(name)s” is still a proposal: it must be confirmed before publication.",
                        name=".".join(str(part) for part in path[-2:])))  # fmt: skip


@rule(
    "C2", _("What comes from a law cites it."), _("Whoever doubts a number must find its article."),
    _("Add “law” with its reference."),
)  # fmt: skip
def law_is_cited(subject: Subject) -> Iterator[Found]:
    """Anywhere in the file."""
    for path, value in _mappings((), subject.data):
        if value.get("from") == "law" and not value.get("law"):
            yield Found(path, _("“%(name)s” comes from a law that is not cited.", name=str(path[-1])))


def _mappings(path: Path, value: Any) -> Iterator[tuple[Path, dict[str, Any]]]:
    if isinstance(value, dict):
        if path:
            yield path, value
        for key, entry in value.items():
            yield from _mappings((*path, key), entry)
    elif isinstance(value, list):
        for i, entry in enumerate(value):
            yield from _mappings((*path, i), entry)


@rule(
    "C3", _("A length of time is written PnD, PnM, PnY, PnBD, PTnWH or PTnH, above zero."),
    _("The unit decides what is counted: days, business days, open hours, hours."),
    _("Write PnD, PnM, PnY, PnBD, PTnWH or PTnH."),
)  # fmt: skip
def terms_are_valid(subject: Subject) -> Iterator[Found]:
    """In parameters, levels, the rules of time and the norms."""
    for section in ("parameters", "time", "levels", "norms", "measures"):
        for path, value in leaves((section,), subject.data[section], but=PROSE):
            if re.fullmatch(r"-?P-?T?-?\d.*", value) and value not in PRIORITIES and term_in(value) is None:
                yield Found(path, _("“%(value)s” is not a length of time above zero.", value=value))


@rule(
    "C4", _("Payment keeps within the law: 60 days, 45 for a periodic invoice; interest of three times the legal rate and "
            "40 EUR at least."),
    _("A term beyond the ceiling is fined; a lower rate is unwritten (C. com. L441-10, L441-16)."),
    _("Keep within the ceiling or above the floor."),
)  # fmt: skip
def payment_is_lawful(subject: Subject) -> Iterator[Found]:
    """Where French law governs; the level and the agreement alike."""
    if str((subject.data.get("law") or {}).get("governing") or "FR") != "FR":
        return
    for path, name, value in _values(subject):
        longest, written = LONGEST.get(name), term_in(value)
        if longest and written and (written.unit != "days" or written.count > longest.count):
            yield Found(
                path, _("The law does not allow more than %(term)s to pay (C. com. L441-10).", term=longest)
            )
        if name == "payment.late_rate" and not _lawful_rate(subject, str(value)):
            yield Found(path, _("Late interest falls below three times the legal rate (C. com. L441-10 II)."),
                        _("Write ecb_refi_plus_10, or legal_3x, or keep floor: 3x_legal_rate."))  # fmt: skip
        if name == "payment.indemnity" and isinstance(value, int | Decimal) and value < LEAST_INDEMNITY:
            yield Found(path, _("The recovery indemnity is at least 40 EUR an invoice (C. com. D441-5)."))


def _lawful_rate(subject: Subject, value: str) -> bool:
    """The refinancing rate plus ten points is the statute’s own; anything else needs the floor of three legal rates."""
    times = re.fullmatch(r"legal_(\d+)x", value)
    if times:
        return int(times[1]) >= LEAST_LEGAL_RATES
    found = subject.agreement.parameters.get("payment.late_rate")
    floor = re.fullmatch(r"(\d+)x_legal_rate", str((found.extra or {}).get("floor", "")) if found else "")
    plus = re.fullmatch(r"ecb_refi_plus_(\d+)", value)
    if plus and int(plus[1]) >= 10:
        return floor is None or int(floor[1]) >= LEAST_LEGAL_RATES
    return floor is not None and int(floor[1]) >= LEAST_LEGAL_RATES


def _values(subject: Subject) -> Iterator[tuple[Path, str, Any]]:
    """Each number of the agreement, and of each level."""
    for name, parameter in subject.agreement.parameters.items():
        yield ("parameters", name, "value"), name, parameter.value
    for level in subject.agreement.levels.values():
        for name, value in level.sets.items():
            yield ("levels", level.id, "set", name), name, value


@rule(
    "C5", _("A higher priority waits no longer than a lower one; a higher level promises no less."),
    _("Paying more for less is a mistake of the table."), _("Put the row in order."),
)  # fmt: skip
def rising(subject: Subject) -> Iterator[Found]:
    """Priorities in each value; levels in the order of the file."""
    for path, _name, value in _values(subject):
        if isinstance(value, dict) and set(PRIORITIES) & value.keys():
            terms = [(word, term_in(value[word])) for word in PRIORITIES if term_in(value.get(word))]
            for (_a, quick), (slow_word, slow) in itertools.pairwise(terms):
                if quick and slow and quick.unit == slow.unit and quick.count > slow.count:
                    yield Found(
                        (*path, slow_word), _("A higher priority cannot wait longer than a lower one.")
                    )
                    break
    for lower, higher in itertools.pairwise(subject.agreement.levels.values()):
        for name, value in higher.sets.items():
            if _slower(lower.sets.get(name), value):
                yield Found(("levels", higher.id, "set", name), _("Level %(higher)s promises less than level %(lower)s.",
                            higher=higher.name, lower=lower.name))  # fmt: skip


def _slower(lower: Any, higher: Any) -> bool:
    if isinstance(lower, dict) and isinstance(higher, dict):
        return any(_slower(lower.get(word), value) for word, value in higher.items())
    if isinstance(lower, int | Decimal) and isinstance(higher, int | Decimal):
        return higher < lower
    before, after = term_in(lower), term_in(higher)
    return bool(before and after and before.unit == after.unit and after.count > before.count)


@rule(
    "C6", _("A level sets parameters that exist; a parameter is read by a norm or by the engine, or says that it only informs."),
    _("A misspelt name sets nothing, and a number that nothing reads looks like a promise and changes nothing."),
    _("Correct the name, remove it, name it in a norm with @, or write informs: true."),
)  # fmt: skip
def parameters_are_known_and_used(subject: Subject) -> Iterator[Found]:
    """Unknown: an error. Unused (no @ in a norm or a measure, no engine that reads it, no `informs: true`): a warning."""
    for level in subject.agreement.levels.values():
        for name in level.sets:
            if name not in subject.agreement.parameters:
                yield Found(
                    ("levels", level.id, "set", name), _("There is no parameter “%(name)s”.", name=name)
                )
    read = {
        name for section in ("norms", "measures") for _p, name in named_parameters((), subject.data[section])
    }
    for name, parameter in subject.agreement.parameters.items():
        informs = (parameter.extra or {}).get("informs") is True
        if not informs and not any(fnmatch(name, pattern) for pattern in (*READ_BY_ENGINE, *read)):
            yield Found(("parameters", name), _("No norm reads “%(name)s”.", name=name), severity="warning")


@rule(
    "C7", _("The cap has a floor."),
    _("Without one, an early claim has a cap of zero: a judge may set it aside (C. civ. 1170)."),
    _("Give liability.floor an amount."), severity="warning",
)  # fmt: skip
def cap_has_a_floor(subject: Subject) -> Iterator[Found]:
    """Only where the agreement has a cap."""
    floor = subject.agreement.parameters.get("liability.floor")
    if floor is not None and floor.value is None:
        yield Found(("parameters", "liability.floor"), _("Without a floor, an early claim has a cap of zero: a judge may "
                    "set it aside (C. civ. 1170)."))  # fmt: skip


@rule(
    "C8", _("A choice is one of the options offered."), _("The engine knows these readings and no other."),
    _("Write one of the options."),
)  # fmt: skip
def choices_are_offered(subject: Subject) -> Iterator[Found]:
    """`value` among `options`."""
    for name, parameter in subject.agreement.parameters.items():
        if parameter.options and parameter.value not in parameter.options:
            yield Found(("parameters", name, "value"), _("“%(value)s” is not one of the options offered.",
                        value=str(parameter.value)),
                        _("Write one of: %(names)s.", names=tuple(str(o) for o in parameter.options)))  # fmt: skip

"""Rules O and V: what an order may set, and the number of a version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fnmatch import fnmatch
from typing import Any

from jalon.core.agreement import diffing
from jalon.core.agreement.model import Agreement
from jalon.core.agreement.problems import Problem
from jalon.core.agreement.reading import Path, Written
from jalon.core.agreement.rules import RULES, Found, Rule, Subject, rule
from jalon.core.text import Text, _
from jalon.core.timekeeping.terms import term_in

ORDER_NAMES = (
    "client.*", "level", "ends_on", "renewal", "price.*", "calendar.client", "contacts.*", "objectives",
)  # fmt: skip
"""What an order names beside parameters."""


@rule(
    "O1", _("What an order must or may set exists."), _("A name that nothing has could be signed and change nothing."),
    _("Name a parameter, or one of client.*, level, ends_on, renewal, price.*, calendar.client, contacts.*, objectives."),
)  # fmt: skip
def order_names_exist(subject: Subject) -> Iterator[Found]:
    """Patterns match one parameter at least."""
    for section in ("must_set", "may_set"):
        for i, name in enumerate(subject.agreement.order[section]):
            known = any(fnmatch(parameter, str(name)) for parameter in subject.agreement.parameters)
            if not known and not any(fnmatch(str(name), pattern) for pattern in ORDER_NAMES):
                yield Found(
                    ("order", section, i), _("“%(name)s” is nothing that an order can set.", name=str(name))
                )


@rule(
    "O2", _("An order does not set what a law supplies."), _("A client cannot sign away a rule of public order."),
    _("Name the other parameters one by one instead of a pattern."),
)  # fmt: skip
def order_spares_the_law(subject: Subject) -> Iterator[Found]:
    """Parameters whose origin is a law."""
    for i, pattern in enumerate(subject.agreement.order["may_set"]):
        for name, parameter in subject.agreement.parameters.items():
            if parameter.origin == "law" and fnmatch(name, str(pattern)):
                yield Found(("order", "may_set", i), _("“%(pattern)s” lets an order set “%(name)s”, which a law supplies.",
                            pattern=str(pattern), name=name))  # fmt: skip


@rule(
    "O3", _("Where there are several levels, an order must choose one."), _("Otherwise nobody knows which delays hold."),
    _("Add level to must_set."),
)  # fmt: skip
def order_chooses_a_level(subject: Subject) -> Iterator[Found]:
    """One level needs no choice."""
    if len(subject.agreement.levels) > 1 and "level" not in subject.agreement.order["must_set"]:
        yield Found(
            ("order", "must_set"),
            _("An order must choose among %(n)s levels.", n=len(subject.agreement.levels)),
        )


@rule(
    "V1", _("The number of a version rises as much as what changed since the one that it supersedes."), diffing.RULE,
    _("Raise the version."),
)  # fmt: skip
def version_rises_enough(subject: Subject) -> Iterator[Found]:
    """Only where the version before is at hand."""
    if subject.before is None:
        return
    found = diffing.diff(subject.before, subject.agreement)
    if not found.is_high_enough:
        yield Found(("version",), _("%(after)s says less than what changed since %(before)s: %(change)s", after=found.after,
                    before=found.before, change=found.changes[0].said),
                    _("Write %(version)s at least; jalon agreement diff lists the changes.", version=found.least))  # fmt: skip


_SIGNED = _("An order that breaks its agreement has no effect, and the reader must know before signing.")
for _id, _what, _mend in (
    ("O4", _("A signed order sets everything that the agreement says it must."), _("Add it to the order.")),
    ("O5", _("A signed order sets nothing else than what it must or may."), _("Remove it, or amend the agreement.")),
    ("O6", _("A signed order writes values of the right shape: a known level, a day, a term, an option."),
     _("Write a value like the agreement’s.")),
):  # fmt: skip
    RULES[_id] = Rule(_id, _what, _SIGNED, _mend)


def order_problems(agreement: Agreement, written: Written) -> Iterator[Problem]:
    """What is wrong in an order form read from YAML: a mapping of names to values, `overrides` for its parameters."""

    def problem(path: Path, id: str, said: Text) -> Problem:
        return written.problem(path, said, rule=id, mend=RULES[id].mend)

    if not isinstance(written.data, dict):
        yield problem((), "O6", _("An order is a mapping of names to values."))
        return
    given = dict(_flat((), written.data))
    must, may = agreement.order["must_set"], agreement.order["may_set"]
    for name in must:
        if not any(fnmatch(one, name) or one.startswith(f"{name}.") for one in given):
            yield problem((), "O4", _("The order does not set “%(name)s”.", name=name))
    for name, (path, value) in given.items():
        allowed = any(fnmatch(name, one) or name.startswith(f"{one}.") for one in (*must, *may))
        if not allowed:
            said = _("The order sets “%(name)s”, which the agreement does not let an order set.", name=name)
            yield problem(path, "O5", said)
        elif wrong := _wrong(agreement, name, value):
            yield problem(path, "O6", wrong)


def _flat(path: Path, value: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Path, Any]]]:
    for key, entry in value.items():
        if key == "overrides" and isinstance(entry, dict):
            yield from _flat((*path, key), entry)
        else:
            yield str(key), ((*path, key), entry)


def _wrong(agreement: Agreement, name: str, value: Any) -> Text | None:
    if name == "level" and value not in agreement.levels:
        return _("The agreement has no level “%(level)s”; its levels are %(known)s.", level=str(value),
                 known=", ".join(agreement.levels))  # fmt: skip
    if name == "ends_on" and not _is_day(value):
        return _("“%(value)s” is not a date.", value=str(value))
    if name == "calendar.client" and value not in agreement.calendars:
        return _("The agreement has no calendar “%(name)s”.", name=str(value))
    known = agreement.parameters.get(name)
    if known is None:
        return None
    if known.options and value not in known.options:
        return _("“%(value)s” is not one of the options offered.", value=str(value))
    if term_in(known.value) is not None and term_in(value) is None:
        return _("“%(value)s” is not a length of time above zero.", value=str(value))
    if isinstance(known.value, dict) and isinstance(value, dict):
        odd = sorted(value.keys() - known.value.keys())
        return _("“%(name)s” has no “%(key)s”.", name=name, key=odd[0]) if odd else None
    return None


def _is_day(value: Any) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True

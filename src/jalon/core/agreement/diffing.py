"""Two versions of an agreement compared: what changes, for whom, and how the number of the version must rise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from jalon.core.agreement.lint_norms import named_parameters
from jalon.core.agreement.model import Agreement, CalendarSpec, Norm
from jalon.core.obligations import Side
from jalon.core.text import Bilingual, Text, Value, _
from jalon.core.timekeeping.civil import in_months
from jalon.core.timekeeping.terms import term_in

Bump = Literal["major", "minor", "patch"]
BUMPS: tuple[Bump, ...] = ("major", "minor", "patch")
RULE = _("Major when the signed text of a clause changes, minor when what somebody owes changes, patch for translations, labels "
         "and notes.")  # fmt: skip
"""The rule by which a version rises (domain: clause text = major, term = minor, translation and notes = patch)."""


@dataclass(frozen=True)
class Change:
    """One difference. `for_provider` and `for_client` say what it changes for them, where it changes something."""

    bump: Bump
    said: Text
    path: str  # parameters.sla.first.P1
    clause: str = ""
    for_provider: Text | None = None
    for_client: Text | None = None


@dataclass(frozen=True)
class Diff:
    """Everything that differs between two versions, heaviest first."""

    before: str
    after: str
    changes: tuple[Change, ...]

    @property
    def bump(self) -> Bump | None:
        """How the version must rise; None when nothing differs."""
        return next((bump for bump in BUMPS if any(c.bump == bump for c in self.changes)), None)

    @property
    def least(self) -> str:
        """The lowest number that the new version may have; the present one where nothing differs."""
        return next_version(self.before, self.bump) if self.bump else self.before

    @property
    def is_high_enough(self) -> bool:
        """Whether the new version's number says enough."""
        if self.bump is None:
            return True
        if "-" in self.before and _numbers(self.before) == _numbers(self.after):
            return self.before != self.after  # drafts of one version may change anything
        return _numbers(self.after) >= _numbers(self.least)


def next_version(version: str, bump: Bump) -> str:
    """The version that follows `version`: 2024.1.0 -> 2025.0.0, 2024.2.0 or 2024.1.1; a draft becomes its own version."""
    major, minor, patch = _numbers(version)
    if "-" in version:
        return f"{major}.{minor}.{patch}"
    match bump:
        case "major":
            return f"{major + 1}.0.0"
        case "minor":
            return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"


def _numbers(version: str) -> tuple[int, int, int]:
    major, minor, patch = version.partition("-")[0].split(".")
    return int(major), int(minor), int(patch)


def diff(before: Agreement, after: Agreement) -> Diff:
    """What changes from `before` to `after`, as sentences."""
    found = [
        *_clauses(before, after), *_norms(before, after), *_parameters(before, after), *_levels(before, after),
        *_calendars(before, after), *_rules(before, after), *_words(before, after),
    ]  # fmt: skip
    found.sort(key=lambda change: BUMPS.index(change.bump))
    return Diff(before.version, after.version, tuple(found))


# -- clauses


def _clauses(before: Agreement, after: Agreement) -> Iterator[Change]:
    old, new = {c.id: c for c in before.clauses}, {c.id: c for c in after.clauses}
    lang, other = after.authentic, "en" if after.authentic == "fr" else "fr"
    for id in dict.fromkeys((*old, *new)):
        path = f"clauses.{id}"
        if id not in new:
            yield Change(
                "major", _("Clause %(id)s “%(title)s” is removed.", id=id, title=old[id].title), path, id
            )
        elif id not in old:
            yield Change(
                "major", _("Clause %(id)s “%(title)s” is added.", id=id, title=new[id].title), path, id
            )
        else:
            a, b = old[id], new[id]
            if (_bare(a.text.said(lang)), _bare(a.title.said(lang))) != (
                _bare(b.text.said(lang)),
                _bare(b.title.said(lang)),
            ):
                yield Change(
                    "major",
                    _("The signed text of clause %(id)s “%(title)s” changes.", id=id, title=b.title),
                    path,
                    id,
                )
            elif (a.text.said(other), a.title.said(other)) != (b.text.said(other), b.title.said(other)):
                yield Change("patch", _("The translation of clause %(id)s changes.", id=id), path, id)
            if (a.note, a.remark) != (b.note, b.remark):
                yield Change("patch", _("The note on clause %(id)s changes.", id=id), path, id)


def _bare(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


# -- norms


def _norms(before: Agreement, after: Agreement) -> Iterator[Change]:
    for id in dict.fromkeys((*before.norms, *after.norms)):
        old, new = before.norms.get(id), after.norms.get(id)
        if old is None and new is not None:
            said = _("“%(promise)s” is added.", promise=new.title)
            yield _for_both(
                new, said, f"norms.{id}", _("One more promise to keep."), _("One more promise to rely on.")
            )
        elif new is None and old is not None:
            said = _("“%(promise)s” is removed.", promise=old.title)
            yield _for_both(
                old, said, f"norms.{id}", _("One promise fewer to keep."), _("One promise fewer to rely on.")
            )
        elif old is not None and new is not None:
            yield from _norm(old, new)


def _norm(old: Norm, new: Norm) -> Iterator[Change]:
    path = f"norms.{new.id}"
    if old.title != new.title:
        yield Change(
            "patch",
            _("“%(before)s” is now called “%(after)s”.", before=old.title, after=new.title),
            path,
            new.clause,
        )
    if (old.debtor, old.creditor) != (new.debtor, new.creditor):
        said = _("“%(promise)s” is owed by %(after)s instead of %(before)s.", promise=new.title,
                 before=side_word(old.debtor), after=side_word(new.debtor))  # fmt: skip
        yield _for_both(new, said, path, _("Owes it from now on."), _("Is owed it from now on."))
    a, b = dict(old.spec or {}), dict(new.spec or {})
    gained = tuple(str(e) for e in b.get("excused_by", []) if e not in a.get("excused_by", []))
    lost = tuple(str(e) for e in a.get("excused_by", []) if e not in b.get("excused_by", []))
    if gained:
        said = _("“%(promise)s” is now excused by: %(excuses)s.", promise=new.title, excuses=gained)
        yield _for_both(
            new, said, f"{path}.excused_by", _("More excuses."), _("More cases in which it is not owed.")
        )
    if lost:
        said = _("“%(promise)s” is no longer excused by: %(excuses)s.", promise=new.title, excuses=lost)
        yield _for_both(
            new, said, f"{path}.excused_by", _("Fewer excuses."), _("Fewer cases in which it is not owed.")
        )
    if (old.strength, new.strength) == ("result", "best_efforts"):
        said = _("“%(promise)s” becomes a duty of best efforts.", promise=new.title)
        yield _for_both(
            new,
            said,
            f"{path}.strength",
            _("Must be diligent, no longer succeed."),
            _("Must show a lack of diligence."),
        )
    elif old.strength != new.strength:
        said = _("“%(promise)s” becomes a duty of result.", promise=new.title)
        yield _for_both(
            new,
            said,
            f"{path}.strength",
            _("Must succeed, no longer only be diligent."),
            _("Has only to show the lateness."),
        )
    if old.suspendable != new.suspendable:
        said = (
            _("“%(promise)s” stops during a suspension.", promise=new.title)
            if new.suspendable
            else _("“%(promise)s” goes on during a suspension.", promise=new.title)
        )
        yield _for_both(new, said, f"{path}.suspendable", *_while_unpaid(new.suspendable))
    seen = {
        "title",
        "debtor",
        "creditor",
        "excused_by",
        "strength",
        "suspendable",
        "clause",
        "measure",
        "quote",
    }
    for key in sorted((a.keys() | b.keys()) - seen):
        if a.get(key) != b.get(key):
            said = _("“%(promise)s”: the rule “%(key)s” changes.", promise=new.title, key=key)
            yield _for_both(new, said, f"{path}.{key}", _("Read the rule again."), _("Read the rule again."))
    if (old.clause, old.measure, a.get("quote")) != (new.clause, new.measure, b.get("quote")):
        yield Change(
            "patch", _("“%(promise)s” is filed or counted otherwise.", promise=new.title), path, new.clause
        )


def _while_unpaid(stops: bool) -> tuple[Text, Text]:
    if stops:
        return _("Not owed while the service is suspended."), _(
            "Not received while the service is suspended."
        )
    return _("Owed even while the service is suspended."), _("Received even while the service is suspended.")


def _for_both(norm: Norm, said: Text, path: str, debtor: Text, creditor: Text) -> Change:
    """A minor change, with what it means for who owes and for who is owed."""
    words = {"provider": (debtor, creditor), "client": (creditor, debtor), "both": (debtor, debtor)}
    vendor, client = words.get(norm.debtor, (creditor, creditor))
    return Change("minor", said, path, norm.clause, vendor, client)


def side_word(side: str) -> Text:
    """A side as sentences name it."""
    return {
        Side.PROVIDER.value: _("the vendor"), Side.CLIENT.value: _("the client"), Side.BOTH.value: _("both sides"),
    }.get(side, _("nobody"))  # fmt: skip


# -- numbers


def _parameters(before: Agreement, after: Agreement) -> Iterator[Change]:
    uses = _uses(after) | {name: use for name, use in _uses(before).items() if name not in after.parameters}
    for name in dict.fromkeys((*before.parameters, *after.parameters)):
        old, new = before.parameters.get(name), after.parameters.get(name)
        known = new or old
        assert known is not None  # the name comes from one of the two
        label: Value = known.label or name
        path = f"parameters.{name}"
        if old is None or new is None:
            said = _("The number “%(what)s” is added: %(value)s.", what=label, value=_value(known.value)) if old is None \
                else _("The number “%(what)s” is removed.", what=label)  # fmt: skip
            yield Change("minor", said, path, known.clause)
            continue
        if old.label != new.label:
            yield Change("patch", _("The label of “%(what)s” changes.", what=label), path, new.clause)
        if (old.origin, old.law, old.confirm) != (new.origin, new.law, new.confirm):
            said = _("“%(what)s” is confirmed.", what=label) if old.confirm and not new.confirm \
                else _("“%(what)s” is founded otherwise.", what=label)  # fmt: skip
            yield Change("patch", said, path, new.clause)
        yield from _value_change(path, label, old.value, new.value, new.clause, uses.get(name, ()))
        if (old.extra or {}) != (new.extra or {}):
            yield Change("minor", _("The conditions of “%(what)s” change.", what=label), path, new.clause)


Use = tuple[Norm, str]
"""A norm that reads a parameter, and where: due.add, trigger.every."""


def _uses(agreement: Agreement) -> dict[str, tuple[Use, ...]]:
    found: dict[str, tuple[Use, ...]] = {}
    for norm in agreement.norms.values():
        for path, name in named_parameters((), dict(norm.spec or {})):
            found[name] = (*found.get(name, ()), (norm, ".".join(map(str, path[:2]))))
    return found


def _value_change(
    path: str, what: Value, old: Any, new: Any, clause: str, uses: tuple[Use, ...]
) -> Iterator[Change]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*old, *new)):
            inner = _("%(what)s, %(key)s", what=what, key=str(key))
            yield from _value_change(f"{path}.{key}", inner, old.get(key), new.get(key), clause, uses)
        return
    if old == new:
        return
    said = _(
        "“%(what)s” goes from %(before)s to %(after)s.", what=what, before=_value(old), after=_value(new)
    )
    vendor, client = _effects(old, new, uses)
    yield Change("minor", said, path, clause, vendor, client)


def _effects(old: Any, new: Any, uses: tuple[Use, ...]) -> tuple[Text | None, Text | None]:
    """What it means for each side: for who owes, and for who is owed."""
    if not uses:
        return _("Counts otherwise."), _("Counts otherwise.")
    norm, where = uses[0]
    debtor, creditor = _meaning(where, _grows(old, new))
    return (creditor, debtor) if norm.debtor == Side.CLIENT.value else (debtor, creditor)


def _meaning(where: str, grows: bool | None) -> tuple[Text, Text]:
    if grows is None:
        return _("Counts otherwise."), _("Counts otherwise.")
    if where == "trigger.every":
        return (
            (_("Owed less often."), _("Received less often."))
            if grows
            else (_("Owed more often."), _("Received more often."))
        )
    if where == "due.by":
        return (
            (_("Must say it earlier."), _("Is told earlier."))
            if grows
            else (_("May say it later."), _("Is told later."))
        )
    if where.startswith("quota"):
        return (
            (_("Must give more."), _("May ask for more."))
            if grows
            else (_("Must give less."), _("May ask for less."))
        )
    if where.startswith(("due.", "late.")):
        return (
            (_("Has more time."), _("Waits longer at most."))
            if grows
            else (_("Has less time."), _("Waits less at most."))
        )
    return (
        (_("A higher requirement."), _("Is promised more."))
        if grows
        else (_("A lower requirement."), _("Is promised less."))
    )


def _grows(old: Any, new: Any) -> bool | None:
    """Whether the value grows; None where two values cannot be compared."""
    if isinstance(old, int | Decimal) and isinstance(new, int | Decimal) and not isinstance(old, bool):
        return new > old
    before, after = term_in(old), term_in(new)
    if before is None or after is None:
        return None
    if before.unit == after.unit:
        return after.count > before.count
    if {before.unit, after.unit} <= {"months", "years"}:
        return in_months(after) > in_months(before)
    return None


def _value(value: Any) -> Value:
    if value is None:
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return tuple(_value(one) for one in value)
    if isinstance(value, int | Decimal):
        return value
    return term_in(value) or str(value)


# -- levels, calendars, rules, words


def _levels(before: Agreement, after: Agreement) -> Iterator[Change]:
    uses = _uses(after)
    for id in dict.fromkeys((*before.levels, *after.levels)):
        old, new, path = before.levels.get(id), after.levels.get(id), f"levels.{id}"
        if old is None and new is not None:
            yield Change("minor", _("The level %(level)s is added.", level=new.name), path)
        elif new is None and old is not None:
            yield Change("minor", _("The level %(level)s is removed.", level=old.name), path)
        elif old is not None and new is not None:
            if old.name != new.name:
                said = _("The level %(before)s is now called %(after)s.", before=old.name, after=new.name)
                yield Change("patch", said, path)
            for one in sorted(new.includes - old.includes):
                said = _("The level %(level)s now includes “%(what)s”.", level=new.name, what=one)
                yield Change("minor", said, path, "", _("Must give more."), _("Receives more."))
            for one in sorted(old.includes - new.includes):
                said = _("The level %(level)s no longer includes “%(what)s”.", level=new.name, what=one)
                yield Change("minor", said, path, "", _("Must give less."), _("Receives less."))
            for name in dict.fromkeys((*old.sets, *new.sets)):
                known = after.parameters.get(name) or before.parameters.get(name)
                label: Value = (known.label if known else None) or name
                what = _("%(what)s (level %(level)s)", what=label, level=new.name)
                clause = known.clause if known else ""
                was, now = (_under(agreement, id, name) for agreement in (before, after))
                yield from _value_change(f"{path}.set.{name}", what, was, now, clause, uses.get(name, ()))


def _under(agreement: Agreement, level: str, name: str) -> Any:
    """What a level gives a parameter: its own value, else the agreement's."""
    known = agreement.parameters.get(name)
    return agreement.levels[level].sets.get(name, known.value if known else None)


def _calendars(before: Agreement, after: Agreement) -> Iterator[Change]:
    words = {
        "zone": _("the time zone"), "open": _("the opening hours"), "holidays": _("the holidays"),
        "good_friday": _("Good Friday"), "closures": _("the closures"),
    }  # fmt: skip
    for id in dict.fromkeys((*before.calendars, *after.calendars)):
        old, new, path = before.calendars.get(id), after.calendars.get(id), f"calendars.{id}"
        if old is None or new is None:
            said = (
                _("The calendar “%(name)s” is added.", name=id)
                if old is None
                else _("The calendar “%(name)s” is removed.", name=id)
            )
            yield Change("minor", said, path)
            continue
        changed = tuple(word for name, word in words.items() if _of(old, name) != _of(new, name))
        if changed:
            said = _("In the calendar “%(name)s” change: %(what)s.", name=id, what=changed)
            yield Change(
                "minor",
                said,
                path,
                "",
                _("Its clocks count other hours."),
                _("Its clocks count other hours."),
            )


def _of(calendar: CalendarSpec, name: str) -> Any:
    value = getattr(calendar, name)
    return dict(value) if isinstance(value, Mapping) else value


def _rules(before: Agreement, after: Agreement) -> Iterator[Change]:
    for name in dict.fromkeys((*before.time, *after.time)):
        old, new = before.time.get(name), after.time.get(name)
        if (old.value, old.extra) != (new.value, new.extra) if old and new else True:
            said = _("The rule of time “%(name)s” changes.", name=name)
            yield Change("minor", said, f"time.{name}", "", _("Counts otherwise."), _("Counts otherwise."))
    for section, a, b in (
        ("effect", before.effect, after.effect), ("order", before.order, after.order),
        ("level_change", before.level_change, after.level_change), ("seats", before.seats, after.seats),
    ):  # fmt: skip
        for name in sorted(a.keys() | b.keys()):
            if a.get(name) != b.get(name):
                yield Change(
                    "minor", _("The rule “%(name)s” changes.", name=f"{section}.{name}"), f"{section}.{name}"
                )


def _words(before: Agreement, after: Agreement) -> Iterator[Change]:
    if before.title != after.title:
        yield Change("patch", _("The title of the agreement changes."), "title")
    for name in sorted(before.measures.keys() | after.measures.keys()):
        a, b = dict(before.measures.get(name, {})), dict(after.measures.get(name, {}))
        title = b.get("title") or a.get("title")
        label: Value = Bilingual(**title) if title else name
        if {k: v for k, v in a.items() if k != "title"} != {k: v for k, v in b.items() if k != "title"}:
            yield Change("minor", _("“%(what)s” is measured otherwise.", what=label), f"measures.{name}")
        elif a != b:
            yield Change("patch", _("The label of “%(what)s” changes.", what=label), f"measures.{name}")
    if before.defined_terms != after.defined_terms:
        yield Change("patch", _("The defined terms change."), "defined_terms")

"""What a reader asks of a why through its address: as of and as known on which moments, and what if. Reads, never records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

from django.utils import timezone

from jalon.accounts import agreements
from jalon.accounts.models import Account
from jalon.core import whatif
from jalon.core.agreement.model import Agreement
from jalon.core.facts.catalogue import tell
from jalon.core.facts.model import Fact
from jalon.core.obligations import Obligation, ParameterUse, Side
from jalon.core.text import Bilingual, Text, _
from jalon.figures.why import laid_out
from jalon.ledger import book, pages

Params = Mapping[str, str]
YEARS = range(1990, 2101)
"""Years that an address may name: outside, calendars have nothing to say."""


@dataclass(frozen=True)
class Moments:
    """When an answer is judged, and by what was known when; `problems` names what could not be read, by field."""

    as_of: datetime
    known_at: datetime
    past: bool  # the address asks for another moment than the present one
    problems: Mapping[str, Text] = field(default_factory=dict)
    written: Mapping[str, str] = field(default_factory=dict)


def moments(params: Params, now: datetime, zone: tzinfo) -> Moments:
    """The moments of an address: `as_of`, and `known_at` (without it: what was known then). What cannot be read counts as now."""
    problems: dict[str, Text] = {}
    found: dict[str, datetime] = {}
    for name in ("as_of", "known_at"):
        try:
            at = instant(params.get(name, ""), now, zone)
        except ValueError as error:
            problems[name] = error.args[0]
            continue
        if at is not None and name == "known_at" and at > now:
            problems[name] = _("This moment is still to come: what will be known then is not known yet.")
        elif at is not None:
            found[name] = at
    as_of = found.get("as_of", now)
    known_at = found.get("known_at", min(as_of, now))
    written = {name: params.get(name, "") for name in ("as_of", "known_at")}
    return Moments(as_of, known_at, bool(found), problems, written)


def instant(written: str, now: datetime, zone: tzinfo) -> datetime | None:
    """The instant written in an address, in the reader’s `zone` unless it says its own; a day alone is its end, today is now; None for nothing.

    ValueError carries a Text that says what to write.
    """
    written = written.strip().replace(" ", "+")  # a "+02:00" that an address carries unescaped
    if not written:
        return None
    try:
        if len(written) == 10:
            day = date.fromisoformat(written)
            at = now if day == now.astimezone(zone).date() else datetime.combine(day, time.max, zone)
        else:
            at = datetime.fromisoformat(written)
    except ValueError:
        raise ValueError(_unread(written)) from None
    if at.year not in YEARS:
        raise ValueError(_unread(written))
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _unread(written: str) -> Text:
    return _("“%(written)s” is not a moment: write for example 2026-05-20 or 2026-05-20T09:30.", written=written[:40])  # fmt: skip


# --- what if


@dataclass(frozen=True)
class Asked:
    """What can be supposed of a promise, what was, and the two answers side by side."""

    facts: tuple[tuple[str, Text, datetime], ...]  # of the why: id, sentence, when it happened
    kinds: tuple[tuple[str, Text], ...]
    levels: tuple[tuple[str, Bilingual], ...]
    numbers: tuple[tuple[ParameterUse, Bilingual | None], ...]
    values: Mapping[str, str] = field(default_factory=dict)  # the form as it was sent
    problem: Text | None = None
    said: Text | None = None  # what is supposed
    as_of: datetime | None = None  # when the supposed answer is judged
    answer: Obligation | None = None
    absent: bool = False  # supposed so, it would not be owed at all


def ask(account: Account, owed: Obligation, at: Moments, params: Params, now: datetime, side: Side) -> Asked:
    """The what-if form of a promise and, where the address asks one, its answer. Nothing is saved."""
    agreement, zone = agreements.of(account), timezone.get_current_timezone()
    facts = book.facts_of(account, at.known_at)
    if agreement is None or owed.why is None:
        return Asked((), (), (), ())
    form = _form(agreement, owed, facts, side)
    if not params.get("suppose"):
        return form
    names = ("suppose", "fact", "absent", "kind", "level", "number", "value", "moved_at", "added_at")
    form = replace(form, values={name: params.get(name, "").strip() for name in names})
    try:
        said, what = _read(agreement, owed, facts, form, now, zone)
    except (whatif.CannotSuppose, ValueError) as error:
        problem = error.said if isinstance(error, whatif.CannotSuppose) else error.args[0]
        return replace(form, problem=problem)
    now_supposed = whatif.supposed(agreement, facts, at.as_of, at.known_at, what)
    answer = whatif.suppose(agreement, facts, at.as_of, at.known_at, owed.key, what)
    return replace(form, said=said, as_of=now_supposed.as_of, answer=answer, absent=answer is None)


def _form(agreement: Agreement, owed: Obligation, facts: list[Fact], side: Side) -> Asked:
    told = {h.fact for h in owed.why.happenings if h.fact} if owed.why else set()
    mine = [fact for fact in facts if fact.id in told and fact.visibility in ("both", side)]
    norm = agreement.norms[owed.norm]
    return Asked(
        facts=tuple((fact.id, tell(fact), fact.at) for fact in mine),
        kinds=tuple((kind.kind, kind.label) for kind in whatif.kinds_looked_at(norm) if not kind.private),
        levels=tuple((level.id, level.name) for level in agreement.levels.values()),
        numbers=tuple((use, agreement.parameters[use.name].label) for use in whatif.numbers(agreement, owed)),
    )


def _read(
    agreement: Agreement, owed: Obligation, facts: list[Fact], form: Asked, now: datetime, zone: tzinfo
) -> tuple[Text, whatif.Supposition]:
    sent = form.values
    told = {id: said for id, said, _at in form.facts}
    match sent["suppose"]:
        case "moved" if sent["fact"] in told:
            at = _needed(sent["moved_at"], now, zone)
            return _("“%(fact)s” happens on %(at)s.", fact=told[sent["fact"]], at=at), whatif.Moved(sent["fact"], at)  # fmt: skip
        case "absent" if sent["absent"] in told:
            return _("“%(fact)s” had not happened.", fact=told[sent["absent"]]), whatif.Absent((sent["absent"],))  # fmt: skip
        case "added" if sent["kind"] in dict(form.kinds):
            at = _needed(sent["added_at"], now, zone)
            fact = whatif.imagined(agreement.norms[owed.norm], owed, facts, sent["kind"], at)
            label = dict(form.kinds)[sent["kind"]]
            return _("“%(kind)s” on %(at)s, recorded at once.", kind=label, at=at), whatif.Added(fact)
        case "level" if sent["level"] in dict(form.levels):
            level = dict(form.levels)[sent["level"]]
            return _("The client is at level %(level)s.", level=level), whatif.AtLevel(sent["level"])
        case "number":
            for use, name in form.numbers:
                if use.name == sent["number"]:
                    what = whatif.number(agreement, use, sent["value"])
                    return _("“%(number)s” is %(value)s.", number=name or use.name, value=_said(what.value)), what  # fmt: skip
    raise whatif.CannotSuppose(_("Choose what to suppose among what is proposed."))


def _said(value: object) -> Text | str | int:
    from jalon.core.timekeeping.terms import Term

    try:
        return _("%(term)s", term=Term.parse(str(value)))
    except ValueError:
        return value if isinstance(value, int) else str(value)


def _needed(written: str, now: datetime, zone: tzinfo) -> datetime:
    at = instant(written, now, zone)
    if at is None:
        raise ValueError(_("Say when: a day and an hour."))
    if at > now + timedelta(days=3660):
        raise ValueError(_("This is more than ten years ahead: choose a nearer day."))
    return at


# --- the page, the same in both windows


def page(account: Account, key: str, params: Params, now: datetime, side: Side) -> dict[str, Any] | None:
    """The context of a why in the window of `side`; None where there is no such promise, or it is not for that side."""
    zone, agreement = timezone.get_current_timezone(), agreements.of(account)
    at = moments(params, now, zone)
    owed = book.obligation_of(account, key, at.as_of, at.known_at)
    unknown = owed is None and at.past
    if unknown:  # the promise did not exist then: said above the answer of today
        at = replace(at, as_of=now, known_at=now)
        owed = book.obligation_of(account, key, now)
    if owed is None or agreement is None or (owed.private and side != Side.PROVIDER):
        return None
    return {
        "account": account,
        "owed": owed,
        "why": laid_out(owed, agreement),
        "history": pages.history(account, owed, now),
        "at": at,
        "unknown": unknown,
        "today": now,
        "asked": ask(account, owed, at, params, now, side),
        "levels": agreement.levels,
    }

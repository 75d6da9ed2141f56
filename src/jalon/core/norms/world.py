"""The world in which norms are judged: what is known and has happened, who signed what, which numbers are in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fnmatch import fnmatch
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from jalon.core.agreement.model import Agreement, Level, Norm
from jalon.core.facts.model import Fact
from jalon.core.norms.visible import Visible
from jalon.core.obligations import Obligation, ParameterUse, Refused, Side, State
from jalon.core.text import Text, _
from jalon.core.timekeeping.calendars import Calendar, Freeze, Interval
from jalon.core.timekeeping.civil import day_of
from jalon.core.timekeeping.terms import Term

if TYPE_CHECKING:
    from jalon.core.money.statement import Statement


@dataclass
class World:
    """Everything an instance is judged with. Built once an assessment; facts after `now` are not in it."""

    agreement: Agreement
    seen: Visible
    now: datetime
    known_at: datetime
    by_kind: dict[str, list[Fact]] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    found: dict[str, list[Obligation]] = field(default_factory=dict)  # by norm, once computed
    drafts: dict[str, Any] = field(
        default_factory=dict
    )  # by key of obligation: what an explanation is made from

    judged: dict[str, list[tuple[date, bool]]] = field(default_factory=dict)  # by side, once gathered
    tickets: frozenset[str] = frozenset()  # what questions may name, gathered once
    explaining: bool = True  # without, the steps of the computations are not written down
    _merged: dict[tuple[str, ...], list[Fact]] = field(default_factory=dict)
    _indexes: dict[tuple[str, tuple[str, ...]], dict[str, list[Fact]]] = field(default_factory=dict)
    _read: dict[tuple[str, date], ParameterUse] = field(default_factory=dict)
    _levels_by_day: dict[date, Level | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for fact in self.seen.facts:
            if fact.at <= self.now:
                self.by_kind.setdefault(fact.kind, []).append(fact)
        for fact, said in self.seen.powerless:
            self.refuse(fact, said)

    def of(self, *kinds: str) -> list[Fact]:
        """The facts of these kinds that have happened, in order."""
        if len(kinds) == 1:
            return self.by_kind.get(kinds[0], [])
        if kinds not in self._merged:
            found = [fact for kind in kinds for fact in self.by_kind.get(kind, [])]
            self._merged[kinds] = sorted(found, key=order)
        return self._merged[kinds]

    def naming(self, kind: str, value: str, *fields: str, nameless: bool = True) -> list[Fact]:
        """The facts of a kind that name `value` in one of `fields`, in order; with `nameless`, also those that name nothing."""
        index = self._index(kind, fields)
        mine, unnamed = index.get(value, []), index.get("", []) if nameless else []
        return sorted([*mine, *unnamed], key=order) if unnamed else mine

    def _index(self, kind: str, fields: tuple[str, ...]) -> dict[str, list[Fact]]:
        if (kind, fields) not in self._indexes:
            index: dict[str, list[Fact]] = {}
            for fact in self.of(kind):
                names = {str(fact.fields[name]) for name in fields if fact.fields.get(name)} or {""}
                for name in names:
                    index.setdefault(name, []).append(fact)
            self._indexes[kind, fields] = index
        return self._indexes[kind, fields]

    @cached_property
    def ids(self) -> frozenset[str]:
        """The identifiers of the facts that have happened."""
        return frozenset(fact.id for facts in self.by_kind.values() for fact in facts)

    # --- calendars

    @cached_property
    def frozen(self) -> dict[str, list[Freeze]]:
        """Days off fixed into the ledger, by calendar, in order: each rules from the day on which it was fixed."""
        found: dict[str, list[Freeze]] = {}
        zone = ZoneInfo(self.agreement.calendars["provider"].zone)
        for fact in self.of("calendar.frozen"):
            off, closed = (
                frozenset(day_of(day) for day in fact.get(name) or ()) for name in ("holidays", "closures")
            )
            since = fact.at.astimezone(zone).date()
            found.setdefault(str(fact.get("calendar", "provider")), []).append(
                Freeze(since, int(fact.get("year", 0)), off, closed)
            )
        return found

    @cached_property
    def provider_calendar(self) -> Calendar:
        """The vendor's working calendar; its zone is the agreement's."""
        return Calendar.of(self.agreement.calendars["provider"], self.frozen.get("provider", ()))

    @cached_property
    def client_calendar(self) -> Calendar:
        """The client's: what its orders say (`calendar.client`), each from its day on; else the agreement's default for clients."""
        named = [
            (self.day(fact.at), str((fact.get("overrides") or {})["calendar.client"]))
            for fact in self.of("order.set")
            if "calendar.client" in (fact.get("overrides") or {}) and self.may_set("calendar.client")
        ]
        found = self._client_calendar(named[0][1] if named else "client_default")
        for since, name in named[1:]:
            found = found.followed_by(self._client_calendar(name), since)
        return found

    def _client_calendar(self, named: str) -> Calendar:
        spec = self.agreement.calendars.get(named) or self.agreement.calendars.get("client_default")
        return Calendar.of(spec, self.frozen.get(named, ())) if spec else self.provider_calendar

    def calendar_of(self, norm: Norm) -> Calendar:
        """A clock runs on the debtor's calendar, unless the norm names another one (`due.calendar`)."""
        named = ((norm.spec or {}).get("due") or {}).get("calendar")
        if named:
            return Calendar.of(self.agreement.calendars[str(named)], self.frozen.get(str(named), ()))
        return self.client_calendar if norm.debtor == Side.CLIENT else self.provider_calendar

    @property
    def zone(self) -> ZoneInfo:
        """The agreement's zone."""
        return self.provider_calendar.zone

    def day(self, at: datetime) -> date:
        """The local day of an instant."""
        return self.provider_calendar.local_day(at)

    # --- clause 1: effect, end

    @cached_property
    def effective_on(self) -> date | None:
        """The local day of the last required signature; later where the master is older than this version and C accepted it."""
        days = []
        for needed in self.agreement.effect.get("requires_signatures", ()):
            signed = [
                f
                for f in self.of("document.signed")
                if f.get("doc", needed["doc"]) == needed["doc"] and f.side == needed["by"]
            ]
            if not signed:
                return None
            days.append(self.day(signed[0].at))
        effective = max(days, default=None)
        if effective is None or effective >= self.agreement.published_on:
            return effective
        # A master older than this version does not carry it: the client must accept it (clause 1 cannot reach back).
        accepted = [
            self.day(f.at) for f in self.of("document.signed", "agreement.amended")
            if f.side == Side.CLIENT and self.day(f.at) >= self.agreement.published_on
        ]  # fmt: skip
        return min(accepted, default=None)

    @cached_property
    def terminations(self) -> list[Fact]:
        """The terminations that have effect."""
        from jalon.core.norms.power import terminations

        return terminations(self)

    @property
    def terminated(self) -> Fact | None:
        """The termination in force, if any: the first one ends the agreement, and nothing ends it again."""
        return self.terminations[0] if self.terminations else None

    @cached_property
    def ends_on(self) -> date | None:
        """The last day: what the latest order says, or the termination's effect if that is earlier."""
        orders = [day_of(f.get("ends_on")) for f in self.of("order.set") if f.get("ends_on")]
        ends = orders[-1] if orders else None
        if self.terminated:
            effect = day_of(self.terminated.get("effective") or self.day(self.terminated.at).isoformat())
            return min(effect, ends) if ends else effect
        return ends

    @property
    def standing(self) -> State:
        """not_yet before the effect, cancelled after the end, open between."""
        if self.effective_on is None or self.day(self.now) < self.effective_on:
            return State.NOT_YET
        if self.ends_on and self.day(self.now) > self.ends_on:
            return State.CANCELLED
        return State.OPEN

    # --- levels and numbers

    @cached_property
    def levels(self) -> list[tuple[date, str]]:
        """From when each level is in force; a change takes effect on the day it says, else on the day after its signature."""
        found = []
        for fact in self.of("order.set", "level.set"):
            if not fact.get("level"):
                continue
            own = self.day(fact.at)
            later = own + timedelta(days=1) if fact.kind == "level.set" else own
            found.append((day_of(fact.get("from")) if fact.get("from") else later, str(fact.get("level"))))
        return sorted(found, key=lambda one: one[0])

    def level_on(self, day: date) -> Level | None:
        """The level in force on `day`; the first one for days before it; None where no order names one."""
        if day not in self._levels_by_day:
            named = [level for since, level in self.levels if since <= day] or [
                level for _since, level in self.levels[:1]
            ]
            self._levels_by_day[day] = self.agreement.levels.get(named[-1]) if named else None
        return self._levels_by_day[day]

    def includes(self, norm: Norm, day: date) -> bool:
        """Whether the level in force on `day` includes the norm's activity; without a level, everything is."""
        wanted = (norm.spec or {}).get("if_level")
        level = self.level_on(day)
        return not wanted or level is None or wanted in level.includes

    def owed(self, norm: Norm) -> list[Obligation]:
        """The instances of a norm, computed once."""
        from jalon.core.norms.registry import runner

        if norm.id not in self.found:
            run = runner(norm)
            self.found[norm.id] = list(run(self, norm)) if run else []
        return self.found[norm.id]

    def refuse(self, fact: Fact, said: Text) -> None:
        """Say, once, that a fact has no effect and why."""
        one = Refused(fact.id, said)
        if one not in self.refused:
            self.refused.append(one)

    def overrides_on(self, day: date) -> Mapping[str, tuple[Any, Fact]]:
        """What orders signed by `day` set for this client, limited to what the agreement lets an order set.

        The first order rules the days before it too: a later one moves nothing that began before it.
        """
        found: dict[str, tuple[Any, Fact]] = {}
        orders = self.of("order.set")
        for fact in [one for one in orders if self.day(one.at) <= day] or orders[:1]:
            for name, value in (fact.get("overrides") or {}).items():
                if self.may_set(name):
                    found[name] = (value, fact)
        return found

    def may_set(self, name: str) -> bool:
        """Whether an order may set this name."""
        allowed = (*self.agreement.order.get("must_set", ()), *self.agreement.order.get("may_set", ()))
        return any(fnmatch(name, pattern) for pattern in allowed)

    def refuse_overrides(self) -> None:
        """Say which settings of an order have no effect, because the agreement does not let an order set them."""
        for fact in self.of("order.set"):
            for name in fact.get("overrides") or {}:
                if not self.may_set(name):
                    self.refused.append(
                        Refused(
                            fact.id,
                            _(
                                "The order sets “%(name)s”, which the agreement does not let an order set.",
                                name=name,
                            ),
                        )
                    )

    def refuse_levels(self) -> None:
        """Say which orders name a level that the agreement does not have: nothing is guessed from a misspelt one."""
        for fact in self.of("order.set", "level.set"):
            level = fact.get("level")
            if level and level not in self.agreement.levels:
                known = ", ".join(self.agreement.levels)
                said = _(
                    "The agreement has no level “%(level)s”; its levels are %(known)s.",
                    level=str(level),
                    known=known,
                )
                self.refused.append(Refused(fact.id, said))

    def parameter(self, written: Any, day: date) -> ParameterUse:
        """A value of the file: "@name" reads the parameter (signed order, then level, then agreement); anything else is itself."""
        if not (isinstance(written, str) and written.startswith("@")):
            return ParameterUse("", written, "text")
        if (written, day) not in self._read:
            self._read[written, day] = self._parameter(written[1:], day)
        return self._read[written, day]

    def _parameter(self, name: str, day: date) -> ParameterUse:
        ordered = self.overrides_on(day).get(name)
        if ordered:
            return ParameterUse(
                name,
                ordered[0],
                "order",
                source=self.day(ordered[1].at).isoformat(),
                clause=self._clause_of(name),
            )
        level = self.level_on(day)
        if level and name in level.sets:
            return ParameterUse(
                name, level.sets[name], "level", source=level.id, clause=self._clause_of(name)
            )
        known = self.agreement.parameters[name]
        return ParameterUse(name, known.value, known.origin, source=known.law, clause=known.clause)

    def _clause_of(self, name: str) -> str:
        known = self.agreement.parameters.get(name)
        return known.clause if known else ""

    def extra(self, written: str, key: str, default: Any = None) -> Any:
        """A qualifier written beside a parameter: `per`, `within`, `max`."""
        known = self.agreement.parameters.get(written.removeprefix("@"))
        return (known.extra or {}).get(key, default) if known else default

    # --- clause 4.8: suspension

    @cached_property
    def suspensions(self) -> list[tuple[Fact, date, date | None]]:
        """Accepted suspensions: from their first day to the day on which the service resumed (not suspended any more)."""
        from jalon.core.norms.power import suspension_unmet

        found: list[tuple[Fact, date, date | None]] = []
        resumed = self.of("service.resumed")
        for fact in self.of("service.suspended"):
            first = day_of(fact.get("from")) if fact.get("from") else self.day(fact.at)
            unmet = suspension_unmet(self, fact, first)
            if unmet:
                self.refuse(fact, _("This suspension has no effect: %(unmet)s", unmet=unmet))
                continue
            if found and (found[-1][2] is None or found[-1][2] > first):
                continue  # already suspended
            ends = next((self.day(f.at) for f in resumed if self.day(f.at) >= first), None)
            found.append((fact, first, ends))
        return found

    @property
    def is_suspended(self) -> bool:
        """Whether the service is suspended at this moment."""
        return any(ends is None for _fact, _first, ends in self.suspensions)

    def suspended_days(self, first: date, last: date) -> int:
        """Calendar days of [first, last] on which the service was suspended, as far as has happened."""
        return sum(1 for day in self._suspended(first, last))

    def _suspended(self, first: date, last: date) -> Iterator[date]:
        today = self.day(self.now)
        for _fact, start, ends in self.suspensions:
            until = min(last, (ends - timedelta(days=1)) if ends else today)
            day = max(first, start)
            while day <= until:
                yield day
                day += timedelta(days=1)

    def suspended_spans(self) -> list[Interval]:
        """The suspensions as intervals of instants, whole local days; a running one ends now."""
        calendar = self.provider_calendar
        return [
            (
                calendar.midnight(first),
                calendar.midnight(ends) if ends else max(self.now, calendar.midnight(first)),
            )
            for _fact, first, ends in self.suspensions
        ]

    # --- clause 4.8: money

    @cached_property
    def statement(self) -> Statement:
        """Every invoice with what was paid on it, as known and as far as has happened."""
        from jalon.core.money.statement import statement

        return statement(self)

    # --- clause 4.2: questions to the client

    @cached_property
    def questions(self) -> list[Question]:
        """Every question that the vendor asked, with the answer that closes it."""
        from jalon.core.norms.questions import questions

        return questions(self)

    @cached_property
    def waits(self) -> list[Question]:
        """What else the client owes before the vendor can go on: information, access, assistance."""
        from jalon.core.norms.questions import waits

        return waits(self)

    @cached_property
    def promise_names(self) -> frozenset[str]:
        """How what is asked for may name a promise that it serves: by norm, clause, activity or purpose."""
        specs = [norm.spec or {} for norm in self.agreement.norms.values()]
        wheres = [spec.get("where") or {} for spec in specs]
        wheres += [(spec.get("trigger") or {}).get("where") or {} for spec in specs]
        said = {str(where[name]) for where in wheres for name in ("type", "purpose") if where.get(name)}
        return frozenset(
            said | self.agreement.norms.keys() | {norm.clause for norm in self.agreement.norms.values()}
        )

    @cached_property
    def questions_by_name(self) -> dict[str, list[Question]]:
        """The questions by each thing that they name."""
        found: dict[str, list[Question]] = {}
        for question in self.questions:
            for name in question.names | {str(question.fact.get("request") or "")} - {""}:
                found.setdefault(name, []).append(question)
        return found


def order(fact: Fact) -> tuple[datetime, datetime, str]:
    """The order in which facts are told: as they happened, then as they were written."""
    return fact.at, fact.recorded_at, fact.id


@dataclass(frozen=True)
class Question:
    """A question to the client: asked, due, answered."""

    fact: Fact
    occurrence: str
    due_on: date
    reply: Fact | None
    calendar: Calendar

    def days_late(self, now: datetime) -> list[date]:
        """The business days d with due < d <= the answer, or now."""
        until = self.reply.at if self.reply else now
        return self.calendar.business_days(self.due_on, self.calendar.local_day(until))

    def days_waited(self, now: datetime) -> list[date]:
        """The business days d with asked < d <= the answer, or now: the other reading of 4.2."""
        until = self.reply.at if self.reply else now
        return self.calendar.business_days(
            self.calendar.local_day(self.fact.at), self.calendar.local_day(until)
        )

    @cached_property
    def names(self) -> frozenset[str]:
        """What this question is about or needed for, as the vendor wrote it."""
        found: set[str] = set()
        for name in ("ref", "needed_for", "purpose"):
            value = self.fact.get(name)
            found |= (
                {str(v) for v in value}
                if isinstance(value, (list, tuple))
                else {str(value)}
                if value
                else set()
            )
        return frozenset(found)


def term_of(use: ParameterUse) -> Term:
    """The term that a parameter writes."""
    return Term.parse(str(use.value))

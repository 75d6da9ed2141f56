"""One client's account at any moment, as known at any other: its promises, its standing, and the threads of its facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from jalon.accounts import agreements
from jalon.accounts.models import Account
from jalon.core import engine
from jalon.core.facts.model import Fact
from jalon.core.facts.words import ACTIVITIES
from jalon.core.money.amount import to_cents
from jalon.core.money.invoices import Invoice, invoices
from jalon.core.norms.visible import visible
from jalon.core.norms.world import World
from jalon.core.obligations import Assessment, Power, Right, Side
from jalon.core.text import Text
from jalon.ledger import book, pages, projection
from jalon.ledger.asking import Moments
from jalon.ledger.models import AccountStanding


def kept(moment: Moments) -> str:
    """The end of an address that keeps the same moment; "" for now."""
    given = {
        name: written for name, written in moment.written.items() if written and name not in moment.problems
    }
    return urlencode(given)


@dataclass
class Dossier:
    """A client's account at a moment, for a reader of `side`. Now comes from the projection; any other moment is derived."""

    account: Account
    moment: Moments
    side: Side

    @cached_property
    def assessment(self) -> Assessment | None:
        """Everything owed at the moment."""
        agreement = agreements.of(self.account)
        if agreement is None:
            return None
        return engine.assess(
            agreement, self._recorded, self.moment.as_of, self.moment.known_at, explain=False
        )

    @cached_property
    def _recorded(self) -> list[Fact]:
        """Everything recorded by then, of both sides: what promises are derived from."""
        return book.facts_of(self.account, self.moment.known_at)

    @cached_property
    def world(self) -> World | None:
        """The agreement and the facts at the moment; None while there is no agreement."""
        agreement, moment = agreements.of(self.account), self.moment
        if agreement is None:
            return None
        return World(agreement, visible(self._recorded, moment.known_at), moment.as_of, moment.known_at)

    @cached_property
    def rights_and_powers(self) -> tuple[tuple[Right, ...], tuple[Power, ...]]:
        """What the client may ask for, and what the vendor may do."""
        return engine.rights_and_powers(self.world) if self.world else ((), ())

    @cached_property
    def rows(self) -> list[Any]:
        """The promises by due date, without those that this side does not see."""
        ours = self.side == Side.PROVIDER
        if not self.moment.past:
            return pages.promises(self.account, private=ours)
        found = self.assessment.by_key().values() if self.assessment else ()
        return sorted((one for one in found if ours or not one.private), key=_by_due)

    @cached_property
    def standing(self) -> AccountStanding | None:
        """Level, dates, what is late and what is kept."""
        if not self.moment.past:
            return AccountStanding.objects.filter(account=self.account).first()
        if self.assessment is None:
            return None
        facts = self._recorded
        values = projection.standing_values(self.account, self.assessment, facts, self.moment.as_of)
        return AccountStanding(account=self.account, **values)

    @cached_property
    def facts(self) -> Sequence[Fact]:
        """What this side sees and knows by then, corrections applied, in order of happening."""
        seen = [
            f for f in self._recorded
            if f.visibility in ("both", self.side.value)
        ]  # fmt: skip
        return [f for f in visible(seen, self.moment.known_at).facts if f.at <= self.moment.as_of]

    def of(self, *kinds: str) -> list[Fact]:
        """The facts of these kinds."""
        return [fact for fact in self.facts if fact.kind in kinds]

    def promises_of(self, *facts: str) -> list[Any]:
        """The promises that these facts created."""
        return [row for row in self.rows if row.trigger and row.trigger in facts]


def _by_due(row: Any) -> tuple[bool, float, str]:
    return row.due is None, row.due.timestamp() if row.due else 0.0, row.key


@dataclass(frozen=True)
class Thread:
    """A thing that was opened, what answered it, and the promises that it created with their clocks."""

    fact: Fact
    said: str
    closed: Fact | None
    promises: list[Any]
    answers: tuple[Fact, ...] = ()


def tickets(dossier: Dossier) -> list[Thread]:
    """Each request with its clocks, the latest first; reopened ones are open."""
    found = []
    for opened in dossier.of("request.opened"):
        name = str(opened.get("request") or opened.id)
        messages = [f for f in dossier.of("client.message") if f.get("ref") == name]
        ends = [f for f in dossier.of("request.resolved", "request.reopened") if f.get("request") == name]
        closed = ends[-1] if ends and ends[-1].kind == "request.resolved" else None
        promises = dossier.promises_of(opened.id, *(f.id for f in messages))
        found.append(Thread(opened, str(opened.get("subject") or name), closed, promises))
    return found[::-1]


def questions(dossier: Dossier) -> list[Thread]:
    """What was asked of the client: questions, access, help; the latest first."""
    pairs = {"provider.question": ("client.reply", "question", "text"), "access.requested": ("access.answered", "access", "system"),
             "assistance.requested": ("assistance.answered", "assistance", "what")}  # fmt: skip
    found = []
    for asked_for in dossier.of(*pairs):
        kind, pointer, told = pairs[asked_for.kind]
        names = {asked_for.id, str(asked_for.get("ref") or "")} - {""}
        answers = [f for f in dossier.of(kind) if str(f.get(pointer) or "") in names]
        closed = next((f for f in answers if f.get("complete") is not False), None)
        found.append(
            Thread(asked_for, str(asked_for.get(told) or ""), closed, dossier.promises_of(asked_for.id))
        )
    return found[::-1]


def reports(dossier: Dossier) -> list[Thread]:
    """The ad hoc reports: asked for, decided, delivered."""
    found = []
    for wanted in dossier.of("report.requested"):
        about = [f for f in dossier.of("report.decided", "report.delivered") if f.get("report") == wanted.id]
        decided = [f for f in about if f.kind == "report.decided"]
        given = next((f for f in about if f.kind == "report.delivered"), None)
        closed = given or next((f for f in decided if f.get("decision") == "refused"), None)
        promises = dossier.promises_of(wanted.id, *(f.id for f in decided))
        found.append(Thread(wanted, str(wanted.get("subject") or ""), closed, promises, tuple(about)))
    return found[::-1]


@dataclass(frozen=True)
class Meeting:
    """An appointment: its present start, and what became of it."""

    fact: Fact
    start: datetime
    end: datetime | None
    became: str  # coming | held | past (still to be told) | cancelled | no_show
    by: str  # the side that cancelled or was absent
    moved: int
    promises: list[Any]

    @property
    def name(self) -> Text | str:
        """What it is for."""
        wanted = str(self.fact.get("for") or "")
        return dict(ACTIVITIES).get(wanted, wanted)


def appointments(dossier: Dossier) -> list[Meeting]:
    """Every appointment, the latest first."""
    found = []
    for confirmed in dossier.of("appointment.confirmed"):
        uid = str(confirmed.get("uid") or confirmed.id)
        about = [
            f
            for f in dossier.of("appointment.moved", "appointment.cancelled", "appointment.no_show")
            if f.get("uid") == uid
        ]
        moves = [f for f in about if f.kind == "appointment.moved" and f.get("new_start")]
        start = datetime.fromisoformat(moves[-1].get("new_start") if moves else confirmed.get("start"))
        ended = next((f for f in reversed(about) if f.kind != "appointment.moved"), None)
        became, by = _became(ended, start, dossier.moment.as_of)
        promises = dossier.promises_of(confirmed.id)
        if became == "past" and any(row.done_at and not _prepares(row) for row in promises):
            became = "held"
        end = datetime.fromisoformat(confirmed.get("end")) if confirmed.get("end") and not moves else None
        found.append(Meeting(confirmed, start, end, became, by, len(moves), promises))
    return sorted(found, key=lambda one: one.start, reverse=True)


def _prepares(row: Any) -> bool:
    # The vendor's deck is due before the meeting: it is no sign that the meeting took place.
    return bool(row.debtor == Side.PROVIDER)


def _became(ended: Fact | None, start: datetime, as_of: datetime) -> tuple[str, str]:
    if ended is None:
        return ("coming" if start > as_of else "past"), ""
    if ended.kind == "appointment.no_show":
        return "no_show", str(ended.get("side") or Side.CLIENT.value)
    return "cancelled", str(ended.get("by_side") or ended.side.value)


def offers(dossier: Dossier) -> list[tuple[Fact, list[datetime]]]:
    """The slots offered that are still to come, by offer."""
    found = []
    for offered in dossier.of("appointment.offered"):
        starts = [datetime.fromisoformat(s["start"]) for s in offered.get("slots") or () if s.get("start")]
        coming = [start for start in starts if start > dossier.moment.as_of]
        if coming:
            found.append((offered, coming))
    return found[::-1]


@dataclass(frozen=True)
class Bill:
    """An invoice at the moment: what is paid, what is left, and what it triggers."""

    invoice: Invoice
    state: str  # paid | part_paid | late | disputed | open
    paid: Decimal
    left: Decimal
    promises: list[Any]


def bills(dossier: Dossier) -> list[Bill]:
    """Every invoice, the latest first."""
    world = dossier.world
    if world is None:
        return []
    today = world.day(dossier.moment.as_of)
    found = [_bill(one, today, dossier) for one in invoices(world) if one.issued_on <= today]
    return sorted(found, key=lambda bill: (bill.invoice.issued_on, bill.invoice.number), reverse=True)


def _bill(one: Invoice, today: date, dossier: Dossier) -> Bill:
    left = one.outstanding_on(today)
    paid = to_cents(sum((amount for on, amount, _fact in one.paid if on <= today), Fraction(0)))
    state = (
        "paid" if left <= 0
        else "disputed" if any(on <= today for on, _fact in one.disputes)
        else "late" if today > one.due_on
        else "part_paid" if paid
        else "open"
    )  # fmt: skip
    return Bill(one, state, paid, left, dossier.promises_of(one.fact.id))


@dataclass(frozen=True)
class Effect:
    """What a fact did to a promise: kept it, moved it, excused it, or created it."""

    row: Any
    did: str  # met | moved | excused | created


def effects(rows: Iterable[Any], fact_id: str) -> list[Effect]:
    """Which promises a fact created, met, moved or excused."""
    found = []
    for row in rows:
        shifts = [_facts(shift) for shift in row.shifts]
        if fact_id in row.evidence:
            found.append(Effect(row, "met"))
        if row.excuse and fact_id in _facts(row.excuse):
            found.append(Effect(row, "excused"))
        if any(fact_id in facts for facts in shifts):
            found.append(Effect(row, "moved"))
        if row.trigger == fact_id:
            found.append(Effect(row, "created"))
    return found


def _facts(part: Any) -> Sequence[str]:
    found: Sequence[str] = part["facts"] if isinstance(part, Mapping) else part.facts
    return found

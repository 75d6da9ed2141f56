"""Claims of money: what clauses 5.1 and 5.2 leave of each, what 6.1 to 6.3 make the vendor indemnify. People decide, this computes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from jalon.core.facts.model import Fact
from jalon.core.money import cap as caps
from jalon.core.money.amount import Money, exactly, money
from jalon.core.money.choices import words
from jalon.core.obligations import Refused, Side
from jalon.core.text import Text, _
from jalon.core.timekeeping.civil import backward, day_of

if TYPE_CHECKING:
    from jalon.core.norms.world import World

_DECIDERS = ("", "provider", "client", "system")


@dataclass(frozen=True)
class Qualification:
    """What was decided of a claim: heads of damage, gravity of the fault, share of the client in percent."""

    heads: tuple[str, ...] = ()
    fault_grade: str = ""
    client_share: Decimal = Decimal(0)
    agreed: bool = True  # False: one side's own view, neither countersigned nor decided by someone else
    fact: str = ""


@dataclass(frozen=True)
class Claim:
    """A claim of the client, and what the clauses leave of it. `owed` is None until an amount is known."""

    ref: str
    fact: str
    filed_on: date
    arose_on: date
    arose_is_notice: bool  # nothing says when it arose: the day of the notice stands for it
    services: tuple[str, ...]
    heads: tuple[str, ...]
    excluded: tuple[str, ...]  # heads that 5.2 excludes
    qualification: Qualification
    amount: Money | None  # settled, else sought
    settled: bool
    cap: caps.Cap
    used: Money  # what earlier claims already took of this cap
    left: Money
    owed: Money | None
    reasons: tuple[Text, ...]


@dataclass(frozen=True)
class Indemnity:
    """A third party's claim (6.1): what was established, the client's share (6.3), what the vendor owes, paid, still owes."""

    ref: str
    fact: str
    received_on: date
    grounds: tuple[str, ...]
    covered: bool  # at least one ground of 6.1
    qualification: Qualification
    established: Money | None
    owed: Money | None
    paid: Money
    left: Money | None
    costs_claimed: Money  # cooperation, at the vendor's expense (6.2)
    costs_refunded: Money
    reasons: tuple[Text, ...]


# --- clauses 5.1 and 5.2


def claims(world: World) -> tuple[Claim, ...]:
    """Every claim filed, in the order in which they arose, each under what is left of its cap. NoCap without clause 5.1."""
    found: list[Claim] = []
    for fact in sorted(_filed(world), key=lambda one: (_arose(world, one)[0], one.at, one.id)):
        found.append(_claim(world, fact, found))
    return tuple(found)


def refused(world: World) -> Iterator[Refused]:
    """Facts about claims that have no effect: filed once settled, a direct damage that the vendor alone asserts, a first party's
    loss filed as a third party's."""
    settled = {str(f.get("claim")): f for f in reversed(world.of("claim.settled"))}
    for fact in world.of("claim.filed"):
        done = settled.get(str(fact.get("claim")))
        if done and (done.at, done.recorded_at) < (fact.at, fact.recorded_at):
            yield Refused(
                fact.id,
                _("This claim was settled on %(day)s: it is not filed again.", day=world.day(done.at)),
            )
    for fact in world.of("claim.qualified"):
        if fact.side == Side.PROVIDER and "direct" in _words(fact.get("heads")) and not _agreed(world, fact):
            yield Refused(fact.id, _("The vendor alone does not decide that a damage is direct."))
    for fact in world.of("third_party_claim.received"):
        if str(fact.get("claimant") or "").strip().casefold() in _own_names(world, fact):
            yield Refused(
                fact.id,
                _("A loss of the client itself is not a third party’s claim: file it as a claim (5.1)."),
            )


def _filed(world: World) -> list[Fact]:
    out = {one.fact for one in refused(world)}
    first: dict[str, Fact] = {}
    for fact in world.of("claim.filed"):
        if fact.id not in out:
            first.setdefault(_ref(fact), fact)
    return list(first.values())


def _claim(world: World, fact: Fact, earlier: Sequence[Claim]) -> Claim:
    ref = _ref(fact)
    arose_on, unknown = _arose(world, fact)
    services = _words(fact.get("services"))
    decided = qualification(world, ref)
    heads = decided.heads or _words(fact.get("heads"))
    excluded = tuple(head for head in heads if head in excluded_heads(world))
    mode = str(_value(world, "liability.aggregation", arose_on, "per_claim"))
    group = [one for one in earlier if _shares_cap(world, mode, fact, arose_on, one)]
    first = group[0] if group and mode != "aggregate_rolling" else None
    cap = caps.at(
        world,
        arose_on=first.arose_on if first else arose_on,
        services=first.services if first else services,
        fault_grade=decided.fault_grade,
    )
    currency = cap.amount.currency
    used = sum((_exact(one.owed) for one in group if one.cap.applies), Fraction(0))
    left = max(cap.exact - used, Fraction(0))
    settled = next((f for f in world.of("claim.settled") if str(f.get("claim")) == ref), None)
    written = (settled.get("amount") if settled else None) or fact.get("amount")
    amount = exactly(written) if written is not None else None
    owed = _owed(amount, heads, excluded, cap, left)
    return Claim(
        ref=ref,
        fact=fact.id,
        filed_on=world.day(fact.at),
        arose_on=arose_on,
        arose_is_notice=unknown,
        services=services,
        heads=heads,
        excluded=excluded,
        qualification=decided,
        amount=None if amount is None else money(amount, currency),
        settled=settled is not None,
        cap=cap,
        used=money(used, currency),
        left=money(left, currency),
        owed=None if owed is None else money(owed, currency),
        reasons=tuple(_reasons(cap, group, heads, excluded, amount, left, unknown, decided)),
    )


def _owed(
    amount: Fraction | None, heads: Sequence[str], excluded: Sequence[str], cap: caps.Cap, left: Fraction
) -> Fraction | None:
    if amount is None:
        return None
    if not cap.applies:
        return amount
    if heads and len(excluded) == len(heads):
        return Fraction(0)
    return min(amount, left)


def _shares_cap(world: World, mode: str, fact: Fact, arose_on: date, earlier: Claim) -> bool:
    """Whether an earlier claim draws on the same cap: the same cause, or all claims where the cap is one for all."""
    if mode == "aggregate_first_claim":
        return True
    if mode == "aggregate_rolling":
        from jalon.core.timekeeping.terms import Term

        period = Term.parse(str(_value(world, "liability.period", arose_on, "")))
        return backward(arose_on, period, world.provider_calendar) <= earlier.arose_on
    cause = str(fact.get("cause") or "")
    other = next((f for f in world.of("claim.filed") if f.id == earlier.fact), None)
    return bool(cause) and other is not None and cause in (str(other.get("cause") or ""), earlier.ref)


def _reasons(
    cap: caps.Cap,
    group: Sequence[Claim],
    heads: Sequence[str],
    excluded: Sequence[str],
    amount: Fraction | None,
    left: Fraction,
    unknown: bool,
    decided: Qualification,
) -> Iterator[Text]:
    if unknown:
        yield _("Nothing says when the claim arose: the day of its notice stands for it.")
    if group:
        yield _(
            "It draws on the same cap as %(others)s, which took %(used)s of %(cap)s.",
            others=tuple(one.ref for one in group),
            used=money(cap.exact - left, cap.amount.currency),
            cap=cap.amount,
        )
    if not cap.applies:
        yield _("The gravity of the fault sets clauses 5.1 and 5.2 aside: the whole amount is owed.")
        return
    if excluded and len(excluded) == len(heads):
        yield _("Every head of damage is excluded by clause 5.2: %(heads)s.", heads=words(excluded))
    elif excluded:
        yield _(
            "Clause 5.2 excludes %(heads)s: what is asked for them must be taken out of the amount by those who decide.",
            heads=words(excluded),
        )
    if "lost_data" in excluded:
        yield _(
            "Loss of data is excluded by 5.2, and backing it up is a duty of 3.9: both stand, nobody decides here."
        )
    if amount is not None and amount > left:
        yield _(
            "%(amount)s is above what is left of the cap, %(left)s.",
            amount=money(amount, cap.amount.currency), left=money(left, cap.amount.currency),
        )  # fmt: skip
    if decided.fact and not decided.agreed:
        yield _(
            "The qualification is one side’s own: it counts once the other side countersigns it or someone decides."
        )


def qualification(world: World, ref: str) -> Qualification:
    """What was last decided of a claim: agreed between both sides or decided by someone else, before one side's own view."""
    found = [f for f in world.of("claim.qualified") if str(f.get("claim")) == ref]
    out = {one.fact for one in refused(world)}
    found = [f for f in found if f.id not in out]
    if not found:
        return Qualification()
    agreed = [f for f in found if _agreed(world, f)]
    fact = (agreed or found)[-1]
    return Qualification(
        _words(fact.get("heads")),
        str(fact.get("fault_grade") or "") if agreed else "",
        min(max(Decimal(str(fact.get("client_share") or 0)), Decimal(0)), Decimal(100)),
        bool(agreed),
        fact.id,
    )


def _agreed(world: World, fact: Fact) -> bool:
    return fact.id in world.seen.confirmed or str(fact.get("by") or "").strip().casefold() not in _DECIDERS


def excluded_heads(world: World) -> frozenset[str]:
    """The heads of damage that the agreement excludes."""
    return frozenset(
        str(head)
        for norm in world.agreement.norms.values()
        for head in (norm.spec or {}).get("excludes_heads") or ()
    )


def headroom(world: World, on: date, services: Sequence[str]) -> Money:
    """What would be left of the cap for a claim that arose on `on`, once what is owed on the earlier ones is taken out."""
    cap = caps.at(world, arose_on=on, services=services)
    mode = str(_value(world, "liability.aggregation", on, "per_claim"))
    if mode == "per_claim":
        return cap.amount
    earlier = [one for one in claims(world) if one.arose_on <= on and one.cap.applies]
    probe = Fact("", "claim.filed", world.now, world.now, Side.CLIENT)
    group = [one for one in earlier if _shares_cap(world, mode, probe, on, one)]
    whole = group[0].cap.exact if group and mode == "aggregate_first_claim" else cap.exact
    taken = sum((_exact(one.owed) for one in group), Fraction(0))
    return money(max(whole - taken, Fraction(0)), cap.amount.currency)


# --- clauses 6.1 to 6.3


def indemnities(world: World) -> tuple[Indemnity, ...]:
    """Every third party's claim, in the order of reception, with what the vendor owes of it."""
    out = {one.fact for one in refused(world)}
    return tuple(
        _indemnity(world, fact) for fact in world.of("third_party_claim.received") if fact.id not in out
    )


def _indemnity(world: World, fact: Fact) -> Indemnity:
    ref = str(fact.get("tpc") or fact.id)
    currency = caps.currency(world, world.day(fact.at))
    grounds = _words(fact.get("grounds"))
    known = covered_grounds(world)
    covered = bool(set(grounds) & known) or not grounds
    decided = qualification(world, ref)
    share = Fraction(decided.client_share) / 100 if decided.agreed else Fraction(0)
    settled = next((f for f in world.of("claim.settled") if str(f.get("claim")) == ref), None)
    loss = exactly(settled.get("amount")) if settled and settled.get("amount") is not None else None
    limit = _limit(world, fact, decided)
    owed = None
    if loss is not None:
        owed = loss * (1 - share) if covered else Fraction(0)
        owed = owed if limit is None else min(owed, limit.exact)
    paid = _sum(world, "indemnity.paid", ref, "amount")
    return Indemnity(
        ref=ref,
        fact=fact.id,
        received_on=world.day(fact.at),
        grounds=grounds,
        covered=covered,
        qualification=decided,
        established=None if loss is None else money(loss, currency),
        owed=None if owed is None else money(owed, currency),
        paid=money(paid, currency),
        left=None if owed is None else money(max(owed - paid, Fraction(0)), currency),
        costs_claimed=money(_sum(world, "coop_cost.settled", ref, "claimed"), currency),
        costs_refunded=money(_sum(world, "coop_cost.settled", ref, "refunded"), currency),
        reasons=tuple(_why_indemnity(world, fact, grounds, covered, decided, limit)),
    )


def _why_indemnity(
    world: World,
    fact: Fact,
    grounds: Sequence[str],
    covered: bool,
    decided: Qualification,
    limit: caps.Cap | None,
) -> Iterator[Text]:
    if not covered:
        yield _("None of its grounds is one of 6.1: %(grounds)s.", grounds=words(grounds))
    if decided.fact and decided.client_share:
        share = decided.client_share
        if decided.agreed:
            yield _(
                "%(share)s %% is attributable to the client (6.3): the indemnity is reduced by as much.",
                share=share,
            )
        else:
            yield _(
                "One side attributes %(share)s %% to the client (6.3): it counts once agreed or decided.",
                share=share,
            )
    if limit is None:
        yield _("The text does not say whether the cap of 5.1 limits the indemnity; read as: it does not.")
    else:
        yield _("The indemnity is read as limited by the cap of 5.1: %(cap)s.", cap=limit.amount)
    if _notified_late(world, fact):
        yield _(
            "The client notified it late: this reduces the indemnity only by the harm that the delay did, which people decide."
        )


def _limit(world: World, fact: Fact, decided: Qualification) -> caps.Cap | None:
    day = world.day(fact.at)
    if not _value(world, "liability.caps_indemnity", day, False):
        return None
    services = {line.service for one in world.statement.invoices.values() for line in one.lines}
    limit = caps.at(world, arose_on=day, services=sorted(services), fault_grade=decided.fault_grade)
    return limit if limit.applies else None


def _notified_late(world: World, fact: Fact) -> bool:
    from jalon.core.norms.world import term_of
    from jalon.core.timekeeping.civil import add_term

    if "claim.notify_within" not in world.agreement.parameters:
        return False
    received = world.day(fact.at)
    term = term_of(world.parameter("@claim.notify_within", received))
    last = add_term(received, term, world.client_calendar, roll=True)
    told = [
        world.day(f.at) for f in world.of("third_party_claim.notified") if f.get("tpc") == fact.get("tpc")
    ]
    return min(told, default=world.day(world.now)) > last


def covered_grounds(world: World) -> frozenset[str]:
    """The grounds for which the agreement makes the vendor indemnify (6.1)."""
    return frozenset(
        str(ground)
        for norm in world.agreement.norms.values()
        for ground in _grounds((norm.spec or {}).get("trigger"))
    )


def _grounds(trigger: Any) -> Sequence[Any]:
    return trigger.get("grounds_any") or () if isinstance(trigger, dict) or hasattr(trigger, "get") else ()


# --- reading facts


def _arose(world: World, fact: Fact) -> tuple[date, bool]:
    notice = world.day(fact.at)
    if _value(world, "liability.arises", notice, "event") == "notice":
        return notice, False
    written = fact.get("arose_on")
    return (day_of(written), False) if written else (notice, True)


def _value(world: World, name: str, day: date, default: Any) -> Any:
    return world.parameter(f"@{name}", day).value if name in world.agreement.parameters else default


def _own_names(world: World, fact: Fact) -> set[str]:
    named = world.overrides_on(world.day(fact.at)).get("client.name")
    return {"client", "le client", *([str(named[0]).casefold()] if named else [])}


def _ref(fact: Fact) -> str:
    return str(fact.get("claim") or fact.id)


def _words(written: Any) -> tuple[str, ...]:
    if isinstance(written, str):
        return (written,)
    return tuple(str(word) for word in written or ())


def _sum(world: World, kind: str, ref: str, name: str) -> Fraction:
    found = (f.get(name) for f in world.of(kind) if str(f.get("tpc")) == ref)
    return sum((exactly(written) for written in found if written is not None), Fraction(0))


def _exact(amount: Money | None) -> Fraction:
    return Fraction(amount.amount) if amount else Fraction(0)

"""Powers: acts that change what the other side owes, available only when every condition of the agreement holds (4.8, 6.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from jalon.core.agreement.model import Norm
from jalon.core.facts.model import Fact
from jalon.core.money.invoices import Invoice, invoices
from jalon.core.norms.evidence import about_the_same, fits
from jalon.core.norms.world import World, term_of
from jalon.core.obligations import ParameterUse, Power, Side
from jalon.core.text import Text, _
from jalon.core.timekeeping.civil import add_term, day_of

# --- conditions, each a sentence when it does not hold


def unmet(world: World, norm: Norm, on: date) -> list[Text]:
    """Every condition of a power that does not hold on `on`; none when it is available."""
    trigger = (norm.spec or {}).get("trigger") or {}
    found: list[Text] = []
    for condition in sorted(trigger.get("all") or (), key=_first_to_say):
        said = _unmet(world, condition, on)
        if said is not None and said not in found:
            found.append(said)
    return found


def _first_to_say(condition: Mapping[str, Any]) -> int:
    # The dispute is said before the amounts that it makes moot, and the notice, which one can still serve, last.
    return next(
        (n for n, key in enumerate(("no_fact", "overdue_for", "overdue_pct", "fact")) if key in condition), 9
    )


def _unmet(world: World, condition: Mapping[str, Any], on: date) -> Text | None:
    if condition.get("no_fact") == "invoice.disputed":
        return _disputed(world, on)
    if "no_fact" in condition:
        return _absent(world, str(condition["no_fact"]), on)
    if "overdue_for" in condition:
        return _lateness(world, condition["overdue_for"], on)
    if "overdue_pct" in condition:
        return _amount(world, condition["overdue_pct"], on)
    return _elapsed(world, condition, on)


def _late(world: World, on: date) -> list[Invoice]:
    return [
        one
        for one in invoices(world)
        if one.issued_on <= on and one.due_on < on and one.outstanding_on(on - timedelta(days=1)) > 0
    ]


def _undisputed(world: World, on: date) -> list[Invoice]:
    # A dispute of some lines leaves the other ones owed.
    return [one for one in _late(world, on) if one.overdue_undisputed(on) > 0]


def _disputed(world: World, on: date) -> Text | None:
    late = _late(world, on)
    if not late:
        return _("no invoice was overdue on %(day)s.", day=on)
    return None if _undisputed(world, on) else _("the overdue invoice is disputed.")


def _absent(world: World, kind: str, on: date) -> Text | None:
    from jalon.core.facts.catalogue import KINDS

    if not any(world.day(fact.at) <= on for fact in world.of(kind)):
        return None
    return _("the ledger holds “%(kind)s”.", kind=KINDS[kind].label)


def _lateness(world: World, written: Any, on: date) -> Text | None:
    term = term_of(world.parameter(written, on))
    late = _undisputed(world, on)
    if not late:
        return _("no invoice was overdue on %(day)s.", day=on) if not _late(world, on) else _("the overdue invoice is disputed.")  # fmt: skip
    if any(add_term(one.due_on, term, world.provider_calendar, roll=False) <= on for one in late):
        return None
    return _("no undisputed invoice has been overdue for %(term)s.", term=term)


def _amount(world: World, written: Any, on: date) -> Text | None:
    ordered = world.overrides_on(on).get("price.annual_ht")
    if ordered is None:
        return None  # the order names no price: the threshold cannot be computed, and does not protect
    # Both without VAT: the price of the order is written without it.
    floor = Fraction(str(ordered[0])) * Fraction(str(world.parameter(written, on).value)) / 100
    owed = sum((one.overdue_undisputed(on) * one.net for one in _undisputed(world, on)), Fraction(0))
    return None if owed >= floor else _("the overdue amount is under the threshold.")


def _elapsed(world: World, condition: Mapping[str, Any], on: date) -> Text | None:
    """A fact that must have come, and whose term must be over: the day on which it ends is not enough."""
    kind = str(condition["fact"])
    served = [f for f in world.of(kind) if world.day(f.at) <= on]
    fitting = [f for f in served if fits(condition.get("where"), f)]
    if not served:
        return _("no formal notice was served.") if kind == "formal_notice.served" else _("nothing has set it off.")  # fmt: skip
    if not fitting:
        return _("no formal notice names the termination clause.")
    if "elapsed" not in condition:
        return None
    term = term_of(world.parameter(condition["elapsed"], on))
    ends = min(add_term(_received(world, f), term, world.provider_calendar, roll=False) for f in fitting)
    return None if on > ends else _("the formal notice still runs until the end of %(day)s.", day=ends)


def _received(world: World, notice: Fact) -> date:
    return day_of(notice.get("received") or world.day(notice.at).isoformat())


# --- exercises


def norm_of(world: World, kind: str, side: Side | None = None) -> Norm | None:
    """The power that a kind of fact exercises, held by `side`."""
    return next(
        (
            norm
            for norm in world.agreement.norms.values()
            if (norm.spec or {}).get("exercised_by") == kind and side in (None, norm.creditor)
        ),
        None,
    )


def suspension_unmet(world: World, exercised: Fact | None, on: date) -> Text | None:
    """The first condition of the power to suspend that does not hold on `on`; None when it is available."""
    norm = norm_of(world, "service.suspended")
    if norm is None:
        return _("the agreement gives no power to suspend.")
    missing = unmet(world, norm, on)
    return missing[0] if missing else None


def terminations(world: World) -> list[Fact]:
    """The terminations that have effect: under a power whose conditions hold, or countersigned by the other side."""
    found = []
    for fact in world.of("agreement.terminated"):
        if fact.id in world.seen.confirmed:
            found.append(fact)
            continue
        norm = norm_of(world, fact.kind, fact.side)
        missing = (
            unmet(world, norm, world.day(fact.at))
            if norm
            else [_("the agreement gives this side no power to terminate; the other side can countersign.")]
        )
        if missing:
            world.refuse(fact, _("This termination has no effect: %(unmet)s", unmet=missing[0]))
        else:
            found.append(fact)
    return found


def powers(world: World, norm: Norm) -> Iterator[Power]:
    """The power as it stands now; one a proposal where it answers something (counsel, 6.2)."""
    spec = norm.spec or {}
    if "all" in (spec.get("trigger") or {}):
        yield _standing_power(world, norm)
        return
    for proposed in world.of(str((spec.get("trigger") or {}).get("fact"))):
        yield _answer(world, norm, proposed)


def _standing_power(world: World, norm: Norm) -> Power:
    spec, today = norm.spec or {}, world.day(world.now)
    kind = str(spec["exercised_by"])
    done = {
        "service.suspended": [fact.id for fact, _first, _ends in world.suspensions],
        "agreement.terminated": [f.id for f in world.terminations if f.side == norm.creditor],
    }.get(kind, [])
    missing = unmet(world, norm, today)
    refused = {one.fact for one in world.refused}
    return Power(
        norm.id, norm.id, norm.clause, _("%(promise)s", promise=norm.title), Side(norm.creditor),
        available=not missing, unmet=tuple(missing), exercised=tuple(done),
        refused=tuple(f.id for f in world.of(kind) if f.id in refused),
        parameters=tuple(_parameters(world, spec["trigger"]["all"], today)),
    )  # fmt: skip


def _parameters(world: World, conditions: Any, day: date) -> Iterator[ParameterUse]:
    for condition in conditions:
        for name in ("overdue_for", "overdue_pct", "elapsed"):
            if name in condition:
                yield world.parameter(condition[name], day)


def _answer(world: World, norm: Norm, proposed: Fact) -> Power:
    """To approve or to refuse within a term; silence means what the agreement says it means."""
    spec = norm.spec or {}
    calendar, day = world.client_calendar if norm.creditor == Side.CLIENT else world.provider_calendar, world.day(proposed.at)  # fmt: skip
    within, silence = (
        world.parameter(spec["due"]["add"], day),
        world.parameter(spec["due"].get("silence"), day),
    )
    last = add_term(day, term_of(within), calendar, roll=True)
    until = calendar.end_of(last)
    valid, refused = _answers(world, norm, proposed, until)
    over = world.now >= until
    return Power(
        f"{norm.id}:{proposed.id}", norm.id, norm.clause, _("%(promise)s", promise=norm.title), Side(norm.creditor),
        available=not valid and not over,
        unmet=(_("the time to answer ended on %(day)s.", day=last),) if over and not valid else (),
        exercised=tuple(f.id for f in valid), refused=tuple(f.id for f in refused), until=until, until_on=last,
        outcome=_outcome(valid[0] if valid else None, over and silence.value == "deemed_approved"),
        parameters=(within, silence),
    )  # fmt: skip


def _answers(world: World, norm: Norm, proposed: Fact, until: datetime) -> tuple[list[Fact], list[Fact]]:
    valid, refused = [], []
    needs_reason = ((norm.spec or {}).get("requires") or {}).get("reason_if") == "refused"
    for fact in world.of(str((norm.spec or {})["exercised_by"])):
        if fact.at < proposed.at or not about_the_same(proposed, fact, world.ids):
            continue
        if needs_reason and fact.get("approved") is False and not fact.get("reason"):
            world.refuse(fact, _("This refusal has no effect: the agreement asks for its reason."))
            refused.append(fact)
        elif fact.at >= until:
            world.refuse(fact, _("This answer has no effect: the time to give it was over."))
            refused.append(fact)
        else:
            valid.append(fact)
    return valid, refused


def _outcome(answer: Fact | None, silent: bool) -> Text | None:
    if answer is not None:
        return _("Approved.") if answer.get("approved") is True else _("Refused: %(reason)s", reason=str(answer.get("reason")))  # fmt: skip
    return _("Approved by silence.") if silent else None

"""What the other side did, or what nobody could help, that discharges a promise: it is no longer owed."""

from __future__ import annotations

from datetime import date, datetime

from jalon.core.facts.model import Fact
from jalon.core.norms.drafting import Draft
from jalon.core.norms.world import World, term_of
from jalon.core.obligations import Excuse, Side
from jalon.core.text import Text, _
from jalon.core.timekeeping.civil import add_term, backward, day_of


def excuse_of(draft: Draft, activity: str, first: date | None, last: date | None) -> Excuse | None:
    """The first excuse of the norm that holds. `activity` and the days say which appointments are about this promise.

    A no-show or a late cancellation excuses only once the promise is due, and only if new slots were offered in time.
    """
    listed = draft.spec.get("excused_by") or ()
    world = draft.world
    if draft.due is None or world.now < draft.due:
        return force_majeure(draft) if "force_majeure" in listed else None
    for name, look in (
        ("client.no_show", no_show),
        ("client.late_cancel", late_cancel),
        ("client.declined", declined),
    ):
        if name in listed and (found := look(draft, activity, first, last)):
            return found
    return force_majeure(draft) if "force_majeure" in listed else None


def starts(world: World) -> dict[str, tuple[datetime, str, Fact]]:
    """The start, activity and confirmation of each appointment by its identifier, moves followed."""
    found: dict[str, tuple[datetime, str, Fact]] = {}
    for fact in world.of("appointment.confirmed", "appointment.moved"):
        uid = str(fact.get("uid") or fact.id)
        if fact.kind == "appointment.confirmed":
            found[uid] = (datetime.fromisoformat(fact.get("start")), str(fact.get("for") or ""), fact)
        elif uid in found and fact.get("new_start"):
            found[uid] = (datetime.fromisoformat(fact.get("new_start")), found[uid][1], found[uid][2])
    return found


def _about(world: World, fact: Fact, activity: str, first: date | None, last: date | None) -> bool:
    start = starts(world).get(str(fact.get("uid") or ""))
    if start is None:
        kind, day = fact.get("for"), world.day(fact.at)
    else:
        kind, day = start[1], world.day(start[0])
    return kind in (activity, None, "") and (first is None or first <= day) and (last is None or day <= last)


def reoffered(world: World, since: Fact, activity: str) -> list[Fact] | None:
    """The offers of new slots that followed in time, when they are enough (4.6); None otherwise."""
    day = world.day(since.at)
    use = world.parameter("@noshow.reoffer", day)
    within = world.extra("@noshow.reoffer", "within", "P5BD")
    last = add_term(day, term_of(world.parameter(within, day)), world.provider_calendar, roll=False)
    offers = [
        f for f in world.of("appointment.offered")
        if f.side != Side.CLIENT and since.at <= f.at < world.provider_calendar.end_of(last) and f.get("for") in (activity, None)
    ]  # fmt: skip
    slots = sum(len(f.get("slots") or ()) or 1 for f in offers)
    return offers if slots >= int(use.value) else None


def no_show(draft: Draft, activity: str, first: date | None, last: date | None) -> Excuse | None:
    """The client did not come, and the vendor offered new slots in time."""
    for fact in draft.world.of("appointment.no_show"):
        if fact.get("side", Side.CLIENT) == Side.CLIENT and _about(draft.world, fact, activity, first, last):
            offers = reoffered(draft.world, fact, activity)
            if offers is not None:
                draft.use("@noshow.reoffer", draft.world.day(fact.at))
                said = _(
                    "The client did not come on %(day)s, and new slots were offered in time.",
                    day=draft.world.day(fact.at),
                )
                return Excuse("client.no_show", said, (fact.id, *(f.id for f in offers)))
    return None


def late_cancel(draft: Draft, activity: str, first: date | None, last: date | None) -> Excuse | None:
    """The client cancelled after the notice of 4.6, and the vendor offered new slots in time."""
    world = draft.world
    known = starts(world)
    for fact in world.of("appointment.cancelled"):
        start = known.get(str(fact.get("uid") or ""))
        by = fact.get("by_side") or fact.side
        if by != Side.CLIENT or start is None or not _about(world, fact, activity, first, last):
            continue
        notice = term_of(world.parameter("@cancel.notice", world.day(fact.at)))
        if world.day(fact.at) <= backward(world.day(start[0]), notice, world.client_calendar):
            continue
        offers = reoffered(world, fact, activity)
        if offers is not None:
            draft.use("@cancel.notice", world.day(fact.at))
            said = _(
                "The client cancelled on %(day)s, after the agreed notice, and new slots were offered in time.",
                day=world.day(fact.at),
            )
            return Excuse("client.late_cancel", said, (fact.id, *(f.id for f in offers)))
    return None


def declined(draft: Draft, activity: str, first: date | None, last: date | None) -> Excuse | None:
    """The client took none of the slots offered inside the window: at least as many as a no-show calls for."""
    world = draft.world
    if first is None or last is None:
        return None
    least = int(world.parameter("@noshow.reoffer", first).value)
    offers = [
        f
        for f in world.of("appointment.offered")
        if f.side != Side.CLIENT and f.get("for") == activity and first <= world.day(f.at) <= last
    ]
    inside = [
        s
        for f in offers
        for s in f.get("slots") or ()
        if first <= day_of(s["start"] if isinstance(s, dict) else s) <= last
    ]
    # What was held while the period could still be made up for is a slot that the client did take.
    open_until = draft.cure_on or last
    taken = [
        at
        for at, kind, _fact in starts(world).values()
        if kind == activity and first <= world.day(at) <= open_until
    ]
    if len(inside) < least or taken:
        return None
    said = _("The client took none of the slots offered in the period.")
    return Excuse("client.declined", said, tuple(f.id for f in offers))


def force_majeure(draft: Draft) -> Excuse | None:
    """An event declared under C. civ. 1218 prevents it on its due day."""
    world = draft.world
    for fact in world.of("force_majeure.declared"):
        prevents = fact.get("prevents") or "all"
        named = [str(p) for p in prevents] if isinstance(prevents, (list, tuple)) else [str(prevents)]
        if not {"all", draft.norm.id, draft.norm.clause} & set(named) or draft.due_on is None:
            continue
        first = day_of(fact.get("from")) if fact.get("from") else world.day(fact.at)
        if first <= draft.due_on and (not fact.get("until") or draft.due_on <= day_of(fact.get("until"))):
            return Excuse(
                "force_majeure", _("Force majeure was declared from %(day)s.", day=first), (fact.id,)
            )
    return None


def suspended_window(draft: Draft, first: date, last: date) -> Excuse | None:
    """More of the window than the agreement's share was suspended: nothing is owed for it (4.8)."""
    world = draft.world
    if not draft.norm.suspendable:
        return None
    days, length = world.suspended_days(first, last), (last - first).days + 1
    share = float(draft.use("@suspend.discharge_over", first).value) if days else 1.0
    if days / length <= share:
        return None
    said: Text = _("The service was suspended for %(days)s of the %(length)s days.", days=days, length=length)
    return Excuse("suspended", said, tuple(fact.id for fact, _f, _e in world.suspensions))

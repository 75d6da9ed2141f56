"""Forbidden: kept until a forbidden fact that nothing covers; each such fact is a breach with its own instant (3.4, 4.7, 4.11)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from jalon.core.agreement.model import Norm
from jalon.core.facts.model import Fact
from jalon.core.norms.drafting import Draft, finish
from jalon.core.norms.evidence import fits
from jalon.core.norms.visible import other
from jalon.core.norms.world import World, term_of
from jalon.core.obligations import Obligation, Side, State
from jalon.core.text import Text, _

# What a disclosure may say of its ground, for each ground that an agreement accepts. A consent that the client disputes is none;
# a duty that the law imposes names the authority that imposes it.
_WORDS = {
    "client.consented": frozenset({"client.consented", "consent", "consentement"}),
    "law.requires": frozenset({"law.requires", "law", "loi"}),
}


def instances(world: World, norm: Norm) -> Iterator[Obligation]:
    """The standing of the prohibition, and one line a fact that breaches it or that is said to."""
    found = list(_reported(world, norm) if _in_two_steps(norm) else _done(world, norm))
    yield from found
    yield standing(world, norm, [one for one in found if one.state == State.BREACHED])


def standing(world: World, norm: Norm, breaches: list[Obligation]) -> Obligation:
    """Kept as long as nothing breaches it; breached by what is listed."""
    draft = Draft(world, norm, "standing", "", world.calendar_of(norm), start=world.effective_on)
    draft.standing = tuple(one.key for one in breaches)
    draft.rule = _rule(draft)
    if breaches:
        draft.told = _(
            "Breached on %(day)s.",
            day=world.day(min(one.due for one in breaches if one.due)),
        )
        draft.shown = tuple(one.trigger for one in breaches if one.trigger)
    else:
        draft.told = _("Nothing is known that breaches it.")
    return finish(draft)


def _rule(draft: Draft) -> Text:
    promise, survives = draft.norm.title, draft.spec.get("survives")
    if _in_two_steps(draft.norm):
        return _(
            "“%(promise)s” is kept as long as no report of the contrary is upheld by somebody who is not involved; a report alone decides nothing.",
            promise=promise,
        )
    if survives:
        day = draft.world.ends_on or draft.world.day(draft.world.now)
        return _(
            "“%(promise)s” is kept as long as nothing forbidden is done without a ground that the agreement accepts. It survives the end of the agreement by %(term)s.",
            promise=promise,
            term=term_of(draft.use(survives, day)),
        )
    return _(
        "“%(promise)s” is kept as long as nothing forbidden is done without a ground that the agreement accepts.",
        promise=promise,
    )


def _in_two_steps(norm: Norm) -> bool:
    """Whether a breach is first reported, then decided: the evidence names a report beside the forbidden decision."""
    return len(norm.evidence) > 1


def _line(world: World, norm: Norm, fact: Fact) -> Draft:
    draft = Draft(
        world,
        norm,
        fact.id,
        world.day(fact.at),
        world.calendar_of(norm),
        trigger=fact,
        start=world.day(fact.at),
    )
    draft.due, draft.rule = fact.at, _rule(draft)
    return draft


# --- in one step: the act itself


def _done(world: World, norm: Norm) -> Iterator[Obligation]:
    spec = norm.spec or {}
    for fact in world.of(str(spec["forbids"])):
        if fact.side not in (norm.debtor, Side.SYSTEM) or not fits(spec.get("where"), fact):
            continue
        draft = _line(world, norm, fact)
        ground = next((name for name in spec.get("unless") or () if covers(world, name, fact)), None)
        if ground:
            draft.forced = State.KEPT
            draft.told = _("Done on %(day)s on a ground that the agreement accepts.", day=world.day(fact.at))
        else:
            draft.breach = (fact.at, None)
            draft.told = _(
                "Done on %(day)s without a ground that the agreement accepts.", day=world.day(fact.at)
            )
        yield finish(draft)


def covers(world: World, ground: str, fact: Fact) -> bool:
    """Whether a fact stands on a ground of `unless`: what it says, unless the other side disputes it; or a countersignature."""
    if fact.id in world.seen.disputed:
        return False
    if ground == "client.consented" and fact.id in world.seen.confirmed:
        return True
    said = str(fact.get("basis") or "").strip().lower()
    if said not in _WORDS.get(ground, frozenset({ground})):
        return False
    return ground != "law.requires" or bool(fact.get("authority"))


# --- in two steps: a report, then a decision by somebody who is not involved


def _reported(world: World, norm: Norm) -> Iterator[Obligation]:
    for report in reports(world, norm):
        draft = _line(world, norm, report)
        decision = _decision(world, norm, report)
        if decision is None:
            draft.forced = State.UNCONFIRMED
            draft.told = _("Reported on %(day)s; nobody has decided yet.", day=world.day(report.at))
        elif decision.get("upheld") is True:
            draft.breach, draft.shown = (report.at, None), (decision.id,)
            draft.told = _(
                "Reported on %(day)s, and upheld on %(decided)s.",
                day=world.day(report.at),
                decided=world.day(decision.at),
            )
        else:
            draft.forced, draft.shown = State.KEPT, (decision.id,)
            draft.told = _(
                "Reported on %(day)s; not upheld on %(decided)s.",
                day=world.day(report.at),
                decided=world.day(decision.at),
            )
        found = finish(draft)
        yield replace(found, private=True)


def reports(world: World, norm: Norm) -> list[Fact]:
    """The reports of what the norm forbids, against its debtor."""
    spec = norm.spec or {}
    where = {name: value for name, value in (spec.get("where") or {}).items() if name != "upheld"}
    kinds = [kind for kind in norm.evidence if kind != spec["forbids"]]
    return [
        fact
        for fact in world.of(*kinds)
        if fits(where, fact) and (fact.get("against_side") or other(fact.side)) == norm.debtor
    ]


def _decision(world: World, norm: Norm, report: Fact) -> Fact | None:
    """The last decision about a report by somebody else than who reported it."""
    found = None
    for fact in world.of(str((norm.spec or {})["forbids"])):
        named = str(fact.get("report") or "")
        if (
            fact.at < report.at
            or (named and named != report.id)
            or (not named and len(reports(world, norm)) > 1)
        ):
            continue
        judge = str(fact.get("decided_by") or fact.recorded_by)
        if judge and judge == report.recorded_by:
            world.refuse(
                fact, _("This decision has no effect: whoever reported a conduct cannot decide on it.")
            )
            continue
        found = fact
    return found

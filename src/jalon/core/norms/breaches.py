"""What the agreement calls a breach of a lasting promise: one function a named rule (`breach_when: {rule: …}`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from jalon.core.agreement.model import Norm
from jalon.core.facts.model import Fact
from jalon.core.norms.checkpoints import periods
from jalon.core.norms.drafting import Draft, counts, finish, settle
from jalon.core.norms.evidence import found_for
from jalon.core.norms.lasting import Lasting, breach, end
from jalon.core.norms.world import World, term_of
from jalon.core.obligations import JUDGED, State
from jalon.core.text import _
from jalon.core.timekeeping.civil import add_term, day_of, in_months

# --- 3.1: what the checks show


def quality_floor(world: World, norm: Norm, found: Lasting) -> None:
    """Satisfaction under its floor so many checks running, or promises kept in time under theirs: from the end of that period."""
    spec = (norm.spec or {})["breach_when"]
    effect = world.effective_on
    if effect is None:
        return
    every = in_months(term_of(world.parameter((norm.spec or {})["due"]["checkpoint"], effect)))
    running, open_line, today = 0, None, world.day(world.now)
    for first, last in periods(world, every):
        if last >= today:
            break
        csat, answers, on_time, judged = figures(world, norm, first, last)
        floor, least = world.parameter(spec["csat_below"], last), world.parameter(spec["on_time_below"], last)
        poor = csat is not None and csat * 100 < int(floor.value) * answers
        slow = judged > 0 and on_time * 100 < int(least.value) * judged
        running = running + 1 if poor else running if csat is None else 0
        since = world.calendar_of(norm).end_of(last)
        fell = slow or running >= int(world.parameter(spec["checkpoints"], last).value)
        if open_line is None and fell:
            open_line = _poor(world, norm, last, since, slow)
            for name in ("csat_below", "on_time_below", "checkpoints"):
                open_line.use(spec[name], last)
            open_line.extra |= {"answers": answers, "satisfied": csat, "kept": on_time, "judged": judged}
        elif open_line is not None and not fell and not poor:
            assert open_line.due is not None
            open_line.breach, open_line.done = (open_line.due, since), (since, ())
            found.lines.append(finish(open_line))
            open_line = None
    if open_line is not None:
        found.lines.append(finish(open_line))


def _poor(world: World, norm: Norm, last: date, since: datetime, slow: bool) -> Draft:
    rule = _(
        "Satisfaction under its floor in several periods running, or promises kept in time under theirs in one, breaches the quality promised; the next good period cures it. Fewer answers than the measure asks for say nothing."
    )
    draft = breach(world, norm, f"quality-{last.isoformat()}", last, since, rule=rule)
    draft.told = (
        _("Promises kept in time were under their floor in the period that ended on %(day)s.", day=last)
        if slow
        else _(
            "Satisfaction was under its floor, the last time in the period that ended on %(day)s.", day=last
        )
    )
    return draft


def figures(world: World, norm: Norm, first: date, last: date) -> tuple[int | None, int, int, int]:
    """Satisfied answers (None under the least number), answers, promises kept in time, promises judged, in a period."""
    measure = world.agreement.measures.get(norm.measure or "", {})
    kinds = {str(f.get("survey")): f.get("kind") for f in world.of("survey.sent") if f.get("survey")}
    scores = [
        int(float(str(f.get("score"))))
        for f in world.of("survey.answered")
        if first <= world.day(f.at) <= last and kinds.get(str(f.get("survey"))) in (None, "csat")
    ]
    satisfied = sum(score >= 4 for score in scores) if len(scores) >= int(measure.get("min_n", 1)) else None
    due = [kept for day, kept in _judged(world, norm.debtor) if first <= day <= last]
    return satisfied, len(scores), sum(due), len(due)


def _judged(world: World, debtor: str) -> list[tuple[date, bool]]:
    """The due day of every promise of a side that is judged, and whether it was kept in time; gathered once."""
    if debtor not in world.judged:
        world.judged[debtor] = [
            (one.due_on or world.day(one.due), one.state == State.MET)
            for other in world.agreement.norms.values()
            if other.kind not in ("continuous", "prohibition") and other.debtor == debtor
            for one in world.owed(other)
            if one.state in JUDGED and one.due
        ]
    return world.judged[debtor]


# --- 3.3: who may act for the vendor


def activity_by_unqualified_staff(world: World, norm: Norm, found: Lasting) -> None:
    """One breach for each lapse of a person: from the first meeting held without a valid qualification."""
    rule = _(
        "“%(promise)s”: whoever holds a meeting has a qualification, issued by somebody else, that is valid on that day.",
        promise=norm.title,
    )
    found.rule = rule
    valid = _qualifications(world, norm)
    lapsed: dict[str, datetime] = {}
    for held in world.of("activity.held"):
        for person in _people(held):
            spans = valid.get(person, [])
            if any(first <= world.day(held.at) <= last for first, last, _fact in spans):
                continue
            # Already told: the same lapse goes on until a qualification comes.
            if person in lapsed and not any(lapsed[person] < fact.at <= held.at for _a, _b, fact in spans):
                continue
            lapsed[person] = held.at
            draft = breach(
                world, norm, f"{person}-{world.day(held.at).isoformat()}", person, held.at, rule=rule
            )
            draft.trigger = held
            draft.use((norm.spec or {})["due"]["renew"], world.day(held.at))
            draft.told = _("A meeting was held on %(day)s by somebody without a valid qualification.", day=world.day(held.at))  # fmt: skip
            found.lines.append(end(draft, [(fact.at, fact) for _a, _b, fact in spans if fact.at > held.at]))


def _people(held: Fact) -> list[str]:
    staff = held.get("staff") or ()
    return [str(person) for person in ([staff] if isinstance(staff, str) else staff)]


def _qualifications(world: World, norm: Norm) -> dict[str, list[tuple[date, date, Fact]]]:
    """The first and the last day of each qualification, by person."""
    found: dict[str, list[tuple[date, date, Fact]]] = {}
    for fact in world.of("staff.qualified"):
        person = str(fact.get("person"))
        if str(fact.get("issued_by") or "") == person:
            world.refuse(fact, _("This qualification has no effect: nobody qualifies themselves."))
            continue
        if not counts(world, norm, fact):
            continue
        first = world.day(fact.at)
        renew = term_of(world.parameter((norm.spec or {})["due"]["renew"], first))
        last = day_of(fact.get("valid_until")) if fact.get("valid_until") else add_term(
            first, renew, world.calendar_of(norm), roll=False)  # fmt: skip
        found.setdefault(person, []).append((first, last, fact))
    return found


# --- 3.5: advice made for this client


def activity_without_objective(world: World, norm: Norm, found: Lasting) -> None:
    """A review or a report, after the plan, to which no recommendation linked to one of this client's objectives belongs."""
    spec = (norm.spec or {})["breach_when"]
    plans = world.of("plan.agreed")
    found.rule = _(
        "“%(promise)s”: each review and each report, once the plan is agreed, carries a recommendation linked to an objective of this client, at the latest with its minutes.",
        promise=norm.title,
    )
    if not plans:
        return
    made = _recommendations(world, norm, {str(o.get("id")) for f in plans for o in f.get("objectives") or ()})
    for fact in _carrying(world, spec, plans[0].at):
        use = world.parameter(spec["within"], world.day(fact.at))
        last = add_term(world.day(fact.at), term_of(use), world.calendar_of(norm), roll=True)
        since = world.calendar_of(norm).end_of(last)
        linked = [(one.at, one) for one in made if _belongs(world, one, fact)]
        if any(at < since and counts(world, norm, one) for at, one in linked):
            continue
        if world.now < since:
            found.rouses.append(since)
            continue
        draft = breach(world, norm, fact.id, world.day(fact.at), since, rule=found.rule)
        draft.trigger = fact
        draft.use(spec["within"], world.day(fact.at))
        draft.told = _("The meeting or report of %(day)s carries no recommendation for an objective of this client.", day=world.day(fact.at))  # fmt: skip
        found.lines.append(end(draft, linked))


def _carrying(world: World, spec: Mapping[str, Any], since: datetime) -> Iterator[Fact]:
    for fact in world.of("activity.held", "report.delivered"):
        wanted = fact.get("type") in spec["activities"] or (
            fact.kind == "report.delivered" and spec.get("reports") is True
        )
        if wanted and fact.at >= since:
            yield fact


def _recommendations(world: World, norm: Norm, objectives: set[str]) -> list[Fact]:
    """Those linked to an objective of this client; one linked to another's has no effect."""
    found = []
    for fact in world.of(*norm.evidence):
        named = str(fact.get("objective") or "")
        if named and (named in objectives or not objectives):
            found.append(fact)
        elif named:
            world.refuse(fact, _("This recommendation has no effect: “%(objective)s” is no objective of this client.", objective=named))  # fmt: skip
    return found


def _belongs(world: World, recommendation: Fact, fact: Fact) -> bool:
    named = recommendation.get("activity_ref")
    if named:
        return str(named) in {fact.id, str(fact.get("appointment_ref") or ""), str(fact.get("report") or "")}
    return world.day(recommendation.at) == world.day(fact.at)


# --- 3.6: findings


def finding_overdue(world: World, norm: Norm, found: Lasting) -> None:
    """A finding of a check that is not mended by its day: until a later check no longer finds it."""
    checks = world.of(*norm.evidence)
    for fact in checks:
        names = {str(name) for name in fact.get("findings") or ()}
        if not names or not fact.get("due"):
            continue
        day = day_of(fact.get("due"))
        since = world.calendar_of(norm).end_of(day)
        mended = [
            (f.at, f)
            for f in checks
            if f.at > fact.at and not names & {str(n) for n in f.get("findings") or ()}
        ]
        if any(at < since and counts(world, norm, one) for at, one in mended):
            continue
        if world.now < since:
            found.rouses.append(since)
            continue
        rule = _("What a check finds is mended by the day that the check sets; a later check that no longer finds it says so.")  # fmt: skip
        draft = breach(world, norm, f"finding-{fact.id}", day, since, rule=rule)
        draft.trigger = fact
        draft.told = _("What the check of %(day)s found was to be mended by %(due)s.", day=world.day(fact.at), due=day)  # fmt: skip
        found.lines.append(end(draft, mended))


# --- 3.10: what the service can do


def statement_missing_for_version(world: World, norm: Norm, found: Lasting) -> None:
    """After the first statement, one for each new version of the service, within the same term."""
    spec = norm.spec or {}
    wanted = spec["breach_when"]
    for fact in world.of(str(wanted.get("versions", "document.published"))):
        if not fact.get("version") or fact.get("doc") != wanted.get("doc"):
            continue
        name = str(fact.get("version"))
        draft = Draft(world, norm, f"version-{name}", name, world.calendar_of(norm), trigger=fact, start=world.day(fact.at))  # fmt: skip
        draft.due_after(world.day(fact.at), spec["due"]["first"], roll=True)
        same = [one for one in found_for(draft, norm, None) if str(one[1][0].get("version")) == name]
        settle(draft, same)
        found.lines.append(finish(draft))


def dataset_undeclared(world: World, norm: Norm, found: Lasting) -> None:
    """Nothing more than the dated lines: an undeclared dataset is late from the end of the day on which it was shared."""


RULES: dict[str, Callable[[World, Norm, Lasting], None]] = {
    "quality_floor": quality_floor,
    "activity_by_unqualified_staff": activity_by_unqualified_staff,
    "activity_without_objective": activity_without_objective,
    "finding_overdue": finding_overdue,
    "statement_missing_for_version": statement_missing_for_version,
    "dataset_undeclared": dataset_undeclared,
}
"""What an agreement may write under `breach_when.rule` of a continuous norm."""

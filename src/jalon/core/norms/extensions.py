"""Which of the client's late answers move which of the vendor's dates (4.1 to 4.4)."""

from __future__ import annotations

from jalon.core.norms.drafting import Draft
from jalon.core.norms.world import Question, World, order
from jalon.core.obligations import Side


def extend(draft: Draft) -> None:
    """Move the draft's date for the questions that it depends on."""
    if draft.norm.debtor == Side.CLIENT or draft.due is None or draft.start is None:
        return
    questions = _candidates(draft)
    if not questions:
        return
    whole = draft.world.parameter("@reply.extension", draft.start).value == "whole_wait"
    draft.extend_for(questions, whole_wait=whole)
    if draft.late_days:
        draft.use("@reply.extension", draft.start)
        draft.use("@reply.within", draft.start)


def _candidates(draft: Draft) -> list[Question]:
    """The questions that hold this promise up, in the order they were asked."""
    by_name = draft.world.questions_by_name
    near = [q for name in _names(draft) for q in by_name.get(name, ())]
    if "client.late" in (draft.spec.get("excused_by") or ()):
        near += [q for q in draft.world.questions if not q.fact.get("needed_for")]
    near += draft.world.waits
    found = {q.occurrence: q for q in near if concerns(draft, q)}
    return sorted(found.values(), key=lambda q: order(q.fact))


def concerns(draft: Draft, question: Question) -> bool:
    """Whether a question holds this promise up: it says so, or it says nothing and the norm lists the client's lateness.

    A question that names something else moves nothing here.
    """
    names = question.names
    if names & _names(draft):
        return True
    if question.fact.get("needed_for") or _names_another(draft, names):
        return False
    listed = draft.spec.get("excused_by") or ()
    asked = draft.world.day(question.fact.at)
    return "client.late" in listed and draft.start is not None and asked >= draft.start


def _names(draft: Draft) -> set[str]:
    """How a question may name this promise."""
    found = {draft.norm.id, draft.occurrence, f"{draft.norm.id}:{draft.occurrence}", draft.norm.clause}
    activity = (draft.spec.get("where") or {}).get("type")
    if activity:
        found |= {activity, f"{activity}:{draft.occurrence}"}
    if draft.trigger is not None:
        found |= {draft.trigger.id} | {
            str(draft.trigger.get(name))
            for name in ("report", "request", "complaint")
            if draft.trigger.get(name)
        }
    return found


def _names_another(draft: Draft, names: frozenset[str]) -> bool:
    return bool(names & (_tickets(draft.world) | draft.world.promise_names))


def _tickets(world: World) -> frozenset[str]:
    """What clients asked or complained of, by the names that questions use."""
    if not world.tickets:
        world.tickets = frozenset(
            str(f.get(name))
            for f in world.of("request.opened", "complaint.filed", "report.requested")
            for name in ("request", "complaint", "report")
            if f.get(name)
        )
    return world.tickets

"""The three sentences of a review, by plain rules from its figures; **stars** mark what is read first."""

from __future__ import annotations

from typing import Any

from jalon.core.obligations import Side, State
from jalon.core.text import Text, _, ngettext
from jalon.documents.review.model import MonthlyReview, Promise


def sentences(review: MonthlyReview) -> tuple[Text, ...]:
    """Adoption, promises, what comes next: one sentence each."""
    return (_adoption(review), _promises(review), _next(review))


def _adoption(review: MonthlyReview) -> Text:
    use = review.use
    if use is None or use.active is None:
        return _("No use was recorded for this month: adoption cannot be said yet.")
    people = ngettext("%(n)s person", "%(n)s people", use.active)
    before = next(
        (m.active for m in reversed(review.months) if m.month < review.month and m.active is not None), None
    )
    values: dict[str, Any] = {"people": people, "before": before if before is not None else 0}
    if before is None or before == use.active:
        said = _("**%(people)s** used the platform this month", **values)
    elif use.active > before:
        said = _("**%(people)s** used the platform this month, up from %(before)s the month before", **values)
    else:
        said = _(
            "**%(people)s** used the platform this month, down from %(before)s the month before", **values
        )
    judged = [o.on_pace for o in review.objectives if o.on_pace is not None]
    if not judged:
        return _("%(said)s; no objective of the plan can be measured against it yet.", said=said)
    return ngettext(
        "%(said)s; **%(kept)s of %(n)s objective** is on pace.", "%(said)s; **%(kept)s of %(n)s objectives** are on pace.",
        len(judged), said=said, kept=sum(judged),
    )  # fmt: skip


def _promises(review: MonthlyReview) -> Text:
    (ours, of_ours), (theirs, of_theirs) = review.score(Side.PROVIDER), review.score(Side.CLIENT)
    if not of_ours and not of_theirs:
        return _("No promise of either side fell due this month.")
    first = _score(review.provider, ours, of_ours)
    second = _score(review.client, theirs, of_theirs)
    return _("Of the promises that fell due, %(first)s and %(second)s.", first=first, second=second)


def _score(who: str, kept: int, judged: int) -> Text:
    if not judged:
        return _("%(who)s owed none", who=who)
    return _("%(who)s met **%(kept)s of %(judged)s**", who=who, kept=kept, judged=judged)


def _next(review: MonthlyReview) -> Text:
    late = {
        side: [p for p in review.of(side) if p.state == State.OVERDUE]
        for side in (Side.PROVIDER, Side.CLIENT)
    }
    ours, theirs = late[Side.PROVIDER], late[Side.CLIENT]
    if ours and theirs:
        return _(
            "What comes next depends on both of us: %(ours)s, and %(theirs)s.",
            ours=_late(ours, ours=True),
            theirs=_late(theirs, ours=False),
        )
    if ours or theirs:
        return _("What comes next depends on %(late)s.", late=_late(ours or theirs, ours=bool(ours)))
    if review.coming:
        first = review.coming[0]
        return _("Nothing is late; next comes **%(what)s**, due on %(day)s.", what=first.title, day=first.due)
    if review.next_appointment:
        return _("Nothing is late; we meet again on %(day)s.", day=review.next_appointment.date())
    return _("Nothing is late, and no date is set for what comes next.")


def _late(found: list[Promise], *, ours: bool) -> Text:
    first = found[0]
    values: dict[str, Any] = {"what": first.title, "day": first.due or ""}
    if len(found) == 1:
        return (
            _("our **%(what)s**, due since %(day)s", **values)
            if ours
            else _("your **%(what)s**, due since %(day)s", **values)
        )
    return (
        ngettext("our **%(what)s**, due since %(day)s, and %(n)s more of ours", "our **%(what)s**, due since %(day)s, and %(n)s more of ours", len(found) - 1, **values)
        if ours
        else ngettext("your **%(what)s**, due since %(day)s, and %(n)s more of yours", "your **%(what)s**, due since %(day)s, and %(n)s more of yours", len(found) - 1, **values)
    )  # fmt: skip

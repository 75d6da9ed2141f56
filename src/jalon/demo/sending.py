"""The reviews that were sent: written and sent through the documents' own door, as the CSM did at the time."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from jalon.accounts.access import Person, person_of
from jalon.accounts.models import Account, Staff
from jalon.core.obligations import Side
from jalon.demo.story import Sending, Story
from jalon.documents import reviews
from jalon.documents.review.model import Action, Words


def send_reviews(account: Account, story: Story, sending: Sending) -> None:
    """Write the words of one month's review and send it at its moment."""
    csm = _csm(story)
    draft = reviews.draft(account, sending.month, csm, sending.at)
    reviews.write(draft, _written(reviews.words_of(draft), story, sending), sending.at)
    reviews.send(draft, csm, sending.at)


def _csm(story: Story) -> Person:
    found = person_of(Staff.objects.get(ref=story.csm).user)
    assert found is not None, f"{story.csm} is no member of staff"
    return found


def _written(prefilled: Words, story: Story, sending: Sending) -> Words:
    """What a CSM adds to the figures: a sentence or two, what was agreed, and who does what next."""
    from dataclasses import replace

    dice, texts = Random(f"{story.seed}:{story.ref}:{sending.month}"), story.words
    day = sending.at.date()
    actions = (
        Action(Side.PROVIDER, dice.choice(texts.actions), _name(prefilled.staff), story.workday(day + timedelta(days=12)), "O1"),
        Action(Side.CLIENT, dice.choice(texts.actions_theirs), _name(prefilled.attendees), story.workday(day + timedelta(days=17)), "O2"),
    )  # fmt: skip
    return replace(
        prefilled,
        summary=dice.choice(texts.summaries),
        decisions=(dice.choice(texts.recommendations),),
        actions=actions,
        language=story.language,
    )


def _name(people: tuple[str, ...]) -> str:
    return people[0] if people else ""

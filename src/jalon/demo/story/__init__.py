"""What happened to each client in the last eight months: a seeded story of a well-run vendor, one module a strand.

Times are relative to the day of loading, so that the demo is alive whenever it is opened. Both sides mostly keep their
promises; where one does not, it is long enough ago to be settled, but for the few that make today.
"""

from __future__ import annotations

from collections.abc import Callable

from jalon.demo.story.incidents import absences, changes, flood, incidents
from jalon.demo.story.invoices import invoices
from jalon.demo.story.listening import backups, complaints, feedback, surveys
from jalon.demo.story.meetings import quarterly, reviews, trainings
from jalon.demo.story.onboarding import launch
from jalon.demo.story.present import today
from jalon.demo.story.reports import cooperation, reports
from jalon.demo.story.second_thoughts import contested, corrections, told_late
from jalon.demo.story.signature import amendments, duties, signature
from jalon.demo.story.telling import SEATS, ZONE, Sending, Story, fact_id
from jalon.demo.story.tickets import tickets
from jalon.ledger.book import Draft

__all__ = ["CHAPTERS", "SEATS", "ZONE", "Sending", "Story", "fact_id", "tell_all"]

CHAPTERS: tuple[Callable[[Story], None], ...] = (
    signature, amendments, duties, invoices, flood, launch, reviews, quarterly, trainings, tickets, reports, cooperation, surveys,
    feedback, complaints, incidents, changes, absences, corrections, contested, told_late, backups, today,
)  # fmt: skip
"""Suspensions and the flood come before what they stop."""


def tell_all(story: Story) -> list[Draft]:
    """Every chapter, in order of recording."""
    for chapter in CHAPTERS:
        story.begin(chapter.__name__)
        chapter(story)
    return sorted(story.drafts, key=lambda draft: (draft.recorded_at or draft.at, draft.idempotency_key))

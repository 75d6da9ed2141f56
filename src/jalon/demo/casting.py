"""Who plays what: the story of each client, ready to be told. Nothing is written here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.text import slugify

from jalon.accounts import agreements
from jalon.core.timekeeping.calendars import Calendar
from jalon.demo.people import CLIENTS, ENGLISH, Client
from jalon.demo.story import ZONE, Story

AGREEMENT = ("mytraffic-cs", "2024-02-14")
CSMS = ("camille-moreau", "camille-moreau", "yann-bellec")
SIGNED = {"harcourt-lowe": 205, "verrerie-saint-aubin": 230}
"""Days since the signature, where it is not from the newest to the oldest in the order of the list."""
ENDED = {"verrerie-saint-aubin": 33}
"""Days since the agreement ended."""
RAISED = {"optique-solane": ("essentiel", 95)}
"""The level at which a client began, and days since it took its own."""


def stories(now: datetime, seed: int = 7, cast: Sequence[Client] = CLIENTS) -> list[Story]:
    """One story for each client of `cast`, as of `now` (aware), not told yet; a larger cast goes through the turns again."""
    return [
        _story(index % len(CLIENTS), client, now, seed + index // len(CLIENTS))
        for index, client in enumerate(cast)
    ]


def _story(index: int, client: Client, now: datetime, seed: int) -> Story:
    ref, _name, level, sponsor, champion, billing = client
    agreement = agreements.load(*AGREEMENT)
    calendar = Calendar.of(agreement.calendars["provider"])
    today = now.astimezone(ZONE).date()
    # The newest client signed just long enough ago for its kick-off to be late; the others eight months ago or less.
    newest = ref == "chausseurs-rivoire"
    signed = (
        calendar.add_business_days(today, -17)
        if newest
        else calendar.roll(today - timedelta(days=SIGNED.get(ref, 243 - 5 * index)))
    )
    raised = RAISED.get(ref)
    return Story(
        ref=ref, level=level, index=index, now=now, csm=CSMS[index % 3], champion=slugify(champion), sponsor=slugify(sponsor),
        billing=slugify(billing), calendar=calendar, agreement=agreement, seed=seed, signed=signed,
        language="en" if ref in ENGLISH else "fr",
        ends=today - timedelta(days=ENDED[ref]) if ref in ENDED else None,
        began_at=(raised[0], calendar.roll(today - timedelta(days=raised[1]))) if raised else None,
    )  # fmt: skip

"""Load the demo: people, clients, their usage through the usage store's door, their facts and reviews through the ledger's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from random import Random

import pyarrow
from django.db import transaction

from jalon.accounts.models import Account, Contact, Staff, User
from jalon.demo.casting import AGREEMENT, stories
from jalon.demo.people import CLIENTS, SECTORS, STAFF, TITLES, Client
from jalon.demo.sending import send_reviews
from jalon.demo.simulator import FEATURES, Use, events
from jalon.demo.story import SEATS, ZONE, Story, tell_all
from jalon.ledger import book, projection
from jalon.ledger.book import Draft
from jalon.usage import projection as projection_of_usage
from jalon.usage import store
from jalon.usage.models import LicensedSeat

Said = Callable[[int, int], None]

OUTAGE = "maison-vauban"
"""The client whose phones sent a week of one month only after its review had left: a restatement stands beside it."""


def load(
    now: datetime, *, seed: int = 7, clients: int = len(CLIENTS), send: bool = True, said: Said | None = None
) -> int:
    """Make the portfolio as of `now`; returns the number of facts recorded. `send=False` leaves the reviews unsent.

    `said` hears how many clients are done, of how many.
    """
    staff()
    return join(CLIENTS[:clients], now, seed=seed, send=send, said=said)


def join(
    cast: Sequence[Client], now: datetime, *, seed: int = 7, send: bool = True, said: Said | None = None
) -> int:
    """Make these clients as of `now`, with the vendor's people there already; returns the number of their facts."""
    told = [(story, tell_all(story)) for story in stories(now, seed, cast)]
    accounts = {
        story.ref: _account(client, story) for client, (story, _drafts) in zip(cast, told, strict=True)
    }
    use(told, now, seed)
    for done, (story, drafts) in enumerate(told, start=1):
        with transaction.atomic():
            _facts(accounts[story.ref], story, drafts, now, send)
            projection.project(accounts[story.ref], now)
        if said:
            said(done, len(told))
    projection_of_usage.refresh(list(accounts))
    return sum(account.facts.count() for account in accounts.values())


def _facts(account: Account, story: Story, drafts: Sequence[Draft], now: datetime, send: bool) -> None:
    """The facts in the order of their recording; each review leaves at its own moment, by what was known then."""
    start = 0
    for sending in sorted(story.sendings, key=lambda one: one.at) if send else ():
        end = start
        while end < len(drafts) and (drafts[end].recorded_at or drafts[end].at) <= sending.at:
            end += 1
        book.append_many(account, drafts[start:end], now=now, project=False)
        with book.unprojected():
            send_reviews(account, story, sending)
        start = end
    book.append_many(account, drafts[start:], now=now, project=False)


def use(told: Sequence[tuple[Story, Sequence[Draft]]], now: datetime, seed: int) -> None:
    """Simulated use of every client, and its seats, through the usage store's door."""
    rows: list[tuple[object, ...]] = []
    for story, drafts in told:
        started = next((one for one in drafts if one.kind == "usage.started"), None)
        if started is None:
            continue
        first = started.at.astimezone(ZONE).date()
        last = min(story.today, story.ends or story.today)
        use = Use(
            story.ref,
            SEATS[story.level],
            first,
            last,
            story.calendar,
            *_outage(story),
            features=FEATURES[story.language],
        )
        rows += events(use, Random(f"{seed}:{story.ref}:use"))
        account = Account.objects.get(ref=story.ref)
        LicensedSeat.objects.bulk_create(
            [
                LicensedSeat(account=account, user_ref=f"{story.ref}-u{n}")
                for n in range(1, SEATS[story.level] + 1)
            ]
        )
    # What has not reached the store yet at the moment of loading is still on its way.
    arrived = [row for row in rows if row[8] <= now.replace(tzinfo=None)]  # type: ignore[operator]
    table = pyarrow.table(
        {name: [row[n] for row in arrived] for n, (name, _kind) in enumerate(store.COLUMNS)}
    )
    with store.connect() as base:
        base.register("simulated", table)
        store.append(base, "simulated", source="demo", now=now)


def _outage(story: Story) -> tuple[tuple[date, date] | None, datetime | None]:
    """The days whose events came late, and when they came: after the latest review sent, before now."""
    if story.ref != OUTAGE or not story.sendings:
        return None, None
    sent = max(story.sendings, key=lambda one: one.at)
    came = min(sent.at + timedelta(days=5), story.now - timedelta(hours=1))
    return (sent.month.replace(day=18), sent.month.replace(day=24)), max(came, sent.at + timedelta(minutes=5))


def staff() -> None:
    """The vendor's people, who enter by one click and have no password."""
    for ref, name, roles in STAFF:
        user = User.objects.create_user(f"{ref}@mytraffic.example")
        Staff.objects.create(ref=ref, user=user, name=name, email=user.email, roles=roles)


def _account(client: Client, story: Story) -> Account:
    ref, name, _level, sponsor, champion, billing = client
    account = Account.objects.create(
        ref=ref, name=name, domain=f"{ref}.example", sector=SECTORS[story.language], language=story.language, agreement=AGREEMENT[0],
        agreement_version=AGREEMENT[1], created_at=min(story.at(story.signed, 9), story.now),
    )  # fmt: skip
    for person, who, seat in (
        (sponsor, story.sponsor, "sponsor"),
        (champion, story.champion, "champion"),
        (billing, story.billing, "billing"),
    ):
        _contact(account, who, person, seat)
    return account


def _contact(account: Account, ref: str, name: str, seat: str) -> None:
    email = f"{ref}@{account.domain}"
    user = User.objects.create_user(email, language=account.language)
    Contact.objects.create(
        account=account, ref=ref, user=user, name=name, email=email, title=TITLES[account.language][seat], seats=[seat],
        language=account.language,
    )  # fmt: skip

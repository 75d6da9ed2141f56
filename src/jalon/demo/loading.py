"""Load the demo: people, clients, their facts through the ledger's door, their usage through the usage store's."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pyarrow
from django.db import transaction

from jalon.accounts import agreements
from jalon.accounts.models import Account, Contact, Staff, User
from jalon.core.timekeeping.calendars import Calendar
from jalon.demo.people import CLIENTS, STAFF
from jalon.demo.simulator import events
from jalon.demo.story import SEATS, ZONE, Story, tell_all
from jalon.ledger import book, projection
from jalon.usage import projection as projection_of_usage
from jalon.usage import store
from jalon.usage.models import LicensedSeat

AGREEMENT = ("mytraffic-cs", "2024-02-14")
CSMS = ("camille-moreau", "camille-moreau", "yann-bellec")


def load(now: datetime, *, seed: int = 7, clients: int = len(CLIENTS)) -> int:
    """Make the portfolio as of `now`; returns the number of facts recorded."""
    staff()
    total = 0
    for index, client in enumerate(CLIENTS[:clients]):
        with transaction.atomic():
            total += _client(index, client, now, seed)
    use(now, seed, clients)
    return total


def use(now: datetime, seed: int, clients: int = len(CLIENTS)) -> None:
    """Simulated use of every client through the usage store's door, then the months that lists read."""
    calendar = Calendar.of(agreements.load(*AGREEMENT).calendars["provider"])
    today = now.astimezone(ZONE).date()
    rows: list[tuple[object, ...]] = []
    for index, (ref, _name, level, *_people) in enumerate(CLIENTS[:clients]):
        account = Account.objects.get(ref=ref)
        started = account.facts.filter(kind="usage.started").order_by("at").first()
        if started is None:
            continue
        first = started.at.astimezone(ZONE).date()
        rows += events(ref, SEATS[level], first, today, calendar, Random(seed * 7919 + index))
        LicensedSeat.objects.bulk_create(
            [LicensedSeat(account=account, user_ref=f"{ref}-u{n}") for n in range(1, SEATS[level] + 1)]
        )
    # What has not reached the store yet at the moment of loading is still on its way.
    arrived = [row for row in rows if row[8] <= now.replace(tzinfo=None)]  # type: ignore[operator]
    table = pyarrow.table(
        {name: [row[n] for row in arrived] for n, (name, _kind) in enumerate(store.COLUMNS)}
    )
    with store.connect() as base:
        base.register("simulated", table)
        store.append(base, "simulated", source="demo", now=now)
    projection_of_usage.refresh([ref for ref, *_rest in CLIENTS[:clients]])


def staff() -> None:
    """The vendor's people, who enter by one click and have no password."""
    for ref, name, roles in STAFF:
        user = User.objects.create_user(f"{ref}@mytraffic.example")
        Staff.objects.create(ref=ref, user=user, name=name, email=user.email, roles=roles)


def _client(index: int, client: tuple[str, ...], now: datetime, seed: int) -> int:
    ref, name, level, sponsor, champion, billing = client
    domain = f"{ref}.example"
    account = Account.objects.create(
        ref=ref, name=name, domain=domain, sector="Commerce", agreement=AGREEMENT[0], agreement_version=AGREEMENT[1], created_at=now,
    )  # fmt: skip
    refs = {seat: _contact(account, person, seat, title) for person, seat, title in (
        (sponsor, "sponsor", "Direction"), (champion, "champion", "Responsable réseau"), (billing, "billing", "Comptabilité"))}  # fmt: skip
    agreement = agreements.load(*AGREEMENT)
    calendar = Calendar.of(agreement.calendars["provider"])
    today = now.astimezone(ZONE).date()
    # The newest client signed just long enough ago for its kick-off to be late; the others eight months ago or less.
    signed = (
        calendar.add_business_days(today, -17)
        if index == 10
        else calendar.roll(today - timedelta(days=243 - 5 * index))
    )
    story = Story(
        ref,
        level,
        index,
        now,
        CSMS[index % 3],
        refs["champion"],
        refs["sponsor"],
        calendar,
        agreement,
        Random(seed * 1000 + index),
        signed,
    )
    stored = book.append_many(account, tell_all(story), now=now, project=False)
    projection.project(account, now)
    return len(stored)


def _contact(account: Account, name: str, seat: str, title: str) -> str:
    from django.utils.text import slugify

    ref = slugify(name)
    email = f"{ref}@{account.domain}"
    user = User.objects.create_user(email)
    Contact.objects.create(
        account=account, ref=ref, user=user, name=name, email=email, title=title, seats=[seat]
    )
    return ref

"""Compose a review from the ledger and the usage store: the machine's part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from jalon.accounts import agreements
from jalon.accounts.models import Account, Contact, Staff
from jalon.core import engine
from jalon.core.agreement.model import Agreement
from jalon.core.facts.model import Fact
from jalon.core.obligations import Assessment, Obligation, Side, State
from jalon.core.text import Text, _
from jalon.documents.review import adoption, happenings
from jalon.documents.review.drawings import month_end
from jalon.documents.review.model import Coming, Figure, MonthlyReview, Promise, Words
from jalon.ledger import book
from jalon.wording.dates import last_day

CARRIED = frozenset({State.OVERDUE, State.PAUSED, State.UNCONFIRMED})
"""States in which an older promise is still shown: it is not settled."""
HIDDEN = frozenset({State.NOT_YET, State.CANCELLED})


def first_of(month: date) -> date:
    """The first day of the month of any day."""
    return month.replace(day=1)


def end_of(month: date, zone: ZoneInfo) -> datetime:
    """The instant at which a month is over, in a zone."""
    return datetime.combine(month_end(month) + timedelta(days=1), time(0), tzinfo=zone)


def compose(
    account: Account,
    month: date,
    *,
    as_of: datetime,
    known_at: datetime,
    words: Words | None = None,
    without: frozenset[str] = frozenset(),
) -> MonthlyReview:
    """The review of `month` as things stood at `as_of` (never after the month's end), as known at `known_at`.

    A client without agreement, plan, usage or promise gives a review that says so. `without`: facts left out. Reads only.
    """
    zone = ZoneInfo(account.zone)
    month, last = first_of(month), month_end(month)
    over = end_of(month, zone)
    # The usage store counts months of UTC: a month that is over counts whole, one still running up to the as-of.
    as_of, until = min(as_of, over), as_of if as_of < over else None
    known = [fact for fact in book.facts_of(account, known_at) if fact.id not in without]
    facts = [fact for fact in known if fact.at <= as_of]
    agreement = agreements.of(account)
    assessment = engine.assess(agreement, facts, as_of, known_at, explain=False) if agreement else None
    owed = (
        [o for o in assessment.obligations if not o.private and o.state not in HIDDEN] if assessment else []
    )
    later = _later(agreement, known, known_at) if agreement else {}
    names = _names(account)
    promises = _promises(owed, month, last, later)
    appointment, what = happenings.upcoming(facts, as_of)
    plan = adoption.first_plan(facts)
    months = adoption.months(account, month, known_at, until)
    use = next((m for m in months if m.month == month and m.active is not None), None)
    sequence, checkpoint = _checkpoint(account, known_at)
    review = MonthlyReview(
        client=account.name, client_ref=account.ref, provider=agreement.provider_name if agreement else "", zone=account.zone,
        month=month, as_of=as_of, known_at=known_at, sequence=sequence, checkpoint=checkpoint,
        agreement=agreement.title if agreement else None, agreement_version=agreement.version if agreement else "",
        published_on=agreement.published_on if agreement else None, level=_level(agreement, assessment),
        effective_on=assessment.effective_on if assessment else None,
        plan_on=plan.at.astimezone(zone).date() if plan else None,
        objectives=adoption.objectives(facts, use, as_of, zone),
        months=months, features=adoption.features(account, month, known_at, until),
        promises=promises, suspended=_suspended(assessment, as_of, zone),
        meetings=happenings.meetings(facts, month, last, zone, names),
        tickets=happenings.tickets(facts, owed, agreement, month, last, zone), questions=happenings.questions(facts, owed, zone),
        coming=_coming(owed, agreement, facts, last, as_of, known_at, {p.key for p in promises}),
        next_appointment=appointment, next_what=what, words=words or Words(language=account.language),
    )  # fmt: skip
    return _with_figures(review, facts)


def _names(account: Account) -> dict[str, str]:
    people = dict(Staff.objects.values_list("ref", "name"))
    return people | dict(Contact.objects.filter(account=account).values_list("ref", "name"))


def _checkpoint(account: Account, known_at: datetime) -> tuple[int, str]:
    """The last fact recorded by `known_at`, and its hash."""
    row = (
        account.facts.filter(recorded_at__lte=known_at)
        .order_by("-sequence")
        .values_list("sequence", "sha256")
        .first()
    )
    return row or (0, "")


def _level(agreement: Agreement | None, assessment: Assessment | None) -> object:
    if agreement is None or assessment is None or not assessment.level:
        return None
    level = agreement.levels.get(assessment.level)
    return level.name if level else None


def _later(agreement: Agreement, facts: Sequence[Fact], now: datetime) -> dict[str, State]:
    """How every promise stands when the review is made: what was settled since is said beside it."""
    found = engine.assess(agreement, facts, now, now, explain=False)
    return {o.key: o.state for o in found.obligations}


def _due(o: Obligation) -> date | None:
    return o.due_on or (last_day(o.due) if o.due else None)


def _side(o: Obligation) -> Side:
    """A promise of both sides stands with the provider's: it is written once."""
    return Side.CLIENT if o.debtor == Side.CLIENT else Side.PROVIDER


def _promises(
    owed: Sequence[Obligation], first: date, last: date, later: dict[str, State]
) -> tuple[Promise, ...]:
    """Due or done in the month, and what is older and not settled; the provider's first, by date."""
    shown = []
    for o in owed:
        due, done = _due(o), o.done_at.date() if o.done_at else None
        inside = (due is not None and first <= due <= last) or (done is not None and first <= done <= last)
        if due is not None and (inside or (due < first and o.state in CARRIED)):
            shown.append((_side(o), due, done, o))
    shown.sort(key=lambda s: (s[0] == Side.CLIENT, s[1], s[3].key))
    by_fact = {
        fact: o.key for _s, _d, _n, o in shown for fact in (*o.evidence, *([o.trigger] if o.trigger else []))
    }
    return tuple(
        Promise(
            no=k, key=o.key, side=side, title=o.title, clause=o.clause, state=o.state, due=due,
            due_first=o.due_first_on or (last_day(o.due_first) if o.due_first else None), done=done, because=_cause(o, by_fact), note=_note(o),
            since=later.get(o.key) if later.get(o.key) not in (None, o.state) else None, evidence=o.evidence,
        )
        for k, (side, due, done, o) in enumerate(shown, start=1)
    )  # fmt: skip


def _cause(o: Obligation, by_fact: dict[str, str]) -> str:
    facts = [fact for shift in o.shifts for fact in shift.facts] + list(o.excuse.facts if o.excuse else ())
    return next((by_fact[f] for f in facts if by_fact.get(f, o.key) != o.key), "")


def _note(o: Obligation) -> Text | None:
    """Why it is not simply met or late: excused, moved, paused, to be confirmed."""
    if o.excuse:
        return _("excused: %(why)s", why=o.excuse.said)
    if o.shifts:
        return _("moved: %(why)s", why=tuple(shift.said for shift in o.shifts))
    if o.state == State.UNCONFIRMED:
        return _("said to be done by one side; it counts once the other agrees.")
    if o.state == State.PAUSED:
        return o.summary
    return None


def _suspended(
    assessment: Assessment | None, as_of: datetime, zone: ZoneInfo
) -> tuple[tuple[date, date], ...]:
    spans = assessment.suspended if assessment else ()
    return tuple((a.astimezone(zone).date(), (b or as_of).astimezone(zone).date()) for a, b in spans)


def _coming(
    owed: Sequence[Obligation],
    agreement: Agreement | None,
    facts: Sequence[Fact],
    last: date,
    as_of: datetime,
    known_at: datetime,
    shown: set[str],
) -> tuple[Coming, ...]:
    """What falls due in the month after: open already, or opening with the new month by the agreement alone."""
    if agreement is None:
        return ()
    end = month_end(last + timedelta(days=1))
    # The month to come opens its own windows: asked of the engine at its first instant, with the same facts.
    ahead = engine.assess(
        agreement,
        facts,
        as_of + timedelta(days=max((last - as_of.date()).days + 2, 1)),
        known_at,
        explain=False,
    )
    known = {o.key: o for o in (*ahead.obligations, *owed)}
    found = [
        Coming(o.key, _side(o), o.title, o.clause, due)
        for o in known.values()
        if o.key not in shown
        and not o.private
        and o.state in (State.OPEN, State.PAUSED)
        and (due := _due(o))
        and last < due <= end
    ]
    return tuple(sorted(found, key=lambda c: (c.due, c.key)))


def _with_figures(review: MonthlyReview, facts: Sequence[Fact]) -> MonthlyReview:
    """The review with the figures that its sentences quote, each with its query."""
    from dataclasses import replace

    month, use = f"{review.month:%Y-%m}", review.use
    found: list[Figure] = []
    if use is not None:
        seats = _("of %(n)s seats", n=use.licensed) if use.licensed else None
        query = f"usage.months(client={review.client_ref}, month={month})"
        counted = (
            ("use.active", _("Active people"), use.active), ("use.licensed", _("Seats"), use.licensed), ("use.events", _("Events"), use.events),
            ("use.features", _("Features used"), use.features),
        )  # fmt: skip
        found += [
            Figure(
                key,
                label,
                Decimal(amount),
                f"{query}.{key.split('.')[1]}",
                n=seats if key == "use.active" else None,
            )
            for key, label, amount in counted
            if amount is not None
        ]
    for side, label in (
        (Side.PROVIDER, _("Promises kept by the provider")),
        (Side.CLIENT, _("Promises kept by the client")),
    ):
        kept, judged = review.score(side)
        evidence = tuple(fact for p in review.of(side) for fact in p.evidence)
        found.append(
            Figure(f"kept.{side.value}", label, Decimal(kept), f"promises.kept(client={review.client_ref}, month={month}, side={side.value})",
                   of=Decimal(judged), evidence=evidence)
        )  # fmt: skip
    found.append(Figure("meetings", _("Meetings held"), Decimal(sum(m.happened == "held" for m in review.meetings)),
                        f"meetings.held(client={review.client_ref}, month={month})", evidence=tuple(m.fact for m in review.meetings)))  # fmt: skip
    found.append(Figure("requests", _("Requests open in the month"), Decimal(len(review.tickets)),
                        f"requests.open(client={review.client_ref}, month={month})", evidence=tuple(t.fact for t in review.tickets)))  # fmt: skip
    return replace(review, figures=tuple(found))

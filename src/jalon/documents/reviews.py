"""The life of a review: drafted, written, sent once and frozen; afterwards only restated beside."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from jalon.accounts.access import Person
from jalon.accounts.models import Account, Contact, Staff
from jalon.core.facts.model import Fact
from jalon.core.obligations import Side, State
from jalon.core.text import Text, _
from jalon.documents.models import Review, SentReview
from jalon.documents.paper import press
from jalon.documents.review import happenings
from jalon.documents.review.codec import freeze, thaw
from jalon.documents.review.composing import compose, first_of
from jalon.documents.review.drawings import month_end
from jalon.documents.review.model import MonthlyReview, Words
from jalon.documents.review.writing import action_line
from jalon.documents.review.writing import value as written
from jalon.ledger import book
from jalon.usage.digest import fields as summed_up

LANGUAGES = ("fr", "en")
SENT = _("The review is sent: it stands in the client’s portal, and its minutes are recorded.")
TOPICS = ("adoption", "objectives", "actions")
"""What a monthly review covers (clause 2.c): its own sections."""


class NotSendable(Exception):
    """A review that cannot leave yet; `said` is the sentence for the CSM, `field` where it belongs."""

    def __init__(self, said: Text, field: str = "") -> None:
        super().__init__(said.msgid)
        self.said, self.field = said, field


@dataclass(frozen=True)
class Restatement:
    """A figure of a sent review that today's facts would give otherwise: "sent as" and "known now"."""

    key: str
    name: Any
    was: Any
    now: Any


def month_of(zone: str, now: datetime) -> date:
    """The month to review: the running one from its 20th day, else the one before."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return first_of(today) if today.day >= 20 else first_of(first_of(today) - timedelta(days=1))


def unsaved(account: Account, month: date, by: Person, now: datetime) -> Review:
    """The draft as it would begin: its meeting and its people are filled in from what is known. Writes nothing."""
    words = _prefilled(account, first_of(month), by, now)
    return Review(
        account=account,
        month=first_of(month),
        words=freeze(words),
        language=words.language,
        created_by=by.ref,
        created_at=now,
        changed_at=now,
    )


def draft(account: Account, month: date, by: Person, now: datetime) -> Review:
    """The draft of a month's review, made once."""
    found = Review.objects.filter(account=account, kind="monthly", month=first_of(month)).first()
    if found:
        return found
    fresh = unsaved(account, month, by, now)
    fields = ("words", "language", "created_by", "created_at", "changed_at")
    return Review.objects.get_or_create(
        account=account,
        kind="monthly",
        month=fresh.month,
        defaults={name: getattr(fresh, name) for name in fields},
    )[0]


def _prefilled(account: Account, month: date, by: Person | None, now: datetime) -> Words:
    """Held when it was logged or booked, else now by whoever writes; by whom the facts name, else by the usual contacts."""
    zone = ZoneInfo(account.zone)
    facts = book.facts_of(account)
    held = held_review(facts, month, zone)
    booked = happenings.booked_review(facts, month, month_end(month), zone)
    at: datetime | None = now if by else None
    if held is not None:
        at = held.at
    elif booked is not None:
        at = min(datetime.fromisoformat(str(booked.get("start"))), now)
    source = held or booked
    present = tuple(source.get("attendees") or ()) if source else ()
    contacts = list(Contact.objects.filter(account=account))
    if not present and by:
        present = tuple(c.ref for c in contacts if c.active and {"champion", "sponsor"} & set(c.seats))[:2]
    names = {c.ref: c.name for c in contacts}
    staff = dict(Staff.objects.values_list("ref", "name")) if held else {}
    ours = tuple(staff.get(str(ref), str(ref)) for ref in held.get("staff") or ()) if held else ()
    return Words(
        held_at=at,
        attendees=tuple(names.get(str(ref), str(ref)) for ref in present),
        staff=ours or ((by.name,) if by else ()),
        language=account.language,
    )


def held_review(facts: Sequence[Fact], month: date, zone: ZoneInfo) -> Fact | None:
    """The meeting of the month's review, where it was logged already."""
    wanted = f"{month:%Y-%m}"
    for fact in reversed(facts):
        if fact.kind != "activity.held" or fact.get("type") != "review":
            continue
        periods = [str(one) for one in fact.get("covers") or () if str(one)[:4].isdigit()]
        if wanted in periods or (not periods and first_of(fact.at.astimezone(zone).date()) == month):
            return fact
    return None


def words_of(review: Review) -> Words:
    """What the CSM wrote."""
    return thaw(Words, review.words)


def write(review: Review, words: Words, now: datetime) -> None:
    """Keep the CSM's words. NotSendable once it was sent."""
    if review.is_sent:
        raise NotSendable(_("This review was sent: it does not change any more."))
    review.words, review.changed_at, review.language = freeze(words), now, words.language
    review.save(update_fields=["words", "changed_at", "language"])


def composed(review: Review, now: datetime) -> MonthlyReview:
    """What the review says: frozen once it was sent, else composed from what is known now, with the CSM's words."""
    if review.is_sent:
        return thaw(MonthlyReview, review.sent.data)
    return compose(review.account, review.month, as_of=now, known_at=now, words=words_of(review))


def send(review: Review, by: Person, now: datetime) -> SentReview:
    """Freeze the figures, keep both files by their hash, and record the review in the ledger: one transaction.

    A second call gives back what was sent. NotSendable says what is missing; book.Refusal what the ledger refuses.
    """
    if review.is_sent:
        return review.sent
    words = words_of(review)
    if words.held_at is None or words.held_at > now + book.FUTURE:
        raise NotSendable(_("Say when the review was held: a time that has passed."), "held_at")
    with transaction.atomic():
        locked = Review.objects.select_for_update().select_related("account").get(pk=review.pk)
        if locked.is_sent:
            return locked.sent
        account = locked.account
        # The meeting comes before the figures: a review says of itself that it was held.
        held, facts = _record_meeting(account, locked.month, words, by, now)
        model = compose(account, locked.month, as_of=now, known_at=now, words=words)
        printed = {lang: press.pdf(model, lang) for lang in LANGUAGES}
        digests = {lang: hashlib.sha256(content).hexdigest() for lang, content in printed.items()}
        files = {lang: _keep(content, digests[lang]) for lang, content in printed.items()}
        facts += _record_minutes(account, model, held, digests[_tongue(account)], by, now)
        return SentReview.objects.create(
            review=locked, data=freeze(model), as_of=model.as_of, known_at=model.known_at, files=files, sha256=digests, facts=facts,
            sent_by=by.ref, sent_at=now,
        )  # fmt: skip


def _tongue(account: Account) -> str:
    return account.language if account.language in LANGUAGES else "fr"


def _keep(content: bytes, digest: str) -> str:
    """Store a file under its hash; the same content is kept once."""
    name = f"reviews/{digest[:2]}/{digest}.pdf"
    if default_storage.exists(name):
        return name
    return default_storage.save(name, ContentFile(content))


def _record_meeting(
    account: Account, month: date, words: Words, by: Person, now: datetime
) -> tuple[str, list[str]]:
    """The id of the meeting's fact, and the facts that were recorded: none where it was logged already."""
    held = held_review(book.facts_of(account), month, ZoneInfo(account.zone))
    if held is not None:
        return held.id, []
    made = _hold(account, f"{month:%Y-%m}", words, by, now)
    return made, [made]


def _record_minutes(
    account: Account, model: MonthlyReview, held: str, digest: str, by: Person, now: datetime
) -> list[str]:
    """The usage summed up, and the minutes: the file's hash and what was agreed. Returns the ids of the facts."""
    month = f"{model.month:%Y-%m}"
    found: list[str] = []
    if said := summed_up(account.ref, model.month, model.known_at):
        stored = book.append(
            account, kind="usage.digest", at=min(model.as_of, now), fields=said,
            side=Side.SYSTEM, recorded_by="jalon", recorded_at=now, source="engine", idempotency_key=f"review:{month}:usage",
        )  # fmt: skip
        found.append(stored.fact_id)
    lang, companies = _tongue(account), {Side.PROVIDER: model.provider, Side.CLIENT: model.client}
    recorded = book.append(
        account, kind="activity.recorded", at=now,
        fields={
            "activity_ref": held, "minutes_sha256": digest, "actions": [action_line(a, companies, lang) for a in model.words.actions],
            "recommendations": list(model.words.decisions),
        },
        side=Side.PROVIDER, recorded_by=by.ref, recorded_at=now, idempotency_key=f"review:{month}:minutes",
    )  # fmt: skip
    return [*found, recorded.fact_id]


def _hold(account: Account, month: str, words: Words, by: Person, now: datetime) -> str:
    refs = {name: ref for ref, name in Contact.objects.filter(account=account).values_list("ref", "name")}
    present = [refs[name] for name in words.attendees if name in refs]
    stored = book.append(
        account, kind="activity.held", at=min(words.held_at or now, now),
        fields={"type": "review", "covers": [month], "topics": list(TOPICS), "staff": [by.ref], **({"attendees": present} if present else {})},
        side=Side.PROVIDER, recorded_by=by.ref, recorded_at=now, source="engine", idempotency_key=f"review:{month}:held",
    )  # fmt: skip
    return stored.fact_id


def restatements(sent: SentReview, now: datetime) -> list[Restatement]:
    """What today's facts give otherwise for the same month and the same as-of, in the document's order."""
    account = sent.review.account
    was = thaw(MonthlyReview, sent.data)
    today = compose(
        account, sent.review.month, as_of=sent.as_of, known_at=now, words=was.words, without=_minutes(sent)
    )
    before, after = was.answers(), today.answers()
    found = []
    for key, (name, value) in before.items():
        current = after.get(key, (name, None))[1]
        if not _same(value, current):
            found.append(Restatement(key, name, value, current))
    found += [
        Restatement(key, name, None, value) for key, (name, value) in after.items() if key not in before
    ]
    return found


def _minutes(sent: SentReview) -> frozenset[str]:
    """The facts that sending recorded after the figures were frozen: they restate nothing."""
    known = thaw(MonthlyReview, sent.data)
    held = {m.fact for m in known.meetings}
    return frozenset(fact for fact in sent.facts if fact not in held)


def _same(was: Any, now: Any) -> bool:
    return bool(was == now)


def said_value(value: Any, lang: str) -> Any:
    """One side of a restatement, to be said: a state, a number, "7 of 9", or nothing."""
    if value is None:
        return _("not there")
    if isinstance(value, State):
        return value
    amount = written(value.value, value.form, lang)
    if value.of is None:
        return amount
    return _("%(kept)s of %(judged)s", kept=amount, judged=written(value.of, "number", lang))


def pdf_of(review: Review, lang: str, now: datetime) -> bytes:
    """The file in one language: as it was sent, else as it would be sent now."""
    if review.is_sent:
        with default_storage.open(review.sent.files[lang]) as kept:
            return bytes(kept.read())
    return press.pdf(composed(review, now), lang)


def file_name(review: Review, lang: str) -> str:
    """ "revue-2026-05-maison-vauban.pdf": what the file is called when it is saved."""
    return f"{'revue' if lang == 'fr' else 'review'}-{review.month:%Y-%m}-{review.account.ref}.pdf"


def monthly(account: Account, month: date, now: datetime, lang: str) -> bytes:
    """The review of a month as a PDF without keeping a draft: what the command line makes."""
    kept = Review.objects.filter(account=account, kind="monthly", month=first_of(month)).first()
    if kept:
        return pdf_of(kept, lang, now)
    words = _prefilled(account, first_of(month), None, now)
    return press.pdf(compose(account, month, as_of=now, known_at=now, words=words), lang)

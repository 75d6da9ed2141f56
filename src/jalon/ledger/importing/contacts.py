"""The people of the clients, each with the seats that the agreement knows."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from jalon.accounts import agreements
from jalon.accounts.models import Account, Contact, Staff
from jalon.core.obligations import Side
from jalon.core.text import Text, _
from jalon.ledger import book
from jalon.ledger.importing.clients import language_of
from jalon.ledger.importing.outcome import (
    CREATED,
    UNCHANGED,
    UPDATED,
    Context,
    Importer,
    LineRefused,
    Outcome,
    change,
    client_of,
    free_ref,
)
from jalon.ledger.importing.reading import Row, day, plain

COLUMNS = {
    "client": ("client", "client", "client ref", "référence client", "société", "company", "entreprise"),
    "name": ("name", "nom", "contact"),
    "email": ("email", "e-mail", "courriel", "mail", "adresse e-mail"),
    "seats": ("seats", "sièges", "seat", "rôles", "rôle", "roles", "role"),
    "title": ("job title", "fonction", "title", "poste"),
    "language": ("language", "langue"),
    "ref": ("ref", "référence", "identifiant"),
    "since": ("since", "depuis", "from"),
}
_SEAT_WORDS = {
    "referent": "champion", "administrateur": "admin", "administratrice": "admin", "administrator": "admin", "utilisateur": "user",
    "utilisatrice": "user", "facturation": "billing", "donnees personnelles": "privacy", "dpo": "privacy", "commanditaire": "sponsor",
}  # fmt: skip


def take(row: Row, context: Context) -> Outcome:
    """Create or update the contact of one line, and append who holds which seat."""
    account = client_of(row.get("client"))
    name, email = row.get("name"), row.get("email").lower()
    if not name:
        raise LineRefused(_("The name is missing."))
    if Staff.objects.filter(email__iexact=email).exists():
        raise LineRefused(
            _("%(email)s is somebody of the team: a contact belongs to the client.", email=email)
        )
    context.once(f"{account.ref}/{email}", row.line)
    seats = _seats(account, row.get("seats"))
    values = {
        "name": name,
        "email": email,
        "title": row.get("title"),
        "language": language_of(row.get("language")),
        "seats": seats,
    }
    contact = _contact(account, row.get("ref"), email)
    if contact is None:
        given = {key: value for key, value in values.items() if value}
        contact = Contact(account=account, ref=row.get("ref") or _ref(account, name), **given)
        contact.full_clean()
        contact.save()
        result = CREATED
    else:
        changed = change(contact, values)
        contact.full_clean()
        if changed:
            contact.save(update_fields=changed)
        result = UPDATED if changed else UNCHANGED
    said = _record_seats(account, contact, seats, day(row.get("since")), context) if seats else []
    return Outcome(
        UPDATED if said and result == UNCHANGED else result, f"{name} ({account.name})", tuple(said)
    )


def _contact(account: Account, ref: str, email: str) -> Contact | None:
    by_ref = Contact.objects.filter(account=account, ref=ref).first() if ref else None
    return by_ref or Contact.objects.filter(account=account, email__iexact=email).first()


def _ref(account: Account, name: str) -> str:
    # Facts name people by ref on both sides: a contact never takes the ref of somebody of the team.
    taken = {
        *Contact.objects.filter(account=account).values_list("ref", flat=True),
        *Staff.objects.values_list("ref", flat=True),
    }
    return free_ref(name, taken)


def _known_seats(account: Account) -> tuple[str, ...]:
    agreement = agreements.of(account)
    if agreement:
        return agreement.seats["client"]
    every = [agreements.load(*version).seats["client"] for version in agreements.versions()]
    return tuple(dict.fromkeys(seat for seats in every for seat in seats))


def _seats(account: Account, written: str) -> list[str]:
    known = _known_seats(account)
    found = []
    for word in re.split(r"[,;|/+]", written):
        seat = plain(word)
        seat = _SEAT_WORDS.get(seat, seat)
        if not seat:
            continue
        if seat not in known:
            raise LineRefused(
                _(
                    "“%(seat)s” is not a seat of the agreement. Its seats: %(known)s.",
                    seat=word.strip(),
                    known=known,
                )
            )
        if seat not in found:
            found.append(seat)
    return found


def _record_seats(
    account: Account, contact: Contact, seats: list[str], since: date | None, context: Context
) -> list[Text]:
    zone = ZoneInfo(account.zone)
    today = context.now.astimezone(zone).date()
    history: dict[str, list[bool]] = {}
    for fact in book.facts_of_kind(account, "contact.set"):
        if fact.get("person") == contact.ref:
            history.setdefault(str(fact.get("seat")), []).append(fact.get("until") is None)
    held = {seat for seat, turns in history.items() if turns[-1]}
    drafts: list[book.Draft] = []
    said: list[Text] = []
    for seat in [*seats, *sorted(held - set(seats))]:
        if seat in held and seat in seats:
            continue
        begins = seat in seats
        when = (since or today) if begins else today
        fields = {"seat": seat, "person": contact.ref, ("from" if begins else "until"): when.isoformat()}
        drafts.append(book.Draft(
            "contact.set", datetime(when.year, when.month, when.day, tzinfo=zone), fields, Side.PROVIDER, context.by, source=context.source,
            # The n-th change of this seat for this person: the same file taken twice appends nothing.
            idempotency_key=f"import/contact/{contact.ref}/{seat}/{len(history.get(seat, []))}",
        ))  # fmt: skip
        said.append(
            _("Seat given: %(seat)s.", seat=seat) if begins else _("Seat ended: %(seat)s.", seat=seat)
        )
    if drafts:
        book.append_many(account, drafts, now=context.now, project=not context.dry_run)
    return said


CONTACTS = Importer("contacts", COLUMNS, (("client",), ("name",), ("email",)), take)

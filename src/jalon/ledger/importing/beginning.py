"""One new client, typed on a page: the client, its first contact and its contract, through the same doors as a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from jalon.accounts.models import Account, Contact
from jalon.core.text import _
from jalon.ledger import book
from jalon.ledger.importing.clients import CLIENTS
from jalon.ledger.importing.contacts import CONTACTS
from jalon.ledger.importing.contracts import CONTRACTS
from jalon.ledger.importing.outcome import Context, LineRefused, free_ref
from jalon.ledger.importing.reading import Row, Unreadable

LINE = 1
"""What is typed is one line."""


@dataclass(frozen=True)
class NewClient:
    """What a contract says of a new client. Days are those of the agreement's zone; `price` is a year's, VAT excluded, or ""."""

    name: str
    agreement: str
    version: str
    level: str
    csm: str  # ref of a member of staff
    backup: str  # the same, or ""
    signed_on: date  # by the vendor
    client_signed_on: date
    ends_on: date
    price: str
    contact_name: str
    contact_email: str
    contact_capacity: str  # as which the contact, who signs for the client, binds it
    signatory: str  # ref of whom signed for the vendor
    capacity: str
    language: str  # of the client and of its contact


def begin_client(new: NewClient, *, by: str, now: datetime) -> Account:
    """The client under its agreement, its CSM named and its sponsor seated: all of it, or nothing.

    `by` is who records, as facts name people. Raises LineRefused with the sentence of whichever door refuses.
    """
    if Account.objects.filter(name__iexact=new.name).exists():
        raise LineRefused(_("There is a client called “%(name)s” already.", name=new.name))
    ref = free_ref(new.name, Account.objects.values_list("ref", flat=True))
    begins = max(new.signed_on, new.client_signed_on)
    context = Context(now, by, source="ui")
    client = {"ref": ref, "name": new.name, "language": new.language}
    contact = {
        "client": ref, "name": new.contact_name, "email": new.contact_email, "seats": "sponsor", "language": new.language,
        "since": begins.isoformat(),
    }  # fmt: skip
    contract = {
        "client": ref, "agreement": new.agreement, "version": new.version, "level": new.level, "price": new.price,
        "signed_on": new.signed_on.isoformat(), "our_signatory": new.signatory, "our_capacity": new.capacity,
        "client_signed_on": new.client_signed_on.isoformat(), "capacity": new.contact_capacity,
        "ends_on": new.ends_on.isoformat(), "csm": new.csm, "csm_backup": new.backup,
    }  # fmt: skip
    try:
        with transaction.atomic():
            CLIENTS.take(Row(LINE, client), context)
            account = Account.objects.get(ref=ref)
            CONTACTS.take(Row(LINE, contact), replace(context, seen={}))
            contract["signatory"] = first_contact(account).ref
            CONTRACTS.take(Row(LINE, contract), replace(context, seen={}))
    except (Unreadable, book.Refusal) as refusal:
        raise LineRefused(refusal.said) from refusal
    except ValidationError as error:
        raise LineRefused(_("Not accepted: %(message)s", message=" ".join(error.messages))) from error
    return Account.objects.get(ref=ref)


def first_contact(account: Account) -> Contact:
    """The person that a new client was begun with."""
    return Contact.objects.filter(account=account).earliest("pk")

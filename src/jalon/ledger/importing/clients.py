"""The list of clients: who they are, nothing of what is owed."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings

from jalon.accounts.models import Account
from jalon.core.text import _
from jalon.ledger.importing.outcome import (
    CREATED,
    UNCHANGED,
    UPDATED,
    Context,
    Importer,
    LineRefused,
    Outcome,
    change,
    free_ref,
)
from jalon.ledger.importing.reading import Row, plain

COLUMNS = {
    "name": ("name", "nom", "client", "company", "société", "entreprise", "raison sociale"),
    "ref": ("ref", "référence", "reference", "identifiant", "id"),
    "domain": ("domain", "domaine", "domaine e-mail", "e-mail domain"),
    "zone": ("time zone", "fuseau horaire", "fuseau"),
    "language": ("language", "langue"),
    "sector": ("sector", "secteur"),
}
_LANGUAGES = {"francais": "fr", "french": "fr", "anglais": "en", "english": "en"}


def language_of(written: str) -> str:
    """ "fr" or "en", as people write it; "" where nothing is written. Raises LineRefused."""
    word = plain(written)
    found = _LANGUAGES.get(word, word[:2])
    if found and found not in dict(settings.LANGUAGES):
        raise LineRefused(_("“%(value)s” is not a language of Jalon: write fr or en.", value=written))
    return found


def take(row: Row, context: Context) -> Outcome:
    """Create or update the client of one line."""
    name, ref = row.get("name"), row.get("ref")
    if not name:
        raise LineRefused(_("The name is missing."))
    if len(name) > 200:
        raise LineRefused(_("The name is longer than 200 characters."))
    if zone := row.get("zone"):
        _check_zone(zone)
    values = {
        "name": name,
        "domain": row.get("domain").lower().removeprefix("@"),
        "zone": zone,
        "language": language_of(row.get("language")),
        "sector": row.get("sector"),
    }
    account = Account.objects.filter(ref=ref).first() if ref else _named(name)
    context.once(ref or name.casefold(), row.line)
    if account is None:
        return _create(ref, values, context)
    changed = change(account, values)
    if not changed:
        return Outcome(UNCHANGED, account.name)
    account.full_clean()
    account.save(update_fields=changed)
    return Outcome(UPDATED, account.name)


def _check_zone(zone: str) -> None:
    if zone not in available_timezones():
        raise LineRefused(
            _(
                "“%(value)s” is not a time zone: write for example %(example)s.",
                value=zone,
                example=ZoneInfo("Europe/Paris").key,
            )
        )


def _named(name: str) -> Account | None:
    found = list(Account.objects.filter(name__iexact=name)[:2])
    if len(found) > 1:
        raise LineRefused(_("Several clients are called “%(name)s”: give the client’s ref.", name=name))
    return found[0] if found else None


def _create(ref: str, values: dict[str, str], context: Context) -> Outcome:
    taken = () if ref else Account.objects.values_list("ref", flat=True)
    given = {name: value for name, value in values.items() if value}
    account = Account(ref=ref or free_ref(values["name"], taken), created_at=context.now, **given)
    account.full_clean()
    account.save()
    return Outcome(CREATED, account.name)


CLIENTS = Importer("clients", COLUMNS, (("name",),), take)

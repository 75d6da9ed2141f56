"""Signed contracts: what was signed when, the order (level, end, price), and who the CSM is, as facts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from jalon.accounts import agreements
from jalon.accounts.models import Account
from jalon.core.agreement.model import Agreement
from jalon.core.facts.model import Fact
from jalon.core.obligations import Side
from jalon.core.text import Text, _
from jalon.ledger import book
from jalon.ledger.importing.outcome import (
    CREATED,
    UNCHANGED,
    UPDATED,
    Context,
    Importer,
    LineRefused,
    Outcome,
    client_of,
    staff_of,
)
from jalon.ledger.importing.reading import Row, amount, day, plain

COLUMNS = {
    "client": ("client", "client", "client ref", "référence client", "société", "company", "entreprise"),
    "agreement": ("agreement", "accord", "contrat", "contract"),
    "version": ("version", "version"),
    "signed_on": ("signed on", "signé le", "date de signature", "signature"),
    "client_signed_on": ("client signed on", "signé par le client le", "signature client"),
    "signatory": ("signatory", "signataire"),
    "capacity": ("capacity of the signatory", "qualité du signataire"),
    "our_signatory": ("vendor’s signatory", "signataire du prestataire"),
    "our_capacity": ("capacity of the vendor’s signatory", "qualité du signataire du prestataire"),
    "level": ("level", "niveau", "niveau de support"),
    "ends_on": ("ends on", "date de fin", "fin", "fin le", "échéance"),
    "renewal": ("renewal", "reconduction"),
    "price": ("annual price", "prix annuel HT", "price", "prix", "montant annuel HT"),
    "currency": ("currency", "devise"),
    "csm": ("CSM", "CSM"),
    "csm_backup": ("CSM backup", "CSM suppléant", "backup", "suppléant"),
    "csm_since": ("CSM since", "CSM depuis"),
}


def take(row: Row, context: Context) -> Outcome:
    """Append what one contract says and the ledger does not know yet; bind the client to its agreement."""
    account = client_of(row.get("client"))
    context.once(account.ref, row.line)
    version = _version(account, row)
    agreement = agreements.load(*version)
    signed = day(row.get("signed_on"))
    if signed is None:
        raise LineRefused(_("The day of signature is missing."))
    by_client = day(row.get("client_signed_on")) or signed
    facts = book.facts_of_kind(account, "document.signed", "order.set", "csm.assigned")
    zone = agreement.calendars["provider"].zone
    wanted = [
        *_signatures(agreement, row, facts, {Side.PROVIDER: signed, Side.CLIENT: by_client}, zone),
        _order(agreement, row, max(signed, by_client), zone),
        *_csm(row, max(signed, by_client), zone),
    ]
    drafts = [draft for draft in wanted if not _known(facts, draft)]
    if (account.agreement, account.agreement_version) != version:
        account.agreement, account.agreement_version = version
        account.save(update_fields=["agreement", "agreement_version"])
    if not drafts:
        return Outcome(UNCHANGED, account.name)
    try:
        book.append_many(
            account,
            [_keyed(draft, context) for draft in drafts],
            now=context.now,
            project=not context.dry_run,
        )
    except book.Refusal as refusal:
        raise LineRefused(refusal.said) from refusal
    begun = any(fact.kind == "order.set" for fact in facts)
    return Outcome(UPDATED if begun else CREATED, account.name, tuple(_told(draft) for draft in drafts))


def _version(account: Account, row: Row) -> tuple[str, str]:
    """The version that the line names, else the client's own, else that of new clients."""
    known = agreements.versions()
    name = row.get("agreement") or account.agreement or (agreements.for_new_clients() or ("",))[0]
    of_name = [version for version in known if version[0] == name]
    if not of_name:
        raise LineRefused(
            _(
                "There is no agreement “%(name)s”. Agreements: %(known)s.",
                name=name or "–",
                known=tuple(sorted({n for n, _v in known})),
            )
        )
    own = account.agreement_version if account.agreement == name else ""
    wanted = row.get("version") or own or of_name[-1][1]
    if (name, wanted) not in of_name:
        raise LineRefused(
            _(
                "“%(name)s” has no version “%(version)s”. Versions: %(known)s.",
                name=name,
                version=wanted,
                known=tuple(v for _n, v in of_name),
            )
        )
    if account.agreement and (account.agreement, account.agreement_version) != (name, wanted):
        raise LineRefused(_("This client signed “%(name)s” of %(version)s: another version takes an amendment, not an import.",
                            name=account.agreement, version=account.agreement_version))  # fmt: skip
    return name, wanted


def _draft(
    kind: str, when: date, zone: str, fields: Mapping[str, Any], side: Side = Side.PROVIDER
) -> book.Draft:
    at = datetime(when.year, when.month, when.day, tzinfo=ZoneInfo(zone))
    return book.Draft(
        kind,
        at,
        {name: value for name, value in fields.items() if value not in ("", None)},
        side,
        "",
        source="import",
    )


def _signatures(
    agreement: Agreement, row: Row, facts: list[Fact], days: Mapping[Side, date], zone: str
) -> list[book.Draft]:
    """A signature for each that the agreement requires; the day of one that is known already cannot be changed here."""
    found = []
    for needed in agreement.effect.get("requires_signatures", ()):
        side = Side(needed["by"])
        draft = _draft("document.signed", days[side], zone, {
            "doc": needed["doc"],
            "signatory": row.get("signatory") if side == Side.CLIENT else staff_of(row.get("our_signatory")),
            "capacity": row.get("capacity" if side == Side.CLIENT else "our_capacity"),
        }, side)  # fmt: skip
        there = next(
            (
                fact
                for fact in facts
                if fact.kind == "document.signed" and fact.side == side and fact.get("doc") == needed["doc"]
            ),
            None,
        )
        if there is None:
            found.append(draft)
        elif there.at != draft.at:
            raise LineRefused(_("The ledger says that this was signed on %(day)s: correct that fact in the timeline.",
                                day=there.at.astimezone(ZoneInfo(zone)).date()))  # fmt: skip
    return found


def _order(agreement: Agreement, row: Row, when: date, zone: str) -> book.Draft:
    ends_on = day(row.get("ends_on"))
    if ends_on is None:
        raise LineRefused(_("The last day of the contract is missing."))
    if ends_on < when:
        raise LineRefused(_("The contract ends before it begins."))
    price = amount(row.get("price"))
    overrides = (
        {"price.annual_ht": price, "price.currency": row.get("currency").upper() or "EUR"} if price else {}
    )
    fields = {
        "level": _level(agreement, row.get("level")),
        "ends_on": ends_on.isoformat(),
        "renewal": row.get("renewal"),
    }
    return _draft("order.set", when, zone, fields | ({"overrides": overrides} if overrides else {}))


def _level(agreement: Agreement, written: str) -> str:
    for level in agreement.levels.values():
        if plain(written) in {plain(level.id), plain(level.name.fr), plain(level.name.en)}:
            return level.id
    raise LineRefused(_("“%(level)s” is not a level of the agreement. Its levels: %(known)s.", level=written or "–",
                        known=tuple(level.name for level in agreement.levels.values())))  # fmt: skip


def _csm(row: Row, begins: date, zone: str) -> list[book.Draft]:
    person = staff_of(row.get("csm"))
    if not person:
        return []
    since = day(row.get("csm_since")) or begins
    return [
        _draft(
            "csm.assigned",
            since,
            zone,
            {"person": person, "backup": staff_of(row.get("csm_backup")), "from": since.isoformat()},
        )
    ]


def _known(facts: list[Fact], draft: book.Draft) -> bool:
    """Whether the latest fact of this kind already says it (each signature stands for itself)."""
    same = [
        fact
        for fact in facts
        if fact.kind == draft.kind and (draft.kind != "document.signed" or fact.side == draft.side)
    ]
    return bool(same) and (same[-1].at, dict(same[-1].fields)) == (draft.at, dict(draft.fields))


def _keyed(draft: book.Draft, context: Context) -> book.Draft:
    content = json.dumps(
        [draft.kind, draft.at.isoformat(), draft.side.value, dict(draft.fields)], sort_keys=True
    )
    key = f"import/contract/{hashlib.sha256(content.encode()).hexdigest()[:32]}"
    return replace(draft, recorded_by=context.by, source=context.source, idempotency_key=key)


def _told(draft: book.Draft) -> Text:
    match draft.kind:
        case "document.signed":
            return _("Signature recorded: %(doc)s.", doc=str(draft.fields["doc"]))
        case "order.set":
            return _(
                "Order recorded: level %(level)s, until %(day)s.",
                level=str(draft.fields["level"]),
                day=date.fromisoformat(draft.fields["ends_on"]),
            )
        case _other:
            return _("CSM recorded: %(person)s.", person=str(draft.fields["person"]))


CONTRACTS = Importer("contracts", COLUMNS, (("client",), ("signed_on",), ("level",), ("ends_on",)), take)

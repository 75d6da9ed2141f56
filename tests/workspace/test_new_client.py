"""A new client on one form: the facts of its contract through the ledger's door, its promises dated, all or nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from jalon.accounts.models import Account, Contact, Staff
from jalon.ledger import book
from jalon.ledger.models import ProjectedObligation
from tests.cast import NOW, Cast

GIVEN = {
    "name": "Maison Vauban", "level": "croissance", "signed_on": "2026-06-01", "client_signed_on": "2026-06-03",
    "ends_on": "2027-06-02", "price": "12000", "csm": "camille", "backup": "louise", "contact_name": "Hélène Vasseur",
    "contact_email": "Helene@vauban.example", "language": "fr", "signatory": "louise", "capacity": "Directrice", "contact_capacity": "Directrice générale",
}  # fmt: skip


@pytest.fixture(autouse=True)
def present(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The server's present, and a lead who also follows clients."""
    monkeypatch.setenv("JALON_NOW", NOW.isoformat())
    return NOW.astimezone(UTC)


@pytest.fixture
def camille(cast: Cast) -> Client:
    Staff.objects.filter(ref="louise").update(roles=["lead", "csm"])
    client = Client()
    client.force_login(cast.camille)
    return client


def test_the_form_records_what_the_contract_says_and_the_promises_are_dated(camille: Client) -> None:
    sent = camille.post("/portfolio/new/", GIVEN)
    assert (sent.status_code, sent.url) == (302, "/clients/maison-vauban/")
    account = Account.objects.get(ref="maison-vauban")
    assert (account.agreement, account.agreement_version) == ("mytraffic-cs", "2024-02-14")
    facts = book.facts_of(account)
    assert [(fact.kind, fact.side.value) for fact in facts] == [
        ("contact.set", "provider"), ("document.signed", "provider"), ("document.signed", "client"),
        ("order.set", "provider"), ("csm.assigned", "provider"),
    ]  # fmt: skip
    assert {fact.source for fact in facts} == {"ui"}
    assert {fact.recorded_by for fact in facts} == {"camille"}
    order = next(fact for fact in facts if fact.kind == "order.set")
    assert order.get("overrides") == {"price.annual_ht": "12000.00", "price.currency": "EUR"}
    # Kick-off: ten business days after 3 June, the later signature, for this level: 17 June ends the term.
    kickoff = ProjectedObligation.objects.get(account=account, norm="N2a-kickoff")
    assert str(kickoff.due_on) == "2026-06-17"
    page = camille.get(sent.url + "?lang=fr").content.decode()
    assert "Lancement" in page
    assert "17 juin" in page


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "foncière AUBRAC", "Il y a déjà un client du nom de"),
        ("ends_on", "2026-06-02", "Le contrat se termine avant de commencer."),
        ("signed_on", "2026-06-09", "Cela n’a pas encore eu lieu"),
        ("backup", "camille", "Le suppléant est une autre personne que le CSM."),
        ("contact_email", "nadia@aubrac.example", "Quelqu’un a déjà cette adresse."),
        ("level", "platine", "platine"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(
    camille: Client, field: str, value: str, said: str
) -> None:
    answered = camille.post("/portfolio/new/?lang=fr", {**GIVEN, field: value})
    assert answered.status_code == 422
    page = answered.content.decode()
    assert said in page
    assert "Hélène Vasseur" in page  # nothing typed is lost
    assert Account.objects.count() == 2
    assert Contact.objects.count() == 2


def test_it_is_for_who_may_record_a_signature_and_an_order(cast: Cast, camille: Client) -> None:
    assert "/portfolio/new/" in camille.get("/portfolio/").content.decode()
    Staff.objects.filter(ref="camille").update(roles=["expert"])
    assert "/portfolio/new/" not in camille.get("/portfolio/").content.decode()
    assert camille.get("/portfolio/new/").status_code == 403
    assert camille.post("/portfolio/new/", GIVEN).status_code == 403
    contact = Client()
    contact.force_login(cast.nadia)
    assert contact.post("/portfolio/new/", GIVEN).status_code == 404
    assert Account.objects.count() == 2

"""Settings: each person's own, the team for who manages it, the hours as the agreement writes them."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from jalon.accounts.models import Staff, User
from tests.cast import NOW, Cast

SENTENCE = "une phrase longue et sûre"


@pytest.fixture(autouse=True)
def present(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The server's present."""
    monkeypatch.setenv("JALON_NOW", NOW.isoformat())
    return NOW


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _read(client: Client, address: str = "/settings/") -> str:
    return client.get(address, follow=True).content.decode()


def test_language_and_theme_follow_to_every_page_and_to_the_next_sign_in(cast: Cast) -> None:
    for user, address in ((cast.camille, "/settings/"), (cast.nadia, "/portal/settings/")):
        user.set_password(SENTENCE)
        user.save()
        here = _signed_in(user)
        assert '<html lang="fr"' in _read(here, address)
        kept = here.post(address, {"do": "preferences", "language": "en", "theme": "dark"}, follow=True)
        assert "Kept: every page and mail follows" in kept.content.decode()
        elsewhere = Client()
        elsewhere.post("/sign-in/", {"email": user.email, "password": SENTENCE})
        assert '<html lang="en" data-theme="dark"' in _read(elsewhere, "/")


def test_the_toggle_keeps_the_theme_with_the_person(cast: Cast) -> None:
    client = _signed_in(cast.camille)
    assert client.post("/theme/", {"theme": "dark"}).status_code == 204
    assert 'data-theme="dark"' in _read(_signed_in(cast.camille), "/today/")
    assert client.post("/theme/", {"theme": "purple"}).status_code == 404
    assert Client().post("/theme/", {"theme": "dark"}).status_code == 404


def test_a_password_is_changed_by_who_knows_the_present_one(cast: Cast) -> None:
    for user, address in ((cast.camille, "/settings/"), (cast.nadia, "/portal/settings/")):
        user.set_password(SENTENCE)
        user.save()
        here, elsewhere = _signed_in(user), _signed_in(user)
        wrong = here.post(
            address, {"do": "password", "current": "faux", "password": "une autre phrase longue"}
        )
        assert wrong.status_code == 422
        assert "n’est pas votre mot de passe actuel" in wrong.content.decode()
        short = here.post(address, {"do": "password", "current": SENTENCE, "password": "court"})
        assert short.status_code == 422
        assert (
            here.post(
                address, {"do": "password", "current": SENTENCE, "password": "une autre phrase longue"}
            ).status_code
            == 302
        )
        assert here.get(address).status_code == 200
        # Elsewhere, whoever held the old session is out.
        assert elsewhere.get(address).status_code == 302


def test_the_team_is_managed_by_a_lead_and_refused_to_others_in_words(cast: Cast) -> None:
    camille = _signed_in(cast.camille)
    for address in ("/settings/team/new/", "/settings/team/louise/"):
        refused = camille.get(address)
        assert refused.status_code == 403
        assert "Louise Tisserand" in refused.content.decode()
        assert (
            camille.post(address, {"name": "X", "email": "x@vendor.example", "roles": ["lead"]}).status_code
            == 403
        )
    assert "/settings/team/new/" not in _read(camille)
    assert Staff.objects.count() == 2
    for address in ("/settings/", "/settings/team/new/"):
        assert _signed_in(cast.nadia).get(address).status_code == 404
        assert Client().get(address).status_code == 302


def test_a_colleague_is_added_changed_deactivated_and_let_in_again(cast: Cast) -> None:
    louise = _signed_in(cast.louise)
    same = {
        "name": "Camille Moreau",
        "email": "Camille.M@vendor.example",
        "roles": ["billing", "csm"],
        "language": "fr",
    }
    assert louise.post("/settings/team/new/", same).status_code == 302
    added = Staff.objects.get(email="camille.m@vendor.example")
    assert (added.ref, added.roles) == ("camille-moreau", ["csm", "billing"])
    taken = louise.post("/settings/team/new/", same)
    assert taken.status_code == 422
    assert "Quelqu’un a déjà cette adresse." in taken.content.decode()
    assert louise.post("/settings/team/new/", {"name": "Z", "email": "z@vendor.example"}).status_code == 422

    edited = {"name": "Camille M.", "email": "camille@new.example", "roles": ["csm"]}
    assert louise.post("/settings/team/camille/", edited).status_code == 302
    cast.camille.refresh_from_db()
    assert cast.camille.email == "camille@new.example"

    inside = _signed_in(cast.camille)
    assert inside.get("/today/").status_code == 200
    louise.post("/settings/team/camille/", {"do": "deactivate"})
    assert inside.get("/today/").status_code == 302
    louise.post("/settings/team/camille/", {"do": "reactivate"})
    assert _signed_in(cast.camille).get("/today/").status_code == 200


def test_somebody_always_stays_who_manages_the_team(cast: Cast) -> None:
    louise = _signed_in(cast.louise)
    louise.post("/settings/team/louise/", {"do": "deactivate"})
    assert Staff.objects.get(ref="louise").active
    demoted = louise.post(
        "/settings/team/louise/", {"name": "L", "email": "louise@vendor.example", "roles": ["csm"]}
    )
    assert demoted.status_code == 422
    assert Staff.objects.get(ref="louise").roles == ["lead"]


def test_hours_and_holidays_are_those_of_the_agreement_and_say_where_they_live(cast: Cast) -> None:
    page = _read(_signed_in(cast.camille))
    assert "lundi" in page
    assert "09:00–18:00" in page
    assert "lundi de Pâques" in page
    assert "agreements/mytraffic-cs/2024-02-14/agreement.yaml" in page
    assert "C. trav. L3133-1" in page
    assert 'name="hours' not in page

"""From an invitation to a signed-in person: the mail, its link, the password, and a link that opens no second time."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from jalon.accounts import links
from jalon.accounts.models import Contact, Staff, User
from jalon.notices import outbox
from jalon.notices.models import Notice
from jalon.notices.writing import FORGOTTEN_FOR, INVITED_FOR, compose
from tests.cast import NOW, Cast

SENTENCE = "une phrase longue et sûre"


@pytest.fixture(autouse=True)
def present(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's present."""
    monkeypatch.setenv("JALON_NOW", NOW.isoformat())


def _signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _link(notice: Notice) -> str:
    """The address in the mail, without its host."""
    text = str(compose(notice, NOW).body)
    found = re.search(r"https?://[^/\s]+(/password/\S+)", text)
    assert found, text
    return found.group(1)


def test_a_colleague_is_invited_chooses_a_password_and_comes_in_once(cast: Cast) -> None:
    given = {"name": "Ada Bell", "email": "ada@vendor.example", "roles": ["csm"], "language": "en"}
    assert _signed_in(cast.louise).post("/settings/team/new/", given).status_code == 302
    notice = Notice.objects.get()
    mail = compose(notice, NOW)
    assert mail.subject == "Louise Tisserand opens Jalon to you"
    assert mail.to == ["ada@vendor.example"]
    ada, link = Client(), _link(notice)
    shown = ada.get(link)
    assert shown.status_code == 200
    assert "Ada Bell" in shown.content.decode()
    assert ada.post(link, {"password": "court"}).status_code == 422
    entered = ada.post(link, {"password": SENTENCE}, follow=True)
    assert entered.redirect_chain[-1][0] == "/today/"
    assert '<html lang="en"' in entered.content.decode()
    again = Client().post(link, {"password": "une autre phrase longue"})
    assert again.status_code == 410
    assert (
        Client().post("/sign-in/", {"email": "ada@vendor.example", "password": SENTENCE}).status_code == 302
    )


def test_a_new_clients_sponsor_is_invited_to_the_portal(cast: Cast) -> None:
    given = {
        "name": "Maison Vauban", "level": "croissance", "signed_on": "2026-06-01", "client_signed_on": "2026-06-03",
        "ends_on": "2027-06-02", "csm": "camille", "contact_name": "Hélène Vasseur", "contact_email": "helene@vauban.example",
        "language": "fr", "signatory": "louise", "capacity": "Directrice", "contact_capacity": "Gérante",
    }  # fmt: skip
    louise = _signed_in(cast.louise)
    louise.post("/portfolio/new/", given | {"name": "Sans Invitation", "contact_email": "x@y.example"})
    assert not Notice.objects.exists()
    louise.post("/portfolio/new/", given | {"invite": "on"})
    notice = Notice.objects.get()
    assert (
        compose(notice, NOW).subject == "MyTraffic et Maison Vauban\u202f: ce que chacun doit, sur une page"
    )
    entered = Client().post(_link(notice), {"password": SENTENCE}, follow=True)
    assert entered.redirect_chain[-1][0] == "/portal/"
    assert "Maison Vauban" in entered.content.decode()


def test_a_link_dies_with_its_hour_with_a_forged_word_and_with_who_leaves(cast: Cast) -> None:
    until = NOW + INVITED_FOR
    token = links.make(cast.nadia, until=until)
    assert links.user_of(token, until - timedelta(seconds=1)) == cast.nadia
    assert links.user_of(token, until) is None
    assert links.user_of(token[:-2] + "xx", NOW) is None
    assert links.user_of("", NOW) is None
    Contact.objects.filter(ref="nadia").update(active=False)
    assert Client().get(f"/password/{token}/").status_code == 410


def test_a_forgotten_password_is_answered_alike_for_everybody(cast: Cast) -> None:
    known = Client().post("/password/?lang=fr", {"email": cast.nadia.email})
    unknown = Client().post("/password/?lang=fr", {"email": "nobody@aubrac.example"})
    strip = re.compile(r'value="[^"]*"|X-CSRFToken[^}]*')
    assert strip.sub("", known.content.decode()) == strip.sub("", unknown.content.decode())
    assert Client().post("/password/", {"email": "pas une adresse"}).status_code == 422
    link = _link(Notice.objects.get())
    assert links.user_of(link.split("/")[2], NOW + FORGOTTEN_FOR) is None
    entered = Client().post(link, {"password": SENTENCE}, follow=True)
    assert entered.redirect_chain[-1][0] == "/portal/"


def test_who_has_no_password_is_invited_from_one_page_by_who_may(cast: Cast) -> None:
    Contact.objects.create(
        account=cast.belharra, ref="ines", name="Inès Dufay", email="ines@belharra.example"
    )
    louise, camille = _signed_in(cast.louise), _signed_in(cast.camille)
    page = louise.get("/settings/invitations/").content.decode()
    assert "Inès Dufay" in page
    assert "Camille Moreau" in page
    assert "Louise" not in camille.get("/settings/invitations/?q=lou").context["people"]
    assert [one.person.name for one in camille.get("/settings/invitations/?q=inès").context["people"]] == [
        "Inès Dufay"
    ]
    ines = Contact.objects.get(ref="ines")
    louise_value = f"staff/{Staff.objects.get(ref='louise').pk}"
    camille.post("/settings/invitations/", {"who": [f"contact/{ines.pk}", louise_value]})
    # A CSM invites her clients' people, not her colleagues; asked twice before it leaves, it is one mail.
    camille.post("/settings/invitations/", {"who": [f"contact/{ines.pk}"]})
    assert [notice.to for notice in Notice.objects.all()] == ["ines@belharra.example"]
    assert _signed_in(cast.nadia).get("/settings/invitations/").status_code == 404


def test_a_mail_that_failed_is_shown_with_its_reason_and_sent_again(cast: Cast) -> None:
    about = {"user": cast.nadia.pk}
    outbox.add(key="k", kind="password", to=cast.nadia.email, language="fr", about=about, now=NOW)
    Notice.objects.update(next_at=None, error="550 nobody here", attempts=1)
    camille = _signed_in(cast.camille)
    assert "1 en échec" in camille.get("/settings/").content.decode()
    assert "550 nobody here" in camille.get("/settings/invitations/").content.decode()
    camille.post(f"/settings/mails/{Notice.objects.get().pk}/again/")
    assert Notice.objects.get().state == "waiting"

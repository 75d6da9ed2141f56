"""An empty installation: its first person enters without a command line, once."""

from __future__ import annotations

import pytest
from django.test import Client

from jalon.accounts.models import Staff


@pytest.mark.django_db
def test_the_first_person_is_made_once_and_led_through_the_first_hour():
    visitor = Client()
    assert visitor.get("/", follow=True).redirect_chain[-1][0] == "/welcome/"
    assert (
        visitor.post("/welcome/", {"name": "Léa", "email": "lea@exemple.fr", "password": "court"}).status_code
        == 422
    )
    entered = visitor.post(
        "/welcome/",
        {"name": "Léa Roy", "email": "lea@exemple.fr", "password": "une phrase longue et sûre"},
        follow=True,
    )
    assert entered.redirect_chain[-1][0] == "/first-hour/"
    assert Staff.objects.get().roles == ["lead", "csm", "billing"]
    assert Client().get("/welcome/").status_code == 404
    for page in ("/today/", "/portfolio/", "/agreement/", "/imports/", "/reviews/"):
        assert visitor.get(page).status_code == 200, page

"""Guessing a password ends quickly, and tells nothing about who exists."""

from __future__ import annotations

from django.conf import settings
from django.test import Client

from tests.cast import Cast

PASSWORD = "une phrase longue et sûre"


def _try(email: str, password: str) -> tuple[int, bool]:
    client = Client()
    response = client.post("/sign-in/", {"email": email, "password": password})
    return response.status_code, settings.SESSION_COOKIE_NAME in client.cookies


def test_after_ten_wrong_passwords_the_right_one_waits_too(cast: Cast) -> None:
    cast.nadia.set_password(PASSWORD)
    cast.nadia.save()
    assert _try(cast.nadia.email, PASSWORD) == (302, True)
    for _guess in range(settings.AXES_FAILURE_LIMIT):
        assert _try(cast.nadia.email, "faux")[1] is False
    status, entered = _try(cast.nadia.email, PASSWORD)
    assert (status, entered) == (429, False)


def test_an_unknown_address_answers_like_a_wrong_password(cast: Cast) -> None:
    cast.nadia.set_password(PASSWORD)
    cast.nadia.save()
    known = Client().post("/sign-in/?lang=en", {"email": cast.nadia.email, "password": "faux"})
    unknown = Client().post("/sign-in/?lang=en", {"email": "nobody@aubrac.example", "password": "faux"})
    assert known.status_code == unknown.status_code == 400
    said = "do not go together"
    assert said in known.content.decode()
    assert said in unknown.content.decode()

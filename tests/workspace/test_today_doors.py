"""The doors: who goes where, what a wrong password hears, and that the demo's doors are shut elsewhere."""

import pytest

from tests.web import sample

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.urls")]


def test_a_wrong_password_is_refused_without_saying_which_was_wrong(client):
    staff, _lead = sample.people()
    known = client.post("/sign-in/", {"email": staff.email, "password": "not this one"})
    unknown = client.post("/sign-in/", {"email": "nobody@example.com", "password": "not this one"})
    assert known.status_code == unknown.status_code == 400
    heard = [list(answer.context["form"].non_field_errors()) for answer in (known, unknown)]
    assert heard[0] == heard[1] and len(heard[0]) == 1


def test_after_signing_in_one_goes_where_one_wanted_but_never_to_another_site(client):
    staff, _lead = sample.people()
    good = {"email": staff.email.upper(), "password": "une phrase longue et sûre"}
    assert client.post("/sign-in/", {**good, "next": "/portfolio/"}).headers["Location"] == "/portfolio/"
    assert client.post("/sign-in/", {**good, "next": "https://evil.example/"}).headers["Location"] == "/"


def test_the_doors_of_the_demo_are_shut_elsewhere(client, settings):
    sample.people()
    settings.DEMO = False
    assert client.post("/demo/enter/csm/").status_code == 404
    settings.DEMO = True
    assert client.get("/demo/enter/csm/").status_code == 405
    assert client.post("/demo/enter/csm/").status_code == 302
    assert client.get("/today/").status_code == 200
    assert client.post("/demo/enter/nobody/").status_code == 404


def test_a_language_is_kept_with_the_user(client):
    staff, _lead = sample.people()
    client.force_login(staff.user)
    client.post("/language/", {"language": "en", "next": "/today/"})
    staff.user.refresh_from_db()
    assert staff.user.language == "en"
    assert client.post("/language/", {"language": "xx"}).status_code == 404


def test_the_gallery_is_for_demos_and_builders(client, settings):
    settings.DEMO = settings.DEBUG = False
    assert client.get("/gallery/").status_code == 404

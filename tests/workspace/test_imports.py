"""The page that brings clients in: tried, taken by the worker, watched, reported."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from jalon.accounts.models import Account, Staff
from jalon.ledger.models import ImportRun
from tests.cast import NOW, Cast

CSV = b"nom;ref\nMaison Vauban;vauban\n;sans-nom\n"


@pytest.fixture(autouse=True)
def present(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The server's present."""
    monkeypatch.setenv("JALON_NOW", NOW.isoformat())
    return NOW.astimezone(UTC)


def _signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def _send(client: Client, kind: str = "clients", content: bytes = CSV, **more: str) -> object:
    return client.post(
        "/imports/?lang=fr", {"kind": kind, "file": SimpleUploadedFile("clients.csv", content), **more}
    )


def test_a_file_is_brought_in_by_the_worker_and_reported(
    cast: Cast, django_capture_on_commit_callbacks
) -> None:
    client = _signed_in(cast.camille)
    with django_capture_on_commit_callbacks(execute=True):
        sent = _send(client)
    run = ImportRun.objects.get()
    assert sent.url == f"/imports/{run.pk}/"
    waiting = client.get(f"{sent.url}?lang=fr").content.decode()
    assert 'hx-trigger="every 1s"' in waiting
    assert "<progress" in waiting
    assert not Account.objects.filter(ref="vauban").exists()
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
    part = client.get(f"{sent.url}?lang=fr", headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in part
    assert "Le nom manque." in part
    assert "Maison Vauban" in part
    assert Account.objects.get(ref="vauban").created_at == NOW
    assert "clients.csv" in client.get("/imports/?lang=fr").content.decode()


def test_a_file_only_tried_writes_nothing(cast: Cast, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        _send(_signed_in(cast.camille), dry_run="on")
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
    assert ImportRun.objects.get().created == 1
    assert not Account.objects.filter(ref="vauban").exists()


def test_a_file_that_is_no_table_is_said_in_the_form(cast: Cast) -> None:
    answered = _send(_signed_in(cast.camille), content=b"colour\nblue\n")
    assert answered.status_code == 422
    assert "colour" in answered.content.decode()
    assert not ImportRun.objects.exists()


def test_a_contract_is_for_those_who_may_record_its_facts(cast: Cast) -> None:
    for who in (cast.camille, cast.louise):
        assert 'value="contracts"' in _signed_in(who).get("/imports/?lang=fr").content.decode()
    Staff.objects.filter(ref="camille").update(roles=["executive"])
    # An executive keeps clients, and records no order: the catalogue names who does.
    shown = _signed_in(cast.camille).get("/imports/?lang=fr").content.decode()
    assert 'value="clients"' in shown
    assert 'value="contracts"' not in shown
    Staff.objects.filter(ref="camille").update(roles=["expert"])
    assert _send(_signed_in(cast.camille), kind="contracts").status_code == 404


def test_a_contact_finds_nothing_here(cast: Cast) -> None:
    for address in ("/imports/", "/imports/1/"):
        assert _signed_in(cast.paul).get(address).status_code == 404
        assert Client().get(address).status_code == 302
    assert _send(_signed_in(cast.paul)).status_code == 404

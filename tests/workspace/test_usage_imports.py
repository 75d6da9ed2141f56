"""The page that brings product usage in: tried, taken by the worker, watched, reported; a name without a client is given one."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from jalon.accounts.models import Account
from jalon.usage import metrics
from jalon.usage.models import MonthlyUsage, UsageImport
from tests.cast import NOW, Cast

CSV = (
    b"id,client,user,feature,date\n1,aubrac,nadia,Carte,2026-05-04T09:00:00Z\n2,aubrac,ines,Carte,2026-05-05T09:00:00Z\n"
    b'2,aubrac,ines,Carte,2026-05-05T09:00:00Z\n3,aubrac,paul,Carte,"hier, <b>vers</b> midi"\n4,Hanseatic,eva,Carte,2026-05-05T09:00:00Z\n5,aubrac\n'
)


@pytest.fixture(autouse=True)
def present(monkeypatch: pytest.MonkeyPatch, settings, tmp_path: Path) -> None:
    monkeypatch.setenv("JALON_NOW", NOW.isoformat())
    settings.USAGE_HOME = tmp_path / "usage"


def _signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


def _send(client: Client, content: bytes = CSV, **more: str) -> object:
    return client.post(
        "/imports/usage/?lang=fr", {"source": "app", "file": SimpleUploadedFile("mai.csv", content), **more}
    )


def _work() -> None:
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)


def test_events_are_brought_in_by_the_worker_and_reported(
    cast: Cast, django_capture_on_commit_callbacks, settings
) -> None:
    client = _signed_in(cast.camille)
    with django_capture_on_commit_callbacks(execute=True):
        sent = _send(client)
    run = UsageImport.objects.get()
    assert sent.url == f"/imports/usage/{run.pk}/"
    waiting = client.get(f"{sent.url}?lang=fr").content.decode()
    assert 'hx-trigger="every 1s"' in waiting
    assert "<progress" in waiting
    _work()
    part = client.get(f"{sent.url}?lang=fr", headers={"HX-Request": "true"}).content.decode()
    assert "hx-trigger" not in part
    run.refresh_from_db()
    assert (run.rows, run.added, run.duplicates, run.refused, run.unmatched) == (
        6, 3, 1, {"cells": 1, "no_time": 1}, {"Hanseatic": 1},
    )  # fmt: skip
    assert "heure illisible" in part
    assert "hier, &lt;b&gt;vers&lt;/b&gt; midi" in part
    assert not list((settings.USAGE_HOME / "uploads").iterdir())
    kept = b"".join(client.get(f"{sent.url}refused.ndjson").streaming_content).decode().splitlines()
    assert [json.loads(line)["line"] for line in kept] == [5, 7]
    assert json.loads(kept[1])["content"] == {"text": "5,aubrac"}
    assert "mai.csv" in client.get("/imports/usage/?lang=fr").content.decode()


def test_a_name_without_a_client_is_given_one_from_the_page(
    cast: Cast, django_capture_on_commit_callbacks
) -> None:
    client = _signed_in(cast.camille)
    with django_capture_on_commit_callbacks(execute=True):
        _send(client)
    _work()
    Account.objects.create(ref="hg", name="HG", created_at=NOW)
    assert "Hanseatic" in client.get("/imports/usage/").content.decode()
    given = {"source": "app", "name": "Hanseatic", "client": "hg"}
    assert _signed_in(cast.paul).post("/imports/usage/name/", given).status_code == 404
    assert client.post("/imports/usage/name/", given).url == "/imports/usage/"
    assert metrics.months(["hg"], date(2026, 5, 1), date(2026, 5, 1))["hg"][0].active_users == 1
    assert MonthlyUsage.objects.get(account__ref="hg").events == 1
    assert 'value="Hanseatic"' not in client.get("/imports/usage/").content.decode()


def test_a_file_only_tried_says_what_would_be_done_and_writes_nothing(
    cast: Cast, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        _send(_signed_in(cast.camille), dry_run="on", create_clients="on")
    _work()
    run = UsageImport.objects.get()
    assert (run.state, run.added, run.duplicates, run.created) == ("done", 3, 1, 1)
    assert not Account.objects.filter(name="Hanseatic").exists()
    assert metrics.unmatched() == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"colour\nblue\n", "Aucune colonne ne dit le client (account)"),
        (b"\xef\xbb\xbf\n", "Le fichier est vide."),
        (b"PK\x03\x04\0\0", "Le fichier n’est pas une table d’événements"),
        ("client,user,date\n".encode("utf-16"), "n’est pas en UTF-8"),
    ],
)
def test_a_file_that_is_no_table_is_said_in_the_form(cast: Cast, settings, content: bytes, said: str) -> None:
    answered = _send(_signed_in(cast.camille), content=content)
    assert answered.status_code == 422
    assert said in answered.content.decode()
    assert not UsageImport.objects.exists()
    assert not list((settings.USAGE_HOME / "uploads").iterdir())


def test_json_lines_that_say_no_person_fail_whole_and_say_so(
    cast: Cast, django_capture_on_commit_callbacks
) -> None:
    client = _signed_in(cast.camille)
    with django_capture_on_commit_callbacks(execute=True):
        sent = _send(
            client, content=b'{"event": "x", "groupId": "aubrac", "timestamp": "2026-05-04T09:00:00Z"}\n'
        )
    _work()
    assert UsageImport.objects.get().state == "failed"
    assert "Aucune colonne ne dit la personne (user)" in client.get(f"{sent.url}?lang=fr").content.decode()


def test_a_contact_finds_nothing_here(cast: Cast) -> None:
    for address in ("/imports/usage/", "/imports/usage/1/", "/imports/usage/1/refused.ndjson"):
        assert _signed_in(cast.paul).get(address).status_code == 404
        assert Client().get(address).status_code == 302
    assert _send(_signed_in(cast.paul)).status_code == 404

"""Agreement files on the page: problems with their line, what changes for whom; nothing is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import NOW, Cast

FILE = Path(__file__).parents[2] / "agreements/rhin-formation/2026-01-05/agreement.yaml"
TEXT = FILE.read_text(encoding="utf-8")
VERSION = "rhin-formation/2026-01-05"


@pytest.fixture
def camille(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A CSM, signed in."""
    monkeypatch.setenv("JALON_NOW", NOW.isoformat())
    client = Client()
    client.force_login(cast.camille)
    return client


def _said(client: Client, address: str, given: dict[str, object], lang: str = "fr") -> tuple[int, str]:
    answered = client.post(f"{address}?lang={lang}", given)
    return answered.status_code, answered.content.decode().replace("\u202f", " ").replace("\xa0", " ")


def test_a_pasted_file_is_checked_line_by_line(camille: Client) -> None:
    broken = TEXT.replace('"@reply.within"', '"@reply.withn"', 1)
    line = next(n for n, written in enumerate(broken.split("\n"), 1) if "@reply.withn" in written)
    status, page = _said(camille, "/agreement/check/", {"text": broken.replace("\n", "\r\n")})
    assert status == 200
    assert f'<td class="num">{line}</td><th scope="row">B5' in page
    assert "Il n’y a pas de paramètre « reply.withn »" in page


def test_an_uploaded_file_and_an_installed_version_pass(camille: Client) -> None:
    upload = SimpleUploadedFile("agreement.yaml", TEXT.encode())
    for given in ({"file": upload}, {"version": VERSION}):
        status, page = _said(camille, "/agreement/check/", given)
        assert status == 200
        assert "La vérification ne trouve aucune faute." in page


def test_what_cannot_be_read_is_said(camille: Client) -> None:
    status, page = _said(camille, "/agreement/check/", {})
    assert status == 422
    assert "Choisissez une version" in page
    status, page = _said(camille, "/agreement/check/", {"file": SimpleUploadedFile("a.yaml", b"\xff\xfe")})
    assert status == 422
    assert "UTF-8" in page
    status, page = _said(camille, "/agreement/compare/", {"before": VERSION, "text": "a: 1"})
    assert status == 422
    assert "Vérifiez d’abord le fichier" in page


def test_two_versions_are_compared_for_each_side(camille: Client) -> None:
    longer = TEXT.replace('value: P5BD, clause: "6.2"', 'value: P10BD, clause: "6.2"', 1)
    assert longer != TEXT
    status, page = _said(camille, "/agreement/compare/", {"before": VERSION, "text": longer})
    assert status == 200
    assert "passe de 5 jours ouvrés à 10 jours ouvrés" in page
    assert "Attend plus longtemps au maximum." in page
    assert "n’en dit pas assez : écrivez au moins 1.1.0" in page
    status, page = _said(camille, "/agreement/compare/", {"before": VERSION, "version": VERSION}, "en")
    assert "Nothing that anybody reads or owes changes." in page


def test_every_agreement_can_be_read_and_a_client_cannot_come_here(camille: Client, cast: Cast) -> None:
    page = camille.get(f"/agreement/?read={VERSION}&lang=fr").content.decode()
    assert "Formations et revues" in page
    assert 'aria-current="page"><strong>Formations et revues' in page.replace("\u202f", " ")
    other = Client()
    other.force_login(cast.nadia)
    assert other.get("/agreement/check/").status_code == 404

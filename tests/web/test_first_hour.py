"""From an empty home to the dated promises of a first client: the first hour in a browser, in French, on what `jalon run` serves."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, Page, expect

from tests.notices.conftest import Letters

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one worker: there is one browser

NOW = "2026-06-05T09:12:00+02:00"


@dataclass(frozen=True)
class Empty:
    """Where it answers, and the mail server that it was told to send through."""

    base: str
    post: Letters


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Empty]:
    """An installation in which nobody is yet, served with its worker and stopped by Ctrl-C."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home: Path = tmp_path_factory.mktemp("empty")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        post = Letters(probe.getsockname()[1])
    server = Controller(post, hostname="127.0.0.1", port=post.port)
    server.start()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "JALON_"))}
    log = (home / "log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "jalon.config.cli", "run", "--port", str(port)],
        env={
            **kept,
            "JALON_HOME": str(home),
            "JALON_DEMO": "0",
            "JALON_NOW": NOW,
            "JALON_SMTP_HOST": "127.0.0.1",
            "JALON_SMTP_PORT": str(post.port),
        },
        stdout=log,
        stderr=log,
    )
    for _attempt in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.2)
    else:
        pytest.fail(f"jalon run did not answer: {(home / 'log').read_text()}")
    yield Empty(f"http://127.0.0.1:{port}", post)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0
    log.close()
    server.stop()


def _page(chromium: Browser, base: str) -> Page:
    context = chromium.new_context(
        viewport={"width": 1440, "height": 900}, base_url=base, locale="fr", reduced_motion="reduce"
    )
    return context.new_page()


def _mailed_link(post: Letters, to: str) -> str:
    """The link of the mail that the worker sent to somebody."""
    for _attempt in range(100):
        if letters := post.to(to):
            found = re.search(r"http\S+/password/\S+", letters[0].get_body(("plain",)).get_content())
            assert found
            return found.group()
        time.sleep(0.2)
    pytest.fail(f"no mail for {to}")


def _the_whole_first_hour_from_an_empty_home(chromium: Browser, empty: Empty, accessible) -> None:
    page = _page(chromium, empty.base)

    # Nobody is here: the first person says who she is.
    page.goto("/")
    expect(page.locator("h1")).to_have_text("Bienvenue dans Jalon")
    accessible(page)
    page.get_by_label("Votre nom").fill("Léa Roy")
    page.get_by_label("E-mail").fill("lea@vendeur.example")
    page.get_by_label("Mot de passe").fill("une phrase longue et sûre")
    page.get_by_role("button", name="Commencer").click()
    expect(page.locator("h1")).to_have_text("La première heure")
    accessible(page)

    # The day is empty, and leads back here.
    page.goto("/today/")
    page.get_by_role("link", name="Commencer la première heure").click()
    page.wait_for_url("**/first-hour/")

    # The agreement: its check is said, it is read, it is chosen.
    agreement = page.locator(
        "#agreement .choice", has_text="Conditions générales de l’accompagnement Customer Success"
    )
    expect(agreement).to_contain_text("la vérification ne trouve aucun défaut")
    agreement.get_by_role("link").click()
    expect(page.locator("main")).to_contain_text("Revue mensuelle")
    page.go_back()
    agreement.get_by_role("button", name="Choisir cet accord").click()
    expect(agreement).to_contain_text("choisi")

    # The hours, read and found right.
    hours = page.locator("#hours")
    expect(hours).to_contain_text("09:00–18:00")
    expect(hours).to_contain_text("lundi de Pâques")
    hours.get_by_role("button", name="Ces horaires sont les bons").click()
    expect(hours.get_by_role("button", name="Ces horaires sont les bons")).to_have_count(0)

    # A colleague, on the page itself.
    team = page.locator("#team")
    team.get_by_label("Nom").fill("Camille Moreau")
    team.get_by_label("E-mail").fill("camille@vendeur.example")
    team.get_by_role("button", name="Ajouter à l’équipe").click()
    expect(team.locator(".members")).to_contain_text("Camille Moreau")
    accessible(page)

    # The first client: one form, and its promises stand dated.
    page.locator("#clients").get_by_role("link", name="Nouveau client").click()
    accessible(page)
    page.get_by_label("Entreprise").fill("Maison Vauban")
    page.get_by_label("Niveau d’accompagnement").select_option(label="Croissance")
    page.get_by_label("Signé par nous le").fill("2026-06-01")
    page.get_by_label("Signé par le client le").fill("2026-06-03")
    page.get_by_label("Dernier jour du contrat").fill("2027-06-02")
    page.get_by_label("CSM", exact=True).select_option(label="Camille Moreau")
    page.get_by_label("Sponsor chez le client").fill("Hélène Vasseur")
    page.get_by_label("Signataire pour nous").select_option(label="Léa Roy")
    page.get_by_label("En qualité de", exact=True).fill("Directrice")
    page.get_by_label("Qualité du sponsor, qui signe").fill("Présidente")
    page.get_by_label("E-mail du sponsor").fill("helene@vauban.example")
    page.get_by_role("button", name="Ajouter le client").click()
    page.wait_for_url("**/clients/maison-vauban/")
    expect(page.locator("h1")).to_contain_text("Maison Vauban")
    expect(page.locator("main")).to_contain_text("Lancement")
    expect(page.locator("main")).to_contain_text(re.compile("17 juin"))
    accessible(page)

    # All four steps are done; the portfolio has its row.
    page.goto("/first-hour/")
    expect(page.locator("main")).to_contain_text("Les quatre étapes sont faites")
    page.goto("/portfolio/")
    expect(page.locator("tbody")).to_contain_text("Maison Vauban")
    page.context.close()


def _an_invited_colleague_chooses_a_password_by_her_mail_and_finds_the_client(
    chromium: Browser, empty: Empty, accessible
) -> None:
    link = _mailed_link(empty.post, "camille@vendeur.example")
    assert link.startswith(empty.base)
    page = _page(chromium, empty.base)
    page.goto(link)
    expect(page.locator("main")).to_contain_text("Camille Moreau")
    accessible(page)
    page.get_by_label("Nouveau mot de passe").fill("encore une phrase longue")
    page.keyboard.press("Enter")
    page.wait_for_url("**/today/")
    expect(page.locator(".followed")).to_contain_text("Maison Vauban")
    # The link opens once.
    again = _page(chromium, empty.base)
    again.goto(link)
    expect(again.locator("h1")).to_have_text("Ce lien n’ouvre plus")
    accessible(again)
    again.get_by_role("link", name="Recevoir un lien").click()
    accessible(again)
    again.context.close()
    page.context.close()


def _the_invited_sponsor_finds_the_same_promises_in_the_portal(chromium: Browser, empty: Empty) -> None:
    page = _page(chromium, empty.base)
    page.goto(_mailed_link(empty.post, "helene@vauban.example"))
    page.get_by_label("Nouveau mot de passe").fill("la phrase de la cliente")
    page.keyboard.press("Enter")
    page.wait_for_url("**/portal/")
    page.goto("/portal/promises/")
    expect(page.locator("main")).to_contain_text("Lancement")
    expect(page.locator("main")).to_contain_text("17 juin")
    page.context.close()


def _who_comes_second_finds_the_sign_in_page(chromium: Browser, empty: Empty) -> None:
    page = _page(chromium, empty.base)
    page.goto("/")
    page.wait_for_url("**/sign-in/")
    page.get_by_label("E-mail").fill("lea@vendeur.example")
    page.get_by_label("Mot de passe").fill("une phrase longue et sûre")
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/today/")
    page.context.close()


def test_the_first_hour_and_those_who_come_after(chromium: Browser, empty: Empty, accessible) -> None:
    """One installation, lived in order: its parts are not tests of their own, which two workers could take apart."""
    _the_whole_first_hour_from_an_empty_home(chromium, empty, accessible)
    _an_invited_colleague_chooses_a_password_by_her_mail_and_finds_the_client(chromium, empty, accessible)
    _the_invited_sponsor_finds_the_same_promises_in_the_portal(chromium, empty)
    _who_comes_second_finds_the_sign_in_page(chromium, empty)

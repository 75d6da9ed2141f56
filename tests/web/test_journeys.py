"""The journeys of a CSM and her clients, in French, on the demo as `jalon serve` serves it at the present moment."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one worker: there is one browser

KICKOFF = "N2a-kickoff:once"
Enter = Callable[..., Page]

WORKSPACE = (
    "/today/", "/portfolio/?who=all", "/clients/maison-vauban/", "/clients/maison-vauban/promises/",
    "/clients/maison-vauban/plan/", "/clients/maison-vauban/timeline/", "/clients/maison-vauban/record/",
    "/clients/maison-vauban/record/activity.held/", f"/clients/maison-vauban/promises/{KICKOFF}/", "/agreement/",
    "/agreement/?client=maison-vauban", "/reviews/", "/imports/", "/gallery/",
)  # fmt: skip
PORTAL = (
    "/portal/", "/portal/promises/", f"/portal/promises/{KICKOFF}/", "/portal/agreement/", "/portal/plan/",
    "/portal/adoption/", "/portal/timeline/", "/portal/reviews/", "/portal/not-shown/", "/portal/record/",
    "/portal/record/info.provided/",
)  # fmt: skip


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(address: str, process: subprocess.Popen[bytes]) -> bool:
    for _attempt in range(150):
        if process.poll() is not None:
            return False
        try:
            with urlopen(address, timeout=2):
                return True
        except OSError:
            time.sleep(0.2)
    return False


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demo in a home of its own, set up and loaded by the commands that a user has."""
    home: Path = tmp_path_factory.mktemp("journeys")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "JALON_", "DJANGO_"))
    }
    env = kept | {"JALON_HOME": str(home), "JALON_DEMO": "1"}
    jalon = [sys.executable, "-m", "jalon.config.cli"]
    for command in (["setup"], ["demo", "load", "--clients", "12"]):
        subprocess.run([*jalon, *command], env=env, check=True, capture_output=True, timeout=180)
    base, port = "http://127.0.0.1", _free_port()
    with (home / "serve.log").open("wb") as log:
        process = subprocess.Popen([*jalon, "serve", "--port", str(port)], env=env, stdout=log, stderr=log)
        try:
            assert _answers(f"{base}:{port}/sign-in/", process), (home / "serve.log").read_text()
            yield f"{base}:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.fixture
def enter(chromium: Browser, demo: str) -> Iterator[Enter]:
    """`enter("csm", lang="fr", theme="dark", width=375)`: a window of one's own, entered by the demo's door."""
    contexts = []

    def window(who: str, *, lang: str = "fr", theme: str = "light", width: int = 1440) -> Page:
        context = chromium.new_context(
            base_url=demo, viewport={"width": width, "height": 900}, color_scheme=theme, locale=lang,
            reduced_motion="reduce",
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.goto("/sign-in/")
        if who == "csm":
            page.locator('form.door-ways[action="/demo/enter/csm/"] button:not([formaction])').first.click()
            page.wait_for_url("**/today/")
            return page
        token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
        answer = context.request.post(
            f"/demo/enter/{who}/",
            form={"csrfmiddlewaretoken": token},
            headers={"Referer": f"{demo}/sign-in/"},
        )
        assert answer.ok
        page.goto("/portal/")
        return page

    yield window
    for context in contexts:
        context.close()


def test_a_late_kick_off_logged_from_today_is_met_in_both_windows_within_two_seconds(enter: Enter) -> None:
    csm, portal = enter("csm"), enter("lucie-rivoire")
    late = csm.locator("ol.queue li", has_text="Chausseurs Rivoire").filter(has_text="Lancement")
    expect(late).to_contain_text("en retard")
    portal.goto("/portal/promises/")
    theirs = portal.locator("tr", has=portal.locator(f'a[href*="{KICKOFF}"]'))
    expect(theirs).to_contain_text("en retard")
    expect(theirs).not_to_contain_text("tenue")

    late.locator("a.what").click()
    csm.locator("#panel").get_by_role("link", name="Pourquoi ?").click()
    expect(csm.locator("h1")).to_contain_text("Lancement")
    expect(csm.locator("main")).to_contain_text("La phrase signée")

    csm.goto("/today/")
    late.get_by_role("link", name="Consigner").click()
    expect(csm.locator("select[name=type]")).to_have_value("kickoff")
    start = time.monotonic()
    csm.locator("main form.form button.button-main").click()
    csm.wait_for_url(lambda address: "/record/" not in address)
    csm.goto("/clients/chausseurs-rivoire/promises/")
    ours = csm.locator("tr", has=csm.locator(f'a[href*="{KICKOFF}"]'))
    assert "tenue en retard" in ours.inner_text()
    portal.reload()
    assert "tenue en retard" in theirs.inner_text()
    assert time.monotonic() - start < 2


def test_a_review_is_drafted_and_sent_in_four_clicks_and_opened_in_the_portal(enter: Enter) -> None:
    csm = enter("csm")
    csm.goto("/clients/maison-vauban/")
    clicks, start = 0, time.monotonic()
    for role, name in (("link", "Préparer la revue"), ("button", "Envoyer au client")):
        csm.get_by_role(role, name=name).first.click()
        clicks += 1
    expect(csm.get_by_role("button", name="Envoyer au client")).to_have_count(0)
    assert clicks <= 4
    assert time.monotonic() - start < 20

    portal = enter("marc-antoine-liot")
    portal.goto("/portal/reviews/")
    listed = portal.locator("main a:not([href$='.pdf'])").filter(has_text=re.compile("20[0-9]{2}")).first
    listed.click()
    expect(portal.locator("main")).to_contain_text("Ses chiffres ne bougent plus")
    answer = portal.context.request.get(portal.url.split("?")[0] + "fr.pdf")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("application/pdf")
    assert answer.body().startswith(b"%PDF-")


def test_the_waiting_question_is_answered_on_the_home_page_and_leaves_it(enter: Enter) -> None:
    portal = enter("ines-dufay")
    asked = portal.locator("h1").inner_text()
    assert asked.rstrip().endswith("?")
    portal.get_by_label("Votre réponse").fill("Douze magasins, du 3 au 21 août.")
    portal.get_by_role("button", name="Répondre").click()
    expect(portal.locator("h1")).not_to_have_text(asked)
    portal.goto("/portal/")
    expect(portal.locator("h1")).not_to_have_text(asked)


def test_an_offered_slot_is_confirmed_and_leaves_the_home_page(enter: Enter) -> None:
    portal = enter("marc-antoine-liot")
    offers = portal.locator('form.answer[action*="/appointments/"]')
    before = offers.count()
    assert before
    with portal.expect_response(lambda answer: "/confirm/" in answer.url) as confirmed:
        offers.first.get_by_role("button", name="Confirmer").click()
    assert confirmed.value.status == 302, confirmed.value.text()[:2000]
    portal.goto("/portal/")
    expect(offers).to_have_count(before - 1)


@pytest.mark.parametrize(("lang", "theme"), [("fr", "light"), ("en", "dark")])
@pytest.mark.parametrize("who", ["csm", "marc-antoine-liot"])
def test_axe_finds_no_violation(enter: Enter, accessible, who: str, lang: str, theme: str) -> None:
    page = enter(who, lang=lang, theme=theme)
    said = []
    for address in WORKSPACE if who == "csm" else PORTAL:
        answer = page.goto(f"{address}{'&' if '?' in address else '?'}lang={lang}")
        assert answer is not None
        if answer.status != 200:
            said.append(f"{address} answers {answer.status}")
            continue
        assert page.locator("html").get_attribute("lang") == lang
        try:
            accessible(page)
        except AssertionError as found:
            said.append(f"{address}: {found}")
    if who == "csm":
        page.goto("/clients/maison-vauban/")
        page.locator('.head .actions a[href*="/reviews/"]').first.click()
        accessible(page)
    assert not said, "\n".join(said)


@pytest.mark.parametrize("who", ["csm", "marc-antoine-liot"])
def test_a_home_page_does_not_run_off_a_phone(enter: Enter, who: str) -> None:
    page = enter(who, width=375)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375

"""Every page as it is served, in both languages and both themes: axe finds nothing, and nothing runs off a phone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

NOW = "2026-06-05T09:12:00+02:00"


@pytest.fixture(scope="session")
def served(tmp_path_factory) -> Iterator[str]:
    """The address of a demo served by `jalon run` in a home of its own, stopped by Ctrl-C."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = tmp_path_factory.mktemp("served")
    env = {**os.environ, "JALON_HOME": str(home), "JALON_DEMO": "1", "JALON_NOW": NOW}
    for name in ("PYTEST_VERSION", "PYTEST_CURRENT_TEST"):
        env.pop(name, None)
    log = Path(home / "log").open("w")  # noqa: SIM115
    # Half of the portfolio is enough for every page, and is there in half the time.
    for command in (["setup"], ["demo", "load", "--clients", "12"]):
        loaded = [sys.executable, "-m", "jalon.config.cli", *command]
        subprocess.run(loaded, env=env, check=True, stdout=log, stderr=log)
    process = subprocess.Popen(
        [sys.executable, "-m", "jalon.config.cli", "run", "--port", str(port)],
        env=env,
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
    yield f"http://127.0.0.1:{port}"
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0
    log.close()


def window(
    chromium: Browser, served: str, who: str, *, lang: str = "fr", theme: str = "light", width: int = 1440
) -> Page:
    """A window of its own, entered by the demo's one click."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        base_url=served,
        color_scheme=theme,
        locale=lang,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto("/sign-in/")
    if who in ("csm", "lead", "contact"):
        page.locator(
            f'[formaction="/demo/enter/{who}/"], form[action="/demo/enter/{who}/"] button:not([formaction])'
        ).first.click()
        return page
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    context.request.post(
        f"{served}/demo/enter/{who}/",
        form={"csrfmiddlewaretoken": token},
        headers={"Referer": f"{served}/sign-in/"},
    )
    return page


WORKSPACE = (
    "/today/", "/portfolio/?who=all", "/clients/maison-vauban/", "/clients/maison-vauban/promises/", "/clients/maison-vauban/plan/",
    "/clients/maison-vauban/adoption/", "/clients/maison-vauban/requests/", "/clients/maison-vauban/appointments/", "/clients/maison-vauban/money/",
    "/clients/maison-vauban/reviews/", "/clients/maison-vauban/agreement/?as_of=2026-05-01", "/clients/maison-vauban/record/plan.agreed/",
    "/clients/maison-vauban/timeline/", "/clients/maison-vauban/record/", "/clients/maison-vauban/record/activity.held/", "/agreement/", "/agreement/check/", "/agreement/compare/",
    "/clients/maison-vauban/promises/N2a-kickoff:once/", "/reviews/", "/clients/maison-vauban/reviews/2026-06/", "/imports/", "/gallery/",
    "/imports/usage/", "/settings/", "/settings/invitations/", "/settings/team/new/", "/portfolio/new/", "/first-hour/",
)  # fmt: skip
PORTAL = (
    "/portal/", "/portal/promises/", "/portal/promises/N2a-kickoff:once/", "/portal/agreement/", "/portal/plan/", "/portal/adoption/",
    "/portal/timeline/", "/portal/reviews/", "/portal/not-shown/", "/portal/ledger/", "/portal/record/", "/portal/record/info.provided/",
    "/portal/settings/",
)  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "theme"), [("fr", "light"), ("fr", "dark"), ("en", "light"), ("en", "dark")]
)
@pytest.mark.parametrize(
    ("who", "pages"), [("csm", WORKSPACE), ("marc-antoine-liot", PORTAL)], ids=["workspace", "portal"]
)
def test_axe_finds_nothing_on_any_page(chromium, served, accessible, who, pages, lang, theme):
    page = window(chromium, served, who, lang=lang, theme=theme)
    for address in pages:
        page.goto(f"{address}{'&' if '?' in address else '?'}lang={lang}")
        accessible(page)


@pytest.mark.parametrize(
    ("who", "pages"), [("csm", WORKSPACE), ("marc-antoine-liot", PORTAL)], ids=["workspace", "portal"]
)
def test_nothing_runs_off_a_phone(chromium, served, who, pages):
    page = window(chromium, served, who, width=375)
    for address in pages:
        page.goto(address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 375, f"{address} is {wide} px wide"

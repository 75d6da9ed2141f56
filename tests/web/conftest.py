"""A real Chromium on the real pages: one browser a session, one context a test, and axe to judge what it shows."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = os.environ.get("JALON_CHROMIUM", "/usr/bin/chromium")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or the one that JALON_CHROMIUM names."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: apt-get install chromium")
    # Playwright keeps an event loop in this thread; Django then needs to be told that its calls are synchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def frozen(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The server's present: a Friday morning. The live server runs in another thread, so the process is told."""
    now = datetime(2026, 6, 5, 7, 12, tzinfo=UTC)
    monkeypatch.setenv("JALON_NOW", now.isoformat())
    return now


Opener = Callable[..., Page]


@pytest.fixture
def opened(chromium: Browser, live_server, frozen: datetime) -> Iterator[Opener]:
    """`opened("/today/", user=..., lang="fr", theme="dark", width=375)`: a page, signed in, that must log no error."""
    from django.conf import settings
    from django.test import Client

    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(path: str, *, user=None, lang: str = "fr", theme: str = "light", width: int = 1440) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            locale=lang,
            base_url=live_server.url,
            reduced_motion="reduce",
        )
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            key = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}]
            )
        page = context.new_page()
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        joint = "&" if "?" in path else "?"
        page.goto(f"{path}{joint}lang={lang}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults, faults


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Fails with what axe found on a page, by rule and element."""
    from axe_playwright_python.sync_playwright import Axe

    def check(page: Page) -> None:
        found = (
            Axe().run(page, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
        )
        said = [
            f"{v['id']} ({v['impact']}): {v['help']}: {v['nodes'][0]['html'][:200]} [{len(v['nodes'])}]"
            for v in found
        ]
        assert not said, "\n".join(said)

    return check


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

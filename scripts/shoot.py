"""Take pictures of the real screens from a running demo: `python scripts/shoot.py [--base URL] [--out FOLDER] [NAME ...]`."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Shot:
    """One picture: who looks, where, how wide, in which theme and language; `first` follows the first link to a client, `click` the first of what it selects."""

    name: str
    who: str
    path: str
    width: int = 1440
    theme: str = "light"
    lang: str = "fr"
    first: bool = False
    click: str = ""


SHOTS = (
    Shot("today", "csm", "/today/"),
    Shot("today-dark", "csm", "/today/", theme="dark"),
    Shot("today-en", "csm", "/today/", lang="en"),
    Shot("today-375", "csm", "/today/", 375),
    Shot("portfolio", "csm", "/portfolio/?who=all"),
    Shot("portfolio-375", "csm", "/portfolio/?who=all", 375),
    Shot("client", "csm", "/portfolio/?who=all", first=True),
    Shot("client-375", "csm", "/portfolio/?who=all", 375, first=True),
    Shot("agreement", "csm", "/agreement/"),
    Shot("reviews", "csm", "/reviews/"),
    Shot("review-editor", "csm", "/reviews/", click='main a[href*="/reviews/2"]'),
    Shot("why", "csm", "/clients/chausseurs-rivoire/promises/N2a-kickoff:once/"),
    Shot("why-375", "csm", "/clients/chausseurs-rivoire/promises/N2a-kickoff:once/", 375),
    Shot(
        "why-en-dark",
        "csm",
        "/clients/chausseurs-rivoire/promises/N2a-kickoff:once/",
        theme="dark",
        lang="en",
    ),
    Shot("record", "csm", "/clients/maison-vauban/record/activity.held/"),
    Shot("timeline", "csm", "/clients/maison-vauban/timeline/"),
    Shot("imports", "csm", "/imports/"),
    Shot("imports-usage", "csm", "/imports/usage/"),
    Shot("new-client", "lead", "/portfolio/new/"),
    Shot("first-hour", "lead", "/first-hour/"),
    Shot("agreement-check", "lead", "/agreement/check/"),
    Shot("agreement-compare", "lead", "/agreement/compare/"),
    Shot("settings", "lead", "/settings/"),
    Shot("portal", "contact", "/portal/"),
    Shot("portal-375", "contact", "/portal/", 375),
    Shot("portal-en", "contact", "/portal/", lang="en"),
    Shot("portal-agreement", "contact", "/portal/agreement/"),
    Shot("portal-adoption", "contact", "/portal/adoption/"),
    Shot("portal-reviews", "contact", "/portal/reviews/"),
    Shot("portal-review", "contact", "/portal/reviews/", click='main a[href*="/portal/reviews/2"]'),
    Shot("portal-ledger", "contact", "/portal/ledger/"),
    Shot("sign-in", "", "/sign-in/"),
)


def enter(page: Page, who: str) -> None:
    """Become a person of the demo by its own door."""
    page.goto("/sign-in/")
    if who:
        page.locator(
            f'[formaction="/demo/enter/{who}/"], form[action="/demo/enter/{who}/"] button:not([formaction])'
        ).first.click()
        page.wait_for_load_state()


def take(browser: Browser, base: str, shot: Shot, out: Path) -> str:
    """Take one picture; returns what is wrong with the page, or nothing."""
    context = browser.new_context(
        base_url=base, viewport={"width": shot.width, "height": 900}, color_scheme=shot.theme, locale=shot.lang,
        device_scale_factor=2 if shot.width < 500 else 1, reduced_motion="reduce",
    )  # fmt: skip
    page = context.new_page()
    try:
        enter(page, shot.who)
        answer = page.goto(shot.path + ("&" if "?" in shot.path else "?") + f"lang={shot.lang}")
        if follow := "tbody [data-open]" if shot.first else shot.click:
            page.locator(follow).first.click()
            page.wait_for_load_state()
        page.evaluate("document.fonts.ready")
        wide = page.evaluate("document.documentElement.scrollWidth")
        page.screenshot(path=out / f"{shot.name}.png", full_page=True)
        if answer is not None and answer.status >= 400:
            return f"answers {answer.status}"
        return "" if wide <= shot.width else f"sticks out: {wide} px"
    finally:
        context.close()


def main() -> int:
    """Take all pictures, or those named; exit 1 when a page fails or sticks out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    wrong = 0
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=os.environ.get("JALON_CHROMIUM", "/usr/bin/chromium"), args=ARGS
        )
        for shot in SHOTS:
            if args.names and shot.name not in args.names:
                continue
            said = take(browser, args.base, shot, args.out)
            wrong += bool(said)
            print(shot.name, said or "ok")
        browser.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

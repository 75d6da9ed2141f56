"""Every page as it is served, in both languages and both themes: axe finds nothing, and nothing runs off a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one worker: there is one browser


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

"""The frame and the pages on it, in a browser: accessible in both languages and themes, whole at every width, usable by keys."""

import pytest
from django.urls import reverse

from jalon.ledger.models import ProjectedObligation
from tests.web import sample

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one worker: there is one browser


@pytest.fixture
def csm(frozen):
    staff, _lead = sample.people()
    sample.portfolio(24)
    return staff.user


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("path", ["/today/", "/portfolio/?who=all", "/gallery/", "/sign-in/"])
def test_axe_finds_nothing(opened, accessible, csm, settings, path, lang, theme):
    settings.DEMO = True
    page = opened(path, user=None if "sign" in path else csm, lang=lang, theme=theme)
    assert page.locator("html").get_attribute("lang") == lang
    accessible(page)


@pytest.mark.parametrize("width", [375, 768, 1440])
@pytest.mark.parametrize(
    "path", ["/today/?who=all", "/portfolio/?who=all", "/gallery/", "/sign-in/", "/portfolio/?q=zzz"]
)
def test_nothing_sticks_out(opened, csm, settings, path, width):
    settings.DEMO = True
    page = opened(path, user=None if "sign" in path else csm, width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_keys_walk_the_list_and_enter_opens_the_panel_at_its_address(opened, csm):
    page = opened("/today/?who=all", user=csm)
    page.keyboard.press("j")
    page.keyboard.press("j")
    title = page.locator("[data-row].at .what").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/today/client-*/**")
    client = title.split("  ")[0]
    assert (
        page.locator("#panel .panel-meta a, #panel .panel-meta").first.inner_text().split(" · ")[0] in title
    ), client
    page.go_back()
    page.wait_for_url("**/today/?who=all*")
    page.locator("ol.queue").first.wait_for()  # the whole page again, not the panel alone


def test_a_panel_opens_without_script_too(opened, csm):
    row = ProjectedObligation.objects.filter(state="overdue").select_related("account").first()
    page = opened(reverse("workspace:today-item", args=[row.account.ref, row.key]), user=csm)
    assert page.locator("#panel .panel-title").count() == 1


def test_slash_finds_and_question_mark_tells_the_keys(opened, csm):
    page = opened("/portfolio/?who=all", user=csm)
    page.keyboard.press("/")
    page.keyboard.type("vauban")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=vauban*")
    page.keyboard.press("?")
    assert page.locator("dialog#shortcuts").is_visible()


def test_a_client_is_chosen_by_key(opened, csm):
    page = opened("/portfolio/?who=all", user=csm)
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("[data-picked-count]").inner_text() == "1"


def test_the_theme_is_kept_and_given_back_to_the_system(opened, csm):
    page = opened("/today/", user=csm, theme="light")
    with page.expect_response("**/theme/"):
        page.locator("[data-theme-toggle]").first.click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.locator("[data-theme-toggle]").first.click()
    assert page.locator("html").get_attribute("data-theme") is None


def test_sign_in_by_hand_lands_on_today_and_a_wrong_word_is_said_beside_the_form(opened, csm):
    page = opened("/sign-in/")
    page.fill("[name=email]", csm.email)
    page.fill("[name=password]", "une phrase longue et sûre")
    page.locator("form.form button[type=submit]").click()
    page.wait_for_url("**/today/")
    assert "5 juin" in page.locator("h1").inner_text()


def test_one_click_enters_the_demo_and_the_language_changes_in_place(opened, csm, settings):
    settings.DEMO = True
    page = opened("/sign-in/")
    page.locator(".door-ways button").first.click()
    page.wait_for_url("**/today/")
    page.locator(".me button[name=language]").click()
    page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == "en"

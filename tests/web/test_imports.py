"""The imports in a real browser: a file is chosen and sent, the progress ends in the report, without a reload by hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from tests.cast import play

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one worker: there is one browser


def test_a_file_is_sent_and_its_report_appears(opened, accessible, tmp_path: Path) -> None:
    file = tmp_path / "clients.csv"
    file.write_text("nom;ref\nMaison Vauban;vauban\n;sans-nom\n", encoding="utf-8")
    page = opened("/imports/", user=play().camille)
    accessible(page)
    page.set_input_files("input[type=file]", str(file))
    page.get_by_label("Essayer seulement").uncheck()
    page.get_by_role("button", name="Importer").click()
    expect(page.locator("progress")).to_be_visible()
    accessible(page)
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
    expect(page.get_by_text("Le nom manque.")).to_be_visible(timeout=5000)
    accessible(page)
    if pictures := os.environ.get("JALON_PICTURES"):
        page.screenshot(path=f"{pictures}/import-run.png", full_page=True)
        page.goto("/imports/?lang=fr")
        page.screenshot(path=f"{pictures}/imports.png", full_page=True)


@pytest.mark.parametrize(("lang", "theme", "width"), [("en", "dark", 1440), ("fr", "light", 375)])
def test_the_page_is_for_everybody(opened, accessible, lang: str, theme: str, width: int) -> None:
    page = opened("/imports/", user=play().louise, lang=lang, theme=theme, width=width)
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_usage_is_sent_and_its_report_appears(opened, accessible, settings, tmp_path: Path) -> None:
    settings.USAGE_HOME = tmp_path / "usage"
    file = tmp_path / "juin.csv"
    name = "Société d’exploitation des galeries marchandes de la Côte d’Émeraude"
    rows = [
        f"{n},{name if n % 3 else 'aubrac'},u{n},Carte,2026-05-{n:02d}T09:00:00Z,{'?' if n % 9 == 0 else 1}"
        for n in range(1, 29)
    ]
    file.write_text("\n".join(["id,client,user,feature,date,quantity", *rows, "99,aubrac"]), encoding="utf-8")
    camille = play().camille
    page = opened("/imports/usage/", user=camille)
    accessible(page)
    page.get_by_label("Produit ou système").fill("app")
    page.set_input_files("input[type=file]", str(file))
    page.get_by_label("Essayer seulement").uncheck()
    page.get_by_role("button", name="Importer").click()
    expect(page.locator("progress")).to_be_visible()
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
    expect(page.get_by_text("le nombre de cellules")).to_have_count(2, timeout=5000)
    accessible(page)
    pictures = os.environ.get("JALON_PICTURES")
    if pictures:
        page.screenshot(path=f"{pictures}/usage-import.png", full_page=True)
    page.goto("/imports/usage/?lang=fr")
    page.get_by_label(
        f"Le client que désigne « {name} »".replace("« ", "«\u202f").replace(" »", "\u202f»")
    ).fill("aubrac")
    accessible(page)
    if pictures:
        page.screenshot(path=f"{pictures}/usage-imports.png", full_page=True)
        for lang, theme, width in (("en", "dark", 1440), ("fr", "light", 375)):
            other = opened("/imports/usage/1/", user=camille, lang=lang, theme=theme, width=width)
            other.screenshot(path=f"{pictures}/usage-import-{lang}-{theme}-{width}.png", full_page=True)
            other.goto(f"/imports/usage/?lang={lang}")
            other.screenshot(path=f"{pictures}/usage-imports-{lang}-{theme}-{width}.png", full_page=True)
    page.get_by_role("button", name="C’est celui-ci").click()
    expect(page.get_by_text("désigne", exact=False).first).to_be_visible()
    expect(page.locator("[name=client]")).to_have_count(0)

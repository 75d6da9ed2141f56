"""The client checks the ledger in its own browser: whole, then against what it kept, then altered behind everybody's back."""

from __future__ import annotations

import pytest

from tests.web.test_every_page import window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one worker: there is one browser


def _checked(page) -> list[str]:
    page.locator("[data-ledger]").evaluate("box => delete box.dataset.checked")
    page.locator("[data-check] button").click()
    page.locator("[data-ledger][data-checked]").wait_for(timeout=10_000)
    return page.locator("[data-result]").evaluate_all("lines => lines.map(line => line.dataset.result)")


def test_the_browser_is_a_witness(chromium, served, tmp_path):
    page = window(chromium, served, "contact")
    page.goto("/portal/timeline/")
    page.locator('a[href="/portal/ledger/"]').click()
    first = _checked(page)
    assert first == ["leaves", "canonical", "tree", "signature", "first-visit"]
    with page.expect_download() as kept:
        page.locator('a[href="/portal/ledger/checkpoint/"]').click()
    note = tmp_path / "checkpoint.txt"
    kept.value.save_as(note)
    page.locator("#kept").set_input_files(note)
    assert _checked(page) == ["leaves", "canonical", "tree", "signature", "since", "file"]
    # A file that somebody altered is not taken for evidence.
    lines = note.read_text().split("\n")
    lines[1] = str(int(lines[1]) - 1)
    note.write_text("\n".join(lines))
    page.locator("#kept").set_input_files(note)
    assert _checked(page)[-1] == "bad-signature"


def test_a_fact_altered_in_the_database_is_named_by_the_browser(chromium, served):
    page = window(chromium, served, "contact")
    page.goto("/portal/ledger/")
    assert "tree" in _checked(page)
    altered: list[str] = []

    def in_the_middle(route):
        answer = route.fetch()
        body = answer.text()
        altered.append(body)
        route.fulfill(response=answer, body=body.replace("2026-0", "2026-1", 1))

    page.route("**/portal/ledger/leaves/**", in_the_middle)
    said = _checked(page)
    assert altered
    assert said == ["bad-fact"]

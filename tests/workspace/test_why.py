"""The why of every promise of a demo client opens, as a page and as a panel, now and as known before."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jalon.accounts import agreements
from jalon.accounts.models import Account, Staff
from jalon.demo.loading import load
from jalon.ledger.models import ProjectedObligation

NOW = datetime(2026, 6, 5, 8, tzinfo=UTC)
PAGES = ["client", "promises", "plan", "timeline", "agreement"]


@pytest.fixture
def window(db, settings, tmp_path, monkeypatch):
    settings.USAGE_HOME = tmp_path
    monkeypatch.setenv("JALON_NOW", NOW.isoformat())
    load(NOW, clients=2, send=False)
    client = Client()
    client.force_login(
        Staff.objects.get(ref="camille-moreau").user, backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def test_every_promise_is_explained_in_both_languages(window):
    rows = ProjectedObligation.objects.select_related("account")
    assert rows.count() > 50
    broken = []
    for row in rows:
        for lang in ("fr", "en"):
            page = window.get(reverse("workspace:why", args=[row.account.ref, row.key]), {"lang": lang})
            body = page.content.decode()
            if page.status_code != 200 or body.count('class="why-step"') < 6 or "%(" in body:
                broken.append((row.key, lang, page.status_code, body.count('class="why-step"'), "%(" in body))
    assert broken == []


def test_every_why_underlines_the_signed_words_that_found_the_promise(window):
    broken = []
    for row in ProjectedObligation.objects.select_related("account"):
        page = window.get(reverse("workspace:why", args=[row.account.ref, row.key]), {"lang": "fr"})
        agreement = agreements.of(row.account)
        quote = agreement.founding(agreement.norms[row.norm]).fr
        underlined = re.findall(r"<mark>(.*?)</mark>", page.content.decode(), re.DOTALL)
        if not any(_bare(quote) in _bare(html.unescape(words)) for words in underlined):
            broken.append((row.key, quote, underlined))
    assert broken == []


def _bare(words: str) -> str:
    """Without what typography adds: spaces, and the curl of apostrophes and quotation marks."""
    return re.sub(r"[\s’'\"“”«»]", "", words)


def test_the_why_says_the_state_that_the_list_says(window):
    broken = []
    for row in ProjectedObligation.objects.select_related("account"):
        owed = window.get(reverse("workspace:why", args=[row.account.ref, row.key])).context["owed"]
        if (owed.state.value, owed.due) != (row.state, row.due):
            broken.append((row.key, row.state, owed.state.value, row.due, owed.due))
    assert broken == []


def test_the_panel_is_alone_and_the_page_whole(window):
    row = ProjectedObligation.objects.select_related("account").first()
    address = reverse("workspace:why", args=[row.account.ref, row.key])
    assert "<html" in window.get(address).content.decode()
    assert "<html" not in window.get(address, headers={"HX-Request": "true"}).content.decode()


def test_as_known_before_the_answer_the_promise_was_late(window):
    row = (
        ProjectedObligation.objects.select_related("account")
        .filter(state="met_late", done_at__isnull=False)
        .first()
    )
    address = reverse("workspace:why", args=[row.account.ref, row.key])
    then = (row.done_at.replace(microsecond=0)).isoformat()
    before = window.get(address, {"as_of": NOW.isoformat(), "known_at": "2026-06-05T08:00:00+00:00"})
    assert before.context["owed"].state == "met_late"
    earlier = window.get(address, {"as_of": row.due.isoformat(), "known_at": row.due.isoformat()})
    assert earlier.status_code == 200 and earlier.context["owed"].state != "met_late", then


@pytest.mark.parametrize("page", PAGES)
def test_a_clients_pages_ask_as_much_of_a_small_ledger_as_of_a_large_one(window, page):
    few, many = sorted(Account.objects.all(), key=lambda account: account.facts.count())
    counts = []
    for account in (few, many):
        address = (
            reverse("workspace:agreement") + f"?client={account.ref}"
            if page == "agreement"
            else reverse(f"workspace:{page}", args=[account.ref])
        )
        window.get(address)
        with CaptureQueriesContext(connection) as found:
            assert window.get(address).status_code == 200
        counts.append(len(found))
    assert counts[0] == counts[1] <= 20, counts


def test_every_fact_has_a_page(window):
    broken = []
    for account in Account.objects.all():
        for fact_id in account.facts.values_list("fact_id", flat=True):
            page = window.get(reverse("workspace:fact", args=[account.ref, fact_id]))
            if page.status_code != 200 or "%(" in page.content.decode():
                broken.append(fact_id)
    assert broken == []


def test_another_clients_fact_is_not_found(window):
    one, other = Account.objects.order_by("pk")[:2]
    theirs = other.facts.first().fact_id
    assert window.get(reverse("workspace:fact", args=[one.ref, theirs])).status_code == 404

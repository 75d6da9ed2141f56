"""The why of every promise of a demo client opens, as a page and as a panel, now and as known before."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jalon.accounts import agreements
from jalon.accounts.models import Account
from jalon.ledger.models import ProjectedObligation
from tests.workspace.conftest import NOW

pytestmark = pytest.mark.xdist_group("why")  # one worker: the demo is loaded once

PAGES = ["client", "promises", "plan", "timeline", "agreement"]


def chosen(*alike):
    """Every promise, but one alone of those that are `alike`: the promises of a norm in one state are explained by the same code."""
    found = {}
    for row in ProjectedObligation.objects.select_related("account").order_by("-due", "key"):
        found.setdefault(tuple(getattr(row, name) for name in alike), row)
    return list(found.values())


def faults_of(page, row):
    """What is wrong with a why: nothing, or the words for it."""
    body, owed = page.content.decode(), page.context["owed"]
    if page.status_code != 200 or body.count('class="why-step"') < 6 or "%(" in body:
        yield "not whole"
    if (owed.state.value, owed.due) != (row.state, row.due):
        yield f"{owed.state}, {owed.due} where the list says {row.state}, {row.due}"
    agreement = agreements.of(row.account)
    quote = agreement.founding(agreement.norms[row.norm])
    underlined = [_bare(html.unescape(words)) for words in re.findall(r"<mark>(.*?)</mark>", body, re.DOTALL)]
    if not any(_bare(quote.fr) in words for words in underlined):
        yield f"not underlined: {quote.fr}"


@pytest.mark.parametrize(("lang", "alike"), [("fr", ("norm", "state")), ("en", ("norm",))])
def test_every_promise_is_explained_as_the_list_says_it_under_the_words_that_found_it(window, lang, alike):
    rows = chosen(*alike)
    assert len(rows) > 15
    broken = []
    for row in rows:
        page = window.get(reverse("workspace:why", args=[row.account.ref, row.key]), {"lang": lang})
        broken += [(row.key, fault) for fault in faults_of(page, row)]
    assert broken == []


def _bare(words: str) -> str:
    """Without what typography adds: spaces, and the curl of apostrophes and quotation marks."""
    return re.sub(r"[\s’'\"“”«»]", "", words)


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


def test_every_kind_of_fact_has_a_page(window):
    broken = []
    for account in Account.objects.all():
        one_a_kind = dict(account.facts.values_list("kind", "fact_id"))
        for fact_id in one_a_kind.values():
            page = window.get(reverse("workspace:fact", args=[account.ref, fact_id]))
            if page.status_code != 200 or "%(" in page.content.decode():
                broken.append(fact_id)
    assert broken == []


def test_another_clients_fact_is_not_found(window):
    one, other = Account.objects.order_by("pk")[:2]
    theirs = other.facts.first().fact_id
    assert window.get(reverse("workspace:fact", args=[one.ref, theirs])).status_code == 404

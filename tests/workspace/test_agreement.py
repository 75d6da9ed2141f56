"""The Agreement page: how each clause is doing, opened from it; its scenarios told; the same in the portal."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jalon.accounts import agreements
from jalon.accounts.models import Account, Contact
from jalon.ledger import scenarios
from jalon.ledger.models import ProjectedObligation

pytestmark = pytest.mark.xdist_group("agreement")  # one worker: the demo is loaded once


def duties(page):
    """The duties of the page, by norm."""
    return {duty.norm.id: duty for one in page.context["reading"].passages for duty in one.duties}


def links(page, path: str) -> list[str]:
    """The addresses that begin with `path`, as they are written."""
    return [html.unescape(found) for found in re.findall(rf'href="({path}[^"]*)"', page.content.decode())]


def test_over_the_portfolio_each_count_opens_the_clients_that_it_counts(window: Client) -> None:
    page = window.get("/agreement/?lang=fr")
    found = duties(page)
    counted = ProjectedObligation.objects.exclude(state="not_yet").values_list("norm", "state")
    for norm, state, n in counted.annotate(n=Count("pk")).order_by():
        assert found[norm].counts[state] == n
    assert page.context["reading"].late == ProjectedObligation.objects.filter(state="overdue").count() > 0
    late = next(link for link in links(page, "/portfolio/") if link.endswith("stands=overdue"))
    listed = window.get(late)
    norm = listed.context["asked"].norm.partition("/")[2]
    owing = set(Account.objects.filter(obligations__norm=norm, obligations__state="overdue"))
    assert {row.account for row in listed.context["rows"]} == owing
    assert set(window.get("/portfolio/?who=all&norm=rhin-formation/N31-seance").context["rows"]) == set()


def test_for_a_client_each_pole_opens_its_why_and_each_count_its_list(window: Client) -> None:
    account = Account.objects.get(ref="maison-vauban")
    page = window.get(f"/agreement/?client={account.ref}&lang=fr")
    drawn = {promise.key for duty in duties(page).values() for promise in duty.promises}
    missing = sum(duty.more for duty in duties(page).values())
    assert len(drawn) + missing == account.obligations.exclude(state="not_yet").count()
    opened = {link for link in links(page, f"/clients/{account.ref}/promises/") if "?" not in link}
    assert opened == {reverse("workspace:why", args=[account.ref, key]) for key in drawn}
    listed = window.get(next(link for link in links(page, f"/clients/{account.ref}/promises/") if "?norm=" in link))  # fmt: skip
    assert {row.norm for row in listed.context["page"]} == {listed.context["norm"].id}


def test_the_power_to_suspend_says_each_condition_that_it_lacks_in_both_windows(window: Client) -> None:
    account = Account.objects.get(ref="maison-vauban")
    contact = Contact.objects.filter(account=account, active=True).first()
    theirs = Client()
    theirs.force_login(contact.user, backend="django.contrib.auth.backends.ModelBackend")
    ours, portal = (
        window.get(f"/agreement/?client={account.ref}&lang=fr"),
        theirs.get("/portal/agreement/?lang=fr"),
    )
    power = duties(ours)["N48-suspend"].power
    assert power == duties(portal)["N48-suspend"].power
    assert not power.available and len(power.unmet) > 1
    for page in (ours, portal):
        said = page.content.decode()
        assert said.count("Ce pouvoir ne peut pas être exercé aujourd’hui") >= 1
        assert "aucune mise en demeure" in said.lower()
    private = set(account.obligations.filter(private=True).values_list("key", flat=True))
    assert not private & {promise.key for duty in duties(portal).values() for promise in duty.promises}


@pytest.mark.parametrize("version", agreements.versions(), ids=lambda version: version[0])
def test_every_scenario_is_told_beside_a_norm_of_its_agreement(version: tuple[str, str]) -> None:
    agreement, told = agreements.load(*version), scenarios.told(*version)
    assert told.untold == ()
    assert set(told.by_norm) <= set(agreement.norms)
    assert len(told.by_norm) > len(agreement.norms) / 3
    for case in (case for cases in told.by_norm.values() for case in cases):
        assert case.name.fr and case.verdicts
        assert all(one.state or one.said for one in case.verdicts), case.name


def test_a_scenario_that_cannot_be_read_is_said_and_hides_no_other(tmp_path, monkeypatch) -> None:
    path_of = agreements.path_of("rhin-formation", "2026-01-05")
    own = tmp_path / "rhin-formation" / "mine"
    (own / "scenarios").mkdir(parents=True)
    (own / "agreement.yaml").write_text(path_of.read_text(encoding="utf-8"), encoding="utf-8")
    whole = next((path_of.parent / "scenarios").glob("*.yaml")).read_text(encoding="utf-8")
    (own / "scenarios" / "good.yaml").write_text(whole, encoding="utf-8")
    (own / "scenarios" / "bad.yaml").write_text(
        whole.replace("activity.held", "activity.hold"), encoding="utf-8"
    )
    monkeypatch.setenv("JALON_AGREEMENTS", str(tmp_path))
    told = scenarios.told("rhin-formation", "mine")
    assert [name for name, _said in told.untold] == ["bad.yaml"]
    assert told.by_norm


def test_the_page_asks_as_much_of_one_client_as_of_all_and_of_each_agreement(window: Client) -> None:
    counts = []
    for address in (
        "/agreement/",
        *(f"/agreement/?read={name}/{version}" for name, version in agreements.versions()),
    ):
        window.get(address)
        with CaptureQueriesContext(connection) as found:
            assert window.get(address).status_code == 200
        counts.append(len(found))
    assert len(set(counts)) == 1 and counts[0] <= 12, counts

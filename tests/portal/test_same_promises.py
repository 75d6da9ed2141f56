"""Invariant 7: the portal shows the workspace's obligations, minus the listed private kinds; and nobody sees another client."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from jalon.accounts.models import Account, Contact, Staff
from jalon.demo.loading import load
from jalon.ledger.models import ProjectedObligation

NOW = datetime(2026, 6, 5, 8, tzinfo=UTC)
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def demo(db, settings, tmp_path, monkeypatch):
    settings.USAGE_HOME = tmp_path
    monkeypatch.setenv("JALON_NOW", NOW.isoformat())
    load(NOW, clients=2, send=False)
    return Account.objects.get(ref="maison-vauban")


def entered(person: Staff | Contact) -> Client:
    client = Client()
    client.force_login(person.user, backend=BACKEND)
    return client


def test_both_windows_show_the_same_promises(demo):
    portal = entered(demo.contacts.get(ref="marc-antoine-liot"))
    shown = portal.get("/portal/promises/").content.decode()
    keys = set(ProjectedObligation.objects.filter(account=demo).values_list("key", flat=True))
    private = set(
        ProjectedObligation.objects.filter(account=demo, private=True).values_list("key", flat=True)
    )
    from django.urls import reverse

    assert {key for key in keys if f'href="{reverse("portal:why", args=[key])}"' in shown} == keys - private


def test_a_contact_sees_no_page_of_the_workspace_and_no_other_client(demo):
    portal = entered(demo.contacts.get(ref="marc-antoine-liot"))
    for address in (
        "/today/",
        "/portfolio/",
        "/agreement/",
        "/clients/galeries-ormont/",
        "/clients/maison-vauban/",
        "/clients/nobody/",
    ):
        assert portal.get(address).status_code == 404, address


def test_the_staff_have_no_portal_of_their_own(demo):
    assert entered(Staff.objects.get(ref="camille-moreau")).get("/portal/").status_code == 404


def test_an_answer_in_the_portal_keeps_the_promise_on_both_sides(demo):
    portal = entered(demo.contacts.get(ref="marc-antoine-liot"))
    asked = demo.facts.filter(kind="provider.question").order_by("-at").first()
    promise = ProjectedObligation.objects.get(account=demo, trigger=asked.fact_id, norm="N42-reply")
    assert promise.state == "overdue"
    assert (
        portal.post(f"/portal/questions/{asked.fact_id}/answer/", {"answer": "430 par magasin"}).status_code
        == 302
    )
    promise.refresh_from_db()
    assert promise.state == "met_late"
    workspace = entered(Staff.objects.get(ref="camille-moreau"))
    assert (
        "430 par magasin" in workspace.get("/clients/maison-vauban/timeline/").content.decode()
        or demo.facts.filter(kind="client.reply").exists()
    )


def test_recording_the_kick_off_says_what_it_changed(demo):
    workspace = entered(Staff.objects.get(ref="camille-moreau"))
    before = ProjectedObligation.objects.filter(account=demo).count()
    form = workspace.get("/clients/maison-vauban/record/activity.held/?type=other")
    assert form.status_code == 200
    key = form.context["form"].initial["key"]
    done = workspace.post(
        "/clients/maison-vauban/record/activity.held/",
        {
            "type": "other",
            "at": "2026-06-05T09:30",
            "key": key,
            "staff": ["camille-moreau"],
            "attendees": ["marc-antoine-liot"],
        },
        follow=True,
    )
    assert done.status_code == 200
    assert "Recorded" in done.content.decode() or "consigné" in done.content.decode()
    assert ProjectedObligation.objects.filter(account=demo).count() >= before

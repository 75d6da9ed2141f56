"""As of, as known on, and what if: the address asks, the page answers, and nothing is recorded."""

from __future__ import annotations

import pytest
from django.core import serializers
from django.test import Client
from django.urls import reverse

from jalon.accounts import agreements
from jalon.accounts.models import Contact
from jalon.core.obligations import State
from jalon.ledger.models import AccountStanding, ProjectedObligation, StoredFact
from tests.workspace.conftest import NOW

pytestmark = pytest.mark.xdist_group("whatif")  # one worker: the demo is loaded once


def kept() -> str:
    """The ledger and what is derived from it, as text."""
    return "\n".join(
        serializers.serialize("json", model.objects.order_by("pk"))
        for model in (StoredFact, ProjectedObligation, AccountStanding)
    )


def rows(**filters):
    return ProjectedObligation.objects.select_related("account").filter(**filters)


def address(row) -> str:
    return reverse("workspace:why", args=[row.account.ref, row.key])


def test_every_supposition_that_the_page_proposes_is_answered_and_nothing_is_saved(window):
    before = kept()
    answered = 0
    norms = set()
    for row in rows():
        norm = agreements.of(row.account).norms[row.norm]
        if (norm.kind, norm.debtor) in norms:
            continue
        norms.add((norm.kind, norm.debtor))
        asked = window.get(address(row)).context["asked"]
        offers = [
            {"suppose": "moved", "fact": id, "moved_at": "2026-05-20T10:00"} for id, *_ in asked.facts[:1]
        ]
        offers += [{"suppose": "absent", "absent": id} for id, *_ in asked.facts[:1]]
        offers += [
            {"suppose": "added", "kind": kind, "added_at": "2026-06-08T10:00"} for kind, _ in asked.kinds
        ]
        offers += [{"suppose": "level", "level": id} for id, _ in asked.levels[:1]]
        offers += [{"suppose": "number", "number": use.name, "value": "3"} for use, _ in asked.numbers[:1] if str(use.value).startswith("P")]  # fmt: skip
        for offer in offers:
            page = window.get(address(row), offer)
            found = page.context["asked"]
            assert page.status_code == 200 and found.problem is None, (row.key, offer, found.problem)
            assert found.said is not None and (found.absent or found.answer is not None)
            assert 'class="what-if-answer"' in page.content.decode()
            answered += 1
    assert len(norms) > 5 and answered > 20
    assert kept() == before


def test_done_earlier_a_late_promise_would_be_met(window):
    row = next(row for row in rows(state="met_late") if row.due)
    page = window.get(address(row))
    evidence = page.context["owed"].evidence[-1]
    then = (row.due.replace(hour=6)).isoformat()
    asked = window.get(address(row), {"suppose": "moved", "fact": evidence, "moved_at": then}).context[
        "asked"
    ]
    assert asked.answer.state == State.MET
    assert page.context["owed"].state == State.MET_LATE


UNREADABLE = (("as_of", "hier"), ("as_of", "0001-01-01"), ("as_of", "2026-02-30"), ("known_at", "soon"), ("known_at", "2031-01-01"))  # fmt: skip
SENSELESS = (
    {"suppose": "moved", "fact": "nothing", "moved_at": "2026-05-20T10:00"}, {"suppose": "everything"},
    {"suppose": "level", "level": "platinum"}, {"suppose": "added", "kind": "agreement.exploded"},
    {"suppose": "number", "number": "sla.first", "value": "soon"}, {"suppose": "added", "kind": "request.replied"},
)  # fmt: skip


def test_what_cannot_be_read_or_makes_no_sense_is_answered_by_a_sentence(window):
    row = rows(norm="N32-first").order_by("-due").first()
    for name, written in UNREADABLE:
        page = window.get(address(row), {name: written})
        assert page.status_code == 200, written
        assert page.context["at"].problems[name] and page.context["at"].as_of == NOW
        assert f'id="{name}-problem"' in page.content.decode()
    for sent in SENSELESS:
        page = window.get(address(row), sent)
        assert page.status_code == 200, sent
        assert page.context["asked"].problem is not None and page.context["asked"].said is None, sent
    before = window.get(address(row), {"as_of": "2025-01-15"})
    assert before.status_code == 200 and before.context["unknown"] is True
    assert before.context["owed"].state == row.state


def test_the_portal_asks_the_same_of_its_own_promises(window):
    row = rows(private=False, norm="N32-first").first()
    contact = Contact.objects.filter(account=row.account, active=True).first()
    client = Client()
    client.force_login(contact.user, backend="django.contrib.auth.backends.ModelBackend")
    theirs = reverse("portal:why", args=[row.key])
    sent = {"suppose": "level", "level": "strategique", "as_of": "2026-06-01"}
    mine, ours = client.get(theirs, sent), window.get(address(row), sent)
    assert mine.status_code == ours.status_code == 200
    assert mine.context["asked"].answer == ours.context["asked"].answer
    assert mine.context["at"].as_of == ours.context["at"].as_of

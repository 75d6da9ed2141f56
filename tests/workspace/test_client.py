"""A client's pages: every tab, full and empty, now and as known on another day, in a constant number of queries."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from jalon.config import clock
from jalon.core.facts.catalogue import KINDS
from jalon.core.obligations import Side
from jalon.ledger import book
from jalon.ledger.models import ProjectedObligation, StoredFact
from jalon.workspace.client_frame import TABS
from tests import cast as theatre

pytestmark = pytest.mark.django_db
NAMES = [name for name, _said in TABS]


@pytest.fixture(autouse=True)
def on_a_friday():
    with clock.frozen_at(theatre.NOW):
        yield


def opened(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(name: str, ref: str = "aubrac") -> str:
    return reverse(f"workspace:{name}", args=[ref])


def lived(cast, times: int = 1) -> None:
    """A kick-off, and so many questions, requests, appointments and invoices."""
    theatre.sign(cast.aubrac)
    drafts = [
        theatre.draft("activity.held", theatre.at(1, 20), type="kickoff", attendees=["nadia"], staff=["camille"]),
        theatre.draft("rate.published", theatre.at(1, 2), series="ecb_refi", value="2.15", valid_from="2026-01-01"),
    ]  # fmt: skip
    for n in range(times):
        drafts += [
            theatre.draft("provider.question", theatre.at(2, 2, 9 + n), ref=f"q{n}", text=f"Combien de sites ? {n}", needed_for="le plan", addressee="nadia"),
            theatre.draft("request.opened", theatre.at(3, 2, 9 + n), Side.CLIENT, "nadia", request=f"r{n}", priority="P3", subject=f"Export vide {n}"),
            theatre.draft("report.requested", theatre.at(4, 1 + n), Side.CLIENT, "nadia", subject=f"Zones {n}", need="Comité"),
            theatre.draft("appointment.confirmed", theatre.at(5, 4 + n), uid=f"a{n}", start=f"2026-06-{8 + n:02d}T10:00:00+02:00", **{"for": "training"}),
            theatre.draft("invoice.issued", theatre.at(3, 1 + n), invoice=f"F-{n}", currency="EUR", due=f"2026-04-{1 + n:02d}", lines=[{"service": "cs", "ht": "1000.00", "vat": "20"}]),
            theatre.draft("payment.credited", theatre.at(4, 20), Side.SYSTEM, payment=f"p{n}", amount="400.00", currency="EUR", designates=[f"F-{n}"]),
        ]  # fmt: skip
    book.append_many(cast.aubrac, drafts, now=theatre.NOW)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "moment", ["", "?as_of=2026-03-15", "?known_at=2026-03-15", "?as_of=hier&known_at=2030-01-01"]
)
def test_every_tab_opens_empty_and_full_now_and_then(cast, name, moment):
    assert opened(cast.camille).get(address(name, "belharra") + moment).status_code == 200
    lived(cast)
    assert opened(cast.camille).get(address(name) + moment).status_code == 200


@pytest.mark.parametrize("name", NAMES)
def test_queries_do_not_grow_with_what_happened(cast, name, django_assert_max_num_queries):
    lived(cast, 6)
    theatre.sign(cast.belharra)
    camille = opened(cast.camille)
    counts = []
    for ref in ("aubrac", "belharra"):
        with django_assert_max_num_queries(24) as counted:
            camille.get(address(name, ref))
        counts.append(len(counted.captured_queries))
    assert counts[0] - counts[1] in (0, 1)


def test_each_thread_stands_with_its_promise_and_its_clock(cast):
    lived(cast)
    page = opened(cast.camille).get(address("requests"))
    ticket, question, report = (
        page.context["sections"][name][0] for name in ("tickets", "questions", "reports")
    )
    assert {row.norm for row in ticket.promises} >= {"N32-first", "N32-resolve"} and ticket.closed is None
    assert [row.norm for row in question.promises] == ["N42-reply"] and question.promises[
        0
    ].state == "overdue"
    assert "N2e-validate" in {row.norm for row in report.promises}
    assert page.context["rights"][0].left == page.context["rights"][0].quota - 1


def test_an_invoice_says_what_is_paid_and_what_is_left(cast):
    lived(cast)
    bill = opened(cast.camille).get(address("money")).context["bills"][0]
    assert (str(bill.paid), str(bill.left), bill.state) == ("400.00", "800.00", "late")
    before = opened(cast.camille).get(address("money") + "?as_of=2026-03-20").context["bills"][0]
    assert (str(before.paid), str(before.left), before.state) == ("0.00", "1200.00", "open")


def test_a_promise_stands_as_it_was_known_on_that_day(cast):
    theatre.sign(cast.aubrac)
    held = theatre.at(1, 20)
    book.append(cast.aubrac, kind="activity.held", at=held, fields={"type": "kickoff", "attendees": ["nadia"], "staff": ["camille"]},
                side=Side.PROVIDER, recorded_by="camille", recorded_at=theatre.NOW - timedelta(days=1), source="import")  # fmt: skip
    book.append(cast.aubrac, kind="fact.countersigned", at=theatre.NOW, fields={"target": StoredFact.objects.latest("sequence").fact_id},
                side=Side.CLIENT, recorded_by="nadia", recorded_at=theatre.NOW, source="import")  # fmt: skip
    page = opened(cast.camille)
    state = {
        moment: next(r for r in page.get(address("promises") + moment).context["page"] if r.norm == "N2a-kickoff").state
        for moment in ("", "?as_of=2026-03-01", "?as_of=2026-03-01&known_at=2026-06-05")
    }  # fmt: skip
    assert state == {
        "": "met",
        "?as_of=2026-03-01": "overdue",
        "?as_of=2026-03-01&known_at=2026-06-05": "met",
    }
    then = page.get(address("client") + "?as_of=2026-03-01").content.decode()
    assert "promises/N2a-kickoff:once/?as_of=2026-03-01" in then and 'role="status"' in then


def test_a_moment_that_cannot_be_read_is_said_and_nothing_breaks(cast):
    lived(cast)
    page = opened(cast.camille).get(address("client") + "?as_of=demain")
    assert "as_of-problem" in page.content.decode() and "demain" in page.content.decode()


def test_the_page_of_a_fact_says_what_it_did_and_offers_what_one_may_do(cast):
    lived(cast)
    kickoff = StoredFact.objects.get(kind="activity.held")
    asked = StoredFact.objects.get(kind="request.opened")
    ours = opened(cast.camille).get(address("client") + f"facts/{kickoff.fact_id}/")
    assert {(one.did, one.row.norm) for one in ours.context["effects"]} >= {
        ("met", "N2a-kickoff"),
        ("created", "N2-plan"),
    }
    assert ours.context["actions"] == ["fact.corrected", "fact.retracted"]
    theirs = opened(cast.camille).get(address("client") + f"facts/{asked.fact_id}/")
    assert theirs.context["actions"] == ["fact.countersigned", "fact.disputed"]
    form = f"{reverse('workspace:record', args=['aubrac', 'fact.disputed'])}?target={asked.fact_id}"
    assert form in theirs.content.decode()
    sent = {"at": "2026-06-05T09:00", "key": "d1", "target": asked.fact_id, "reason": "Déjà traitée"}
    assert opened(cast.camille).post(form, sent).status_code == 302
    told = opened(cast.camille).get(address("client") + f"facts/{asked.fact_id}/").context["told"]
    assert [line.kind for line in told] == ["fact.disputed"]


def test_the_timeline_is_filtered_by_family_and_side_and_leads_to_each_fact(cast):
    lived(cast)
    page = opened(cast.camille).get(address("timeline") + "?family=requests&by=client")
    assert {line.kind for line in page.context["lines"]} == {"request.opened"}
    assert f"/clients/aubrac/facts/{page.context['lines'][0].fact_id}/" in page.content.decode()
    assert (
        "Demandes et questions" in page.content.decode() or "Requests and questions" in page.content.decode()
    )
    assert (
        opened(cast.camille).get(address("timeline") + "?page=99999999999999999999&family=x").status_code
        == 200
    )


def test_nothing_shown_then_was_recorded_later(cast):
    lived(cast)
    assert ProjectedObligation.objects.filter(account=cast.aubrac).exists()
    lines = opened(cast.camille).get(address("timeline") + "?as_of=2026-02-10").context["lines"]
    assert lines and max(line.recorded_at for line in lines) < theatre.at(2, 11)


def test_every_kind_of_fact_has_an_icon_that_is_drawn():
    sprite = finders.find("jalon/icons/sprite.svg")
    assert sprite
    drawn = set(re.findall(r'id="i-([^"]+)"', Path(sprite).read_text()))
    assert {kind.icon for kind in KINDS.values()} <= drawn


def test_what_only_a_machine_needs_stands_on_the_page_of_the_fact_alone(cast):
    theatre.sign(cast.aubrac)
    book.append(
        cast.aubrac, kind="appointment.confirmed", at=theatre.at(2, 2), fields={"uid": "a1", "sequence": 3, "start": "2026-02-09T10:00:00+01:00", "for": "review"},
        side=Side.CLIENT, recorded_by="nadia", recorded_at=theatre.at(2, 2), source="import",
    )  # fmt: skip
    csm = opened(cast.camille)
    line = csm.get(address("timeline")).context["lines"][0]
    assert [str(label.msgid) for label, _value in line.details if label.msgid == "Revision"] == []
    fact = csm.get(f"/clients/aubrac/facts/{line.fact_id}/").content.decode()
    assert "Révision" in fact or "Revision" in fact

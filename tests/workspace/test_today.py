"""Today: the right lines in the right list, for the right person, in as many queries for thirty clients as for three."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from jalon.config import clock
from jalon.ledger.models import AccountStanding, ProjectedObligation
from jalon.workspace.today import day_of, midnight
from tests.web import sample

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.urls")]


@pytest.fixture(autouse=True)
def at_nine():
    with clock.frozen_at(sample.NOW):
        yield


@pytest.fixture
def csm(client):
    staff, _lead = sample.people()
    client.force_login(staff.user)
    return client


def queries(client: Client, address: str, counted) -> int:
    client.get(address)  # sessions and caches warm
    with counted() as found:
        assert client.get(address).status_code == 200
    return len(found)


@pytest.fixture
def counted():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return lambda: CaptureQueriesContext(connection)


def test_the_lists_hold_what_is_late_and_what_falls_due_before_midnight(csm, rf):
    sample.portfolio(12)
    from jalon.accounts.access import person_of
    from jalon.accounts.models import Staff

    person = person_of(Staff.objects.get(ref="camille-moreau").user)
    day = day_of(person, "mine", sample.NOW)
    hers = set(AccountStanding.objects.filter(csm="camille-moreau").values_list("account_id", flat=True))
    assert {line.account.pk for line in (*day.ours, *day.theirs, *day.tonight)} <= hers
    assert all(line.row.state == "overdue" and line.row.debtor == "provider" for line in day.ours)
    assert all(line.row.state == "overdue" and line.row.debtor == "client" for line in day.theirs)
    assert all(sample.NOW < line.row.due <= midnight(sample.NOW) for line in day.tonight)
    expected = ProjectedObligation.objects.filter(account__in=hers, state="overdue").count()
    assert len(day.ours) + len(day.theirs) == expected > 0
    assert [line.row.due for line in day.ours] == sorted(line.row.due for line in day.ours)


@pytest.mark.parametrize("page", ["workspace:today", "workspace:portfolio"])
def test_queries_do_not_grow_with_the_portfolio(csm, counted, page):
    sample.portfolio(3)
    few = queries(csm, reverse(page) + "?who=all", counted)
    sample.portfolio(27, first=3)
    assert queries(csm, reverse(page) + "?who=all", counted) == few <= 15


def test_a_line_opens_at_its_own_address_and_alone_for_htmx(csm):
    sample.portfolio(3)
    row = ProjectedObligation.objects.filter(state="overdue").first()
    address = reverse("workspace:today-item", args=[row.account.ref, row.key])
    whole = csm.get(address).content.decode()
    alone = csm.get(address, headers={"HX-Request": "true", "HX-Target": "panel"}).content.decode()
    assert "<html" in whole and 'id="panel"' in whole and "panel-title" in whole
    assert "<html" not in alone and "panel-title" in alone
    assert csm.get(reverse("workspace:today-item", args=["nobody", row.key])).status_code == 404


def test_strangers_sign_in_and_contacts_find_nothing_here(client):
    account = sample.portfolio(1)[0]
    assert client.get("/today/").headers["Location"].startswith("/sign-in/?next=/today/")
    client.force_login(sample.contact(account).user)
    assert client.get("/today/").status_code == 404


def test_an_empty_product_offers_its_first_step(csm):
    page = csm.get("/today/").content.decode()
    assert 'class="empty"' in page


def test_tomorrow_is_not_before_tonight(csm):
    account = sample.portfolio(1)[0]
    ProjectedObligation.objects.all().delete()
    late = sample._owed(
        account,
        "N2-plan",
        "Plan",
        "Plan",
        "provider",
        sample.State.OPEN,
        midnight(sample.NOW) + timedelta(seconds=1),
    )
    last = sample._owed(account, "N2-csm", "CSM", "CSM", "provider", sample.State.OPEN, midnight(sample.NOW))
    ProjectedObligation.objects.bulk_create([late, last])
    page = csm.get("/today/?who=all").content.decode()
    assert last.key.replace(":", "%3A") in page or last.key in page
    assert late.key not in page

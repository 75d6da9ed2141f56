"""Portfolio: filters and order in the address, totals of what is shown, and a file that a spreadsheet opens safely."""

import csv
import io
import time

import pytest
from django.urls import reverse

from jalon.accounts.models import Account
from jalon.config import clock
from jalon.workspace.portfolio import SORTS
from tests.web import sample

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.urls")]
ADDRESS = "/portfolio/"


@pytest.fixture(autouse=True)
def at_nine():
    with clock.frozen_at(sample.NOW):
        yield


@pytest.fixture
def csm(client):
    staff, _lead = sample.people()
    client.force_login(staff.user)
    return client


def shown(client, **query):
    return [row.account for row in client.get(ADDRESS, query).context["rows"]]


def test_filters_narrow_and_their_sum_is_the_whole(csm):
    sample.portfolio(12)
    everyone = shown(csm, who="all")
    assert len(everyone) == 12
    mine = shown(csm)
    assert mine and all(account.standing.csm == "camille-moreau" for account in mine)
    by_level = [
        len(shown(csm, who="all", level=level)) for level in ("essentiel", "croissance", "strategique")
    ]
    assert sum(by_level) == 12 and min(by_level) > 0
    assert all(account.standing.client_late for account in shown(csm, who="all", late="theirs"))
    assert [account.name for account in shown(csm, who="all", q="vauban")] == ["Maison Vauban"]


@pytest.mark.parametrize("sort", [*SORTS, *(f"-{name}" for name in SORTS)])
def test_every_order_shows_every_client_once(csm, sort):
    sample.portfolio(12)
    Account.objects.create(ref="neuf", name="Sans accord", created_at=sample.NOW)
    rows = shown(csm, who="all", sort=sort)
    assert len({account.pk for account in rows}) == 13


def test_the_most_late_come_first_and_the_order_turns(csm):
    sample.portfolio(12)
    late = [
        account.standing.provider_late + account.standing.client_late for account in shown(csm, who="all")
    ]
    assert late == sorted(late, reverse=True) and late[0] > late[-1]
    late = [
        account.standing.provider_late + account.standing.client_late
        for account in shown(csm, who="all", sort="late")
    ]
    assert late == sorted(late)


def test_totals_are_those_of_the_filtered_clients(csm):
    sample.portfolio(24)
    context = csm.get(ADDRESS, {"who": "all", "level": "essentiel"}).context
    rows = [row.account.standing for row in context["rows"]]
    assert context["totals"]["provider_late"] == sum(s.provider_late for s in rows)
    assert context["totals"]["unpaid"] == sum(s.unpaid_late for s in rows)


def test_the_file_has_the_same_rows_and_no_formula(csm):
    sample.portfolio(5)
    Account.objects.filter(ref="client-0").update(name='=HYPERLINK("x")')
    response = csm.get(reverse("workspace:portfolio-export"), {"who": "all"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert len(lines) == 6 and {len(line) for line in lines} == {15}
    assert not [cell for line in lines for cell in line if cell.startswith("=")]
    one = csm.get(reverse("workspace:portfolio-export"), {"who": "all", "ref": "client-1"})
    assert len(b"".join(one.streaming_content).decode("utf-8-sig").strip().splitlines()) == 2


def test_a_thousand_clients_answer_quickly(csm):
    sample.portfolio(1000)
    csm.get(ADDRESS, {"who": "all"})
    times = []
    for _ in range(5):
        start = time.process_time()
        assert csm.get(ADDRESS, {"who": "all"}).status_code == 200
        times.append(time.process_time() - start)
    assert (
        sorted(times)[2] < 1.0
    )  # the benchmark measures; this only refuses a page that grew with the portfolio


def test_an_empty_portfolio_says_what_will_be_here(csm):
    assert 'class="empty"' in csm.get(ADDRESS).content.decode()
    sample.portfolio(2)
    assert 'class="empty"' in csm.get(ADDRESS, {"who": "all", "q": "zzz"}).content.decode()

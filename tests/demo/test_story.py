"""The demo is alive on any day: both sides late, every state of a promise told, and only the intended facts refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from jalon.accounts.models import Account
from jalon.demo.loading import load
from jalon.ledger import book
from jalon.ledger.models import ProjectedObligation

ANCHORS = [
    datetime(2026, 6, 3, 8, tzinfo=UTC),
    datetime(2026, 9, 12, 14, tzinfo=UTC),
    datetime(2027, 1, 2, 9, tzinfo=UTC),
]


@pytest.mark.django_db
@pytest.mark.parametrize("now", ANCHORS, ids=["a Wednesday morning", "a Saturday", "a 2 January"])
def test_alive_on(now, settings, tmp_path):
    settings.USAGE_HOME = tmp_path
    load(now)
    states = set(ProjectedObligation.objects.values_list("debtor", "state"))
    assert {
        ("provider", "overdue"),
        ("client", "overdue"),
        ("provider", "open"),
        ("client", "open"),
    } <= states
    assert {
        "met",
        "met_late",
        "overdue",
        "missed",
        "paused",
        "excused",
        "unconfirmed",
        "open",
        "not_yet",
    } <= {state for _d, state in states}
    kickoff = ProjectedObligation.objects.get(account__ref="chausseurs-rivoire", key="N2a-kickoff:once")
    assert kickoff.state == "overdue"
    refused = [
        one
        for account in Account.objects.all()
        for one in book.assessment_of(account, now, explain=False).refused
    ]
    assert refused == []

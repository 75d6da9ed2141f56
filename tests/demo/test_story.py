"""The demo goes through the real doors: its promises projected, its reviews sent and held, its home dropped only when it is one."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from jalon.accounts.models import Account
from jalon.demo.loading import load
from jalon.documents import reviews
from jalon.documents.models import SentReview
from jalon.ledger.models import ProjectedObligation, StoredFact

SATURDAY = datetime(2026, 9, 12, 14, tzinfo=UTC)


@pytest.fixture
def home(settings, tmp_path):
    settings.USAGE_HOME = tmp_path / "usage"
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        }
    }


@pytest.mark.django_db
def test_both_sides_live_in_every_state(home):
    load(SATURDAY, send=False)
    states = set(ProjectedObligation.objects.values_list("debtor", "state"))
    both = {
        (side, state) for side in ("provider", "client") for state in ("overdue", "open", "met", "met_late")
    }
    assert both <= states
    assert {"missed", "paused", "excused", "unconfirmed", "not_yet"} <= {state for _side, state in states}
    kickoff = ProjectedObligation.objects.get(account__ref="chausseurs-rivoire", key="N2a-kickoff:once")
    assert kickoff.state == "overdue"
    english = Account.objects.get(ref="harcourt-lowe")
    assert english.language == "en" and {one.user.language for one in english.contacts.all()} == {"en"}


@pytest.mark.django_db
def test_reviews_were_sent_at_their_moment_and_one_is_restated(home):
    load(SATURDAY, clients=1)
    sent = list(SentReview.objects.order_by("review__month"))
    assert len(sent) >= 2
    assert all(one.sent_at < SATURDAY and one.as_of <= one.sent_at for one in sent)
    minutes = StoredFact.objects.filter(kind="activity.recorded", idempotency_key__startswith="review:")
    assert minutes.count() == len(sent)
    assert sent[-1].review.month < reviews.month_of("Europe/Paris", SATURDAY), (
        "the month to review waits for the CSM"
    )
    assert not any(one.key.startswith("figure:use.active") for one in reviews.restatements(sent[0], SATURDAY))
    restated = {one.key: (one.was.value, one.now.value) for one in reviews.restatements(sent[-1], SATURDAY)}
    was, now = restated["figure:use.events"]
    assert was < now
    recorded = list(StoredFact.objects.order_by("sequence").values_list("recorded_at", flat=True))
    assert recorded == sorted(recorded), "the ledger is in the order in which things were written"


def test_reset_drops_a_demo_and_nothing_else(tmp_path):
    script = """
import sys
from jalon.config.cli import main
assert main(["setup"]) == 0
assert main(["demo", "load", "--clients", "1"]) == 0
assert main(["demo", "load", "--clients", "1"]) == 1, "a home with clients is refused"
from jalon.accounts.models import Account
from jalon.ledger.models import StoredFact
before = StoredFact.objects.count()
assert main(["demo", "reset", "--clients", "2"]) == 0
assert Account.objects.count() == 2 and StoredFact.objects.count() > before
Account.objects.create(ref="a-real-client", name="Vraie", created_at=Account.objects.first().created_at)
assert main(["demo", "reset"]) == 1 and Account.objects.count() == 3
Account.objects.filter(ref="a-real-client").delete()
from django.conf import settings
settings.DEMO = False
assert main(["demo", "reset"]) == 1 and Account.objects.count() == 2
"""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "JALON_", "DJANGO_"))}
    env = kept | {
        "JALON_HOME": str(tmp_path),
        "JALON_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "jalon.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", script], env=env, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "a-real-client" in done.stderr and "is not a demo" in done.stderr

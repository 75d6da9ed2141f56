"""A demo loaded once for a module whose tests only read it, and undone after its last one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.conf import settings as configured
from django.db import transaction
from django.test import Client

from jalon.accounts.models import Staff
from jalon.demo.loading import load

NOW = datetime(2026, 6, 5, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker, tmp_path_factory) -> Iterator[None]:
    """Two clients of the demo, within a transaction that is never committed: each test has its own savepoint in it."""
    usage = configured.USAGE_HOME
    configured.USAGE_HOME = tmp_path_factory.mktemp("usage")
    whole = transaction.atomic()
    whole._from_testcase = True  # as TestCase says it of its own: what must be durable may be written within
    with django_db_blocker.unblock(), whole:
        load(NOW, clients=2, send=False)
        with django_db_blocker.block():
            yield
        transaction.set_rollback(True)
    configured.USAGE_HOME = usage


@pytest.fixture
def window(demo: None, db: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The CSM of the demo, signed in on a Friday morning."""
    monkeypatch.setenv("JALON_NOW", NOW.isoformat())
    client = Client()
    client.force_login(
        Staff.objects.get(ref="camille-moreau").user, backend="django.contrib.auth.backends.ModelBackend"
    )
    return client

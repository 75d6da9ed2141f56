"""What is taken counts once; what cannot be read is kept aside with its reason; what is not catalogued does not exist."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from jalon.accounts.models import Account
from jalon.usage import importing, metrics, store
from jalon.usage.models import LicensedSeat, MonthlyUsage, UsageImport, UsageRefusal

NOW = datetime(2026, 6, 5, 8, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.USAGE_HOME = tmp_path / "usage"
    Account.objects.create(ref="vauban", name="Maison Vauban", created_at=NOW)


def written(tmp_path: Path, text: str, name: str = "events.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


EVENTS = """event_id,account,user,feature,occurred_at,received_at
1,vauban,nadia,carte,2026-05-04T09:00:00,2026-05-04T09:00:01
2,vauban,nadia,export,2026-05-05T09:00:00,2026-06-20T09:00:00
3,vauban,ines,carte,2026-05-05T10:00:00,2026-05-05T10:00:01
3,vauban,ines,carte,2026-05-05T10:00:00,2026-05-05T10:00:01
4,vauban,paul,carte,not a time,2026-05-05T10:00:01
"""


def test_each_row_is_added_known_or_refused_with_its_reason(tmp_path):
    report = importing.take(written(tmp_path, EVENTS), source="app", now=NOW)
    assert (report.rows, report.added, report.duplicates, report.refused) == (
        5,
        3,
        1,
        {"no readable time": 1},
    )
    kept = UsageRefusal.objects.get()
    assert (kept.reason, kept.content["user_ref"]) == ("no readable time", "paul")
    assert UsageImport.objects.get().rows == 5
    again = importing.take(written(tmp_path, EVENTS), source="app", now=NOW)
    assert (again.added, again.duplicates) == (0, 4)


def test_figures_as_known_before_a_late_event(tmp_path):
    LicensedSeat.objects.create(account=Account.objects.get(), user_ref="never-came")
    importing.take(written(tmp_path, EVENTS), source="app", now=NOW)
    [now] = metrics.months(["vauban"], date(2026, 5, 1), date(2026, 5, 1))["vauban"]
    [then] = metrics.months(
        ["vauban"], date(2026, 5, 1), date(2026, 5, 1), datetime(2026, 5, 31, tzinfo=UTC)
    )["vauban"]
    assert (now.active_users, now.events, now.features_used, now.licensed_users) == (2, 3, 2, 1)
    assert (then.active_users, then.events, then.features_used) == (2, 2, 1)
    assert now.stickiness == pytest.approx(3 / 31 / 2)
    assert MonthlyUsage.objects.get().active_users == 2


def test_a_file_that_the_catalogue_does_not_name_counts_for_nothing(tmp_path, settings):
    importing.take(written(tmp_path, EVENTS), source="app", now=NOW)
    [segment] = Path(settings.USAGE_HOME).glob("*.parquet")
    segment.with_name("orphan.parquet").write_bytes(segment.read_bytes())
    assert store.query("SELECT count(*) FROM events") == [(3,)]


def test_a_file_without_the_columns_is_refused_whole_and_says_what_it_has(tmp_path):
    with pytest.raises(
        importing.Unreadable, match="no column for account, user, occurred_at; the columns are a, b"
    ):
        importing.take(written(tmp_path, "a,b\n1,2\n"), source="app", now=NOW)
    assert not UsageImport.objects.exists()


def test_robots_are_not_people(tmp_path):
    rows = "event_id,account,actor,user,occurred_at\n1,vauban,bot,crawler,2026-05-04T09:00:00\n2,vauban,person,nadia,2026-05-04T09:00:00\n"
    importing.take(written(tmp_path, rows), source="app", now=NOW)
    [month] = metrics.months(["vauban"], date(2026, 5, 1), date(2026, 5, 1))["vauban"]
    assert (month.active_users, month.events) == (1, 2)


def test_a_month_of_robots_alone_is_still_a_month(tmp_path):
    rows = "event_id,account,actor,user,occurred_at\n1,vauban,bot,crawler,2026-05-04T09:00:00\n2,vauban,person,nadia,2026-06-04T09:00:00\n"
    importing.take(written(tmp_path, rows), source="app", now=NOW)
    may, june = metrics.months(["vauban"], date(2026, 5, 1), date(2026, 6, 1))["vauban"]
    assert (may.active_users, may.events, june.active_users) == (0, 1, 1)


def test_a_time_with_an_offset_falls_in_its_month_of_utc(tmp_path):
    rows = "event_id,account,user,occurred_at\n1,vauban,nadia,2026-01-31T23:30:00-05:00\n2,vauban,nadia,2026-01-31T23:30:00Z\n"
    importing.take(written(tmp_path, rows), source="app", now=NOW)
    january, february = metrics.months(["vauban"], date(2026, 1, 1), date(2026, 2, 1))["vauban"]
    assert (january.events, february.events) == (1, 1)


def test_events_find_their_client_whether_or_not_clients_are_made(tmp_path):
    Account.objects.create(ref="a-b", name="A B", created_at=NOW)
    rows = (
        "event_id,account,user,occurred_at\n1,a_b,nadia,2026-05-04T09:00:00\n2,a/b,ines,2026-05-04T09:00:00\n"
    )
    report = importing.take(written(tmp_path, rows), source="app", now=NOW)
    assert report.created == 0
    [month] = metrics.months(["a-b"], date(2026, 5, 1), date(2026, 5, 1))["a-b"]
    assert month.active_users == 2
    assert MonthlyUsage.objects.get(account__ref="a-b").events == 2

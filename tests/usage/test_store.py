"""What is taken counts once; what cannot be read is kept aside with its reason; what is not catalogued does not exist."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from jalon.accounts.models import Account
from jalon.ledger.importing.reading import Unreadable
from jalon.usage import importing, metrics, projection, seats, store
from jalon.usage.models import LicensedSeat, MonthlyUsage, UsageClientName, UsageImport, UsageRefusal
from jalon.wording import say

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
        {"no_time": 1},
    )
    kept = UsageRefusal.objects.get()
    assert (kept.line, kept.reason, kept.content["user"], kept.content["occurred_at"]) == (
        6,
        "no_time",
        "paul",
        "not a time",
    )
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
    with pytest.raises(Unreadable) as refused:
        importing.take(written(tmp_path, "a,b\n1,2\n"), source="app", now=NOW)
    assert say(refused.value.said, "en").startswith(
        "No column says the client (account), the person (user) and the time (occurred_at); the columns are a and b."
    )
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


def test_two_names_that_spell_one_client_are_never_merged_without_being_told(tmp_path):
    account = Account.objects.create(ref="a-b", name="A B", created_at=NOW)
    rows = (
        "event_id,account,user,occurred_at\n1,a_b,nadia,2026-05-04T09:00:00\n2,a/b,ines,2026-05-04T09:00:00\n"
    )
    report = importing.take(written(tmp_path, rows), source="app", now=NOW, create_clients=True)
    assert (report.created, report.added, report.names) == (0, 2, {"a_b": 1, "a/b": 1})
    assert "“a/b” and “a_b” could be the same client, “a-b”" in say(report.unclear[0], "en")
    assert metrics.months(["a-b"], date(2026, 5, 1), date(2026, 5, 1)) == {"a-b": []}
    projection.give(UsageClientName.objects.get(name="a_b"), account)
    [month] = metrics.months(["a-b"], date(2026, 5, 1), date(2026, 5, 1))["a-b"]
    assert (month.active_users, MonthlyUsage.objects.get(account=account).events) == (1, 1)
    assert metrics.unmatched() == [("app", "a/b", 1)]


def test_a_match_by_spelling_stays_when_another_name_spells_the_same(tmp_path):
    Account.objects.create(ref="a-b", name="A B", created_at=NOW)
    first = "event_id,account,user,occurred_at\n1,a_b,nadia,2026-05-04T09:00:00\n"
    assert importing.take(written(tmp_path, first), source="app", now=NOW).unmatched == 0
    second = "event_id,account,user,occurred_at\n2,A/B,ines,2026-05-04T09:00:00\n"
    assert importing.take(written(tmp_path, second), source="app", now=NOW).unmatched == 1
    # Another system writes as it likes: its names are its own.
    assert importing.take(written(tmp_path, second), source="crm", now=NOW).unmatched == 0
    [month] = metrics.months(["a-b"], date(2026, 5, 1), date(2026, 5, 1))["a-b"]
    assert month.events == 2


def test_events_of_a_client_that_comes_later_become_its_own(tmp_path):
    rows = "event_id,account,user,occurred_at\n1,Hanseatic Gross,nadia,2026-05-04T09:00:00\n"
    assert importing.take(written(tmp_path, rows), source="app", now=NOW).names == {"Hanseatic Gross": 1}
    Account.objects.create(ref="hanseatic", name="Hanseatic Gross", created_at=NOW)
    assert metrics.months(["hanseatic"], date(2026, 5, 1), date(2026, 5, 1))["hanseatic"][0].events == 1
    assert not MonthlyUsage.objects.exists()
    assert (projection.catch_up(), projection.catch_up()) == (1, 0)
    assert MonthlyUsage.objects.get(account__ref="hanseatic").active_users == 1


def test_an_event_without_a_time_of_reception_is_known_from_its_import(tmp_path):
    rows = "event_id,account,user,occurred_at,received_at\n1,vauban,nadia,2026-05-04T09:00:00,\n"
    importing.take(written(tmp_path, rows), source="app", now=NOW)
    importing.take(written(tmp_path, rows), source="old", now=NOW, received_at="occurred")
    assert store.query("SELECT source, received_at FROM events ORDER BY 1") == [
        ("app", datetime(2026, 6, 5, 8)), ("old", datetime(2026, 5, 4, 9))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("1,vauban,nadia,2026-05-04T09:00:00,tomorrow,1,", "bad_received"),
        ("1,vauban,nadia,2026-05-04T09:00:00,,many,", "bad_quantity"),
        ("1,vauban,nadia,2026-05-04T09:00:00,,1.5,", "bad_quantity"),
        ("1,vauban,nadia,2026-05-04T09:00:00,,-1,", "bad_quantity"),
        ("1,vauban,nadia,2027-05-04T09:00:00,,1,", "in_future"),
        ("1,vauban,nadia,infinity,,1,", "no_time"),
        ("1,vauban,nadia,1777888800,,1,", "no_time"),
        (",vauban,nadia,2026-05-04T09:00:00,,1,", "no_identifier"),
        ("1,vauban,nadia,2026-05-04T09:00:00,,1,Paris", "bad_offset"),
        ("1,vauban,nadia,2026-05-04T09:00:00", "cells"),
        ('1,vauban,"nadia,2026-05-04T09:00:00,,1,', "quotes"),
    ],
)
def test_what_cannot_be_read_is_refused_whole_and_never_replaced(tmp_path, row, why):
    header = "event_id,account,user,occurred_at,received_at,quantity,offset_min\n"
    good = '9,vauban,"ines ""i""",2026-05-04T09:00:00,,1,\n8,vauban,"two\nlines",2026-05-04T09:00:00,,2,120\n'
    report = importing.take(written(tmp_path, header + row + "\n" + good), source="app", now=NOW)
    assert (report.rows, report.added, report.refused) == (3, 2, {why: 1})
    kept = UsageRefusal.objects.get()
    assert (kept.line, kept.reason) == (2, why)
    assert ",".join(str(cell or "") for cell in kept.content.values()) == row
    assert {row[0] for row in store.query("SELECT user_ref FROM events")} == {'ines "i"', "two\nlines"}


def test_seats_count_in_the_months_in_which_they_are_held(tmp_path):
    importing.take(
        written(tmp_path, EVENTS.replace("not a time", "2026-04-30T09:00:00")), source="app", now=NOW
    )
    listed = "client,person,from,to\nvauban,a,2026-05-31,\nvauban,b,,30/04/2026\nvauban,c,,\nnobody,d,,\nvauban,e,May,\n"
    columns = seats.Columns("person", ("client",), "from", "to")
    report = seats.take(written(tmp_path, listed, "seats.csv"), columns)
    assert (report.created, report.refused, report.unmatched) == (3, [(6, "bad_day")], {"nobody": 1})
    april, may = metrics.months(["vauban"], date(2026, 4, 1), date(2026, 5, 1))["vauban"]
    assert (april.licensed_users, may.licensed_users) == (2, 2)
    assert list(MonthlyUsage.objects.order_by("month").values_list("licensed_users", flat=True)) == [2, 2]
    again = seats.take(
        written(tmp_path, listed.replace("vauban,c,,", "vauban,c,2026-05-01,"), "seats.csv"), columns
    )
    assert (again.created, again.changed, again.unchanged) == (0, 1, 2)
    [april] = metrics.months(["vauban"], date(2026, 4, 1), date(2026, 4, 1))["vauban"]
    assert april.licensed_users == 1


def test_weeks_are_whole_and_run_from_monday(tmp_path):
    importing.take(written(tmp_path, EVENTS), source="app", now=NOW)
    [week] = metrics.weeks(["vauban"], date(2026, 5, 6), date(2026, 5, 6))["vauban"]
    assert (week.week, week.first, week.last, week.active_users, week.events) == (
        "2026-W19", date(2026, 5, 4), date(2026, 5, 10), 2, 3,
    )  # fmt: skip
    assert week.daily_users == pytest.approx(3 / 7)


def test_a_week_end_is_told_by_the_clock_where_it_happened(tmp_path):
    # Friday evening in UTC is Saturday in Tokyo, and Friday in Paris, where the client is.
    rows = "event_id,account,user,occurred_at\n1,vauban,nadia,2026-05-09T05:00:00+09:00\n2,vauban,ines,2026-05-08T20:00:00Z\n"
    importing.take(written(tmp_path, rows), source="app", now=NOW)
    [month] = metrics.months(["vauban"], date(2026, 5, 1), date(2026, 5, 1))["vauban"]
    assert month.weekend_share == 0.5

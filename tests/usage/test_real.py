"""On real input: the figures of every client and month equal an independent question to the file, now and as known earlier."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from jalon.accounts.models import Account
from jalon.usage import importing, metrics, store
from jalon.usage.models import LicensedSeat, MonthlyUsage, UsageSegment

SHARED = Path(os.environ.get("JALON_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
NOVA, OULAD = SHARED / "usage_nova", SHARED / "usage_oulad"
NOW = datetime(2026, 6, 5, 8, tzinfo=UTC)
pytestmark = [
    pytest.mark.real,
    pytest.mark.django_db,
    pytest.mark.skipif(
        not NOVA.is_dir(), reason="the real data sets are not beside the repository (JALON_SHARED_DATA)"
    ),
]


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.USAGE_HOME = tmp_path


def truths(folder: Path) -> list[dict]:
    return json.loads((folder / "truths.json").read_text())["truths"]


def test_nova_every_truth_asked_of_what_was_imported():
    report = importing.take(NOVA / "events.parquet", source="nova", now=NOW, create_clients=True)
    assert (report.rows, report.added, report.created, report.refused) == (39184, 39184, 92, {})
    assert Account.objects.count() == 92
    with store.connect() as base:
        # The set's own questions name its columns: a view gives the store's under those names.
        base.execute(
            "CREATE VIEW E AS SELECT *, account_ref AS account_id, user_ref AS user_id, session AS session_id FROM events"
        )
        for truth in truths(NOVA):
            if truth["id"] in ("kinds", "weekend_share_local"):
                continue  # they ask for columns that a product does not keep: the kind of mail domain, the author's zone
            rows = [list(row) for row in base.execute(truth["sql"]).fetchall()]
            wanted = [
                [str(v).replace("_", "-") if str(v).startswith("a_") else v for v in row]
                for row in truth["rows"]
            ]
            assert rows == wanted, truth["id"]


@pytest.mark.parametrize(
    "known_at", [None, datetime(2012, 3, 31, 23, tzinfo=UTC), datetime(2014, 10, 5, tzinfo=UTC)]
)
def test_nova_every_client_and_month(known_at):
    importing.take(NOVA / "events.parquet", source="nova", now=NOW, create_clients=True)
    refs = list(Account.objects.values_list("ref", flat=True))
    found = metrics.months(refs, date(2010, 1, 1), date(2015, 12, 1), known_at)
    until = f"AND received_at <= TIMESTAMP '{known_at:%Y-%m-%d %H:%M:%S}'" if known_at else ""
    wanted = duckdb.sql(
        f"""SELECT replace(account_id, '_', '-'), strftime(occurred_at, '%Y-%m'), count(DISTINCT user_id), count(*), count(DISTINCT feature)
        FROM read_parquet('{NOVA / "events.parquet"}') WHERE account_id IS NOT NULL {until} GROUP BY 1, 2"""
    ).fetchall()
    assert len(wanted) > 200
    assert {
        (ref, f"{m.month:%Y-%m}", m.active_users, m.events, m.features_used)
        for ref, months in found.items()
        for m in months
    } == set(wanted)


def test_the_same_file_twice_and_shuffled_adds_nothing(tmp_path):
    importing.take(NOVA / "events.parquet", source="nova", now=NOW, create_clients=True)
    before = list(
        MonthlyUsage.objects.order_by("account", "month").values_list(
            "account", "month", "active_users", "events", "features"
        )
    )
    shuffled = tmp_path / "shuffled.parquet"
    duckdb.sql(
        f"COPY (SELECT * FROM read_parquet('{NOVA / 'events.parquet'}') ORDER BY hash(event_id)) TO '{shuffled}' (FORMAT parquet)"
    )
    report = importing.take(shuffled, source="nova", now=NOW, create_clients=True)
    assert (report.added, report.duplicates) == (0, 39184)
    assert UsageSegment.objects.count() == 1
    assert (
        list(
            MonthlyUsage.objects.order_by("account", "month").values_list(
                "account", "month", "active_users", "events", "features"
            )
        )
        == before
    )


def test_oulad_people_who_never_come_hold_their_seat():
    importing.take(OULAD / "events.parquet", source="oulad", now=NOW, create_clients=True)
    importing.take_seats(
        OULAD / "students.csv", prefix=("presentation",), account="region", user="id_student"
    )
    rows = store.query(
        "SELECT count(*), sum(quantity)::BIGINT, count(DISTINCT account_ref), count(DISTINCT user_ref), count(DISTINCT feature) FROM events"
    )
    events = next(t for t in truths(OULAD) if t["id"] == "events")["rows"][0]
    assert list(rows[0]) == [events[0], events[1], events[3], events[4], events[5]]
    never = sum(
        row[1] for row in next(t for t in truths(OULAD) if t["id"] == "registered_never_active")["rows"]
    )
    came = {row[0] for row in store.query("SELECT DISTINCT account_ref || '/' || user_ref FROM events")}
    seats = [f"{ref}/{user}" for ref, user in LicensedSeat.objects.values_list("account__ref", "user_ref")]
    absent = [seat for seat in seats if seat not in came]
    assert (len(seats), len(absent)) == (2620, never)


def test_the_review_of_the_largest_client_is_a_pdf():
    from jalon.documents import reviews

    importing.take(NOVA / "events.parquet", source="nova", now=NOW, create_clients=True)
    largest = Account.objects.get(ref="a-8b4c800e4b")
    pdf = reviews.monthly(largest, date(2015, 12, 1), NOW, "fr")
    assert pdf.startswith(b"%PDF-")

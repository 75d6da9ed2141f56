"""On real input, by the commands that a user has: every known truth of both sets, now and as known earlier, client by client."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from jalon.accounts.models import Account
from jalon.config.cli import build_parser
from jalon.usage.models import LicensedSeat, MonthlyUsage, UsageSegment

SHARED = Path(os.environ.get("JALON_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
NOVA, OULAD = SHARED / "usage_nova", SHARED / "usage_oulad"
NOW = datetime(2026, 6, 5, 8, tzinfo=UTC)
EARLIER = ("2012-03-31T23:00:00+00:00", "2014-10-05T00:00:00+00:00")
pytestmark = [
    pytest.mark.real,
    pytest.mark.django_db,
    pytest.mark.skipif(
        not NOVA.is_dir(), reason="the real data sets are not beside the repository (JALON_SHARED_DATA)"
    ),
]
# The sets' own questions name their columns: what Jalon keeps, under those names.
AS_GIVEN = {
    "nova": """(SELECT event_id, session AS session_id, occurred_at, offset_min AS tz_offset_min, received_at, account_name AS account_id,
      user_ref AS user_id, feature, properties->>'account_kind' AS account_kind FROM events)""",
    "oulad": """(SELECT account_name AS account_id, user_ref AS user_id, feature, occurred_at, received_at, quantity AS clicks,
      properties->>'presentation' AS presentation, (properties->>'day_no')::INT AS day_no, (properties->>'source_rows')::INT AS source_rows FROM events)""",
    "seats": """(SELECT split_part(account_name, '/', 1) AS presentation, user_ref AS id_student,
      attributes->>'final_result' AS final_result FROM seats)""",
}


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.USAGE_HOME = tmp_path / "usage"


@pytest.fixture
def jalon(capsys):
    """Run `jalon …` at NOW; returns what it answers in JSON."""

    def run(*words: str | Path) -> list[dict]:
        args = build_parser().parse_args([*map(str, words), "--format", "json"])
        assert args.run(args, NOW) == 0
        return json.loads(capsys.readouterr().out)

    return run


def truths(folder: Path) -> list[dict]:
    return json.loads((folder / "truths.json").read_text())["truths"]


def nova(jalon) -> dict:
    # The kind of a mail domain is kept as it is, beside who acts: a machine or a person.
    [report] = jalon("usage", "import", NOVA / "events.parquet", "--source", "nova", "--create-clients")
    return report


def test_nova_every_truth(jalon):
    report = nova(jalon)
    assert (report["rows"], report["added"], report["created"], report["refused"]) == (39184, 39184, 92, {})
    assert report["names"] == {"": 13159}
    assert Account.objects.count() == 92
    given = truths(NOVA)
    assert len(given) == 10
    for truth in given:
        sql = truth["sql"].removeprefix("with ")
        question = f"WITH E AS {AS_GIVEN['nova']}" + (", " if sql != truth["sql"] else " ") + sql
        answer = [list(row.values()) for row in jalon("usage", "ask", question)]
        assert answer == truth["rows"], truth["id"]


@pytest.mark.parametrize("known_at", [None, *EARLIER])
def test_nova_every_client_and_month(jalon, known_at):
    nova(jalon)
    known = ["--known-at", known_at] if known_at else []
    found = jalon("usage", "metrics", *known)
    until = f"AND received_at <= TIMESTAMP '{known_at[:19]}'" if known_at else ""
    wanted = duckdb.sql(
        f"""SELECT replace(account_id, '_', '-'), strftime(occurred_at, '%Y-%m'), count(DISTINCT user_id), count(*), count(DISTINCT feature),
          count(*) FILTER (isodow(occurred_at + to_minutes(tz_offset_min)) >= 6)
        FROM read_parquet('{NOVA / "events.parquet"}') WHERE account_id IS NOT NULL {until} GROUP BY 1, 2"""
    ).fetchall()
    assert len(wanted) > 200
    assert {
        (m["client"], m["month"], m["active_users"], m["events"], m["features_used"], round(m["weekend_share"] * m["events"]))
        for m in found
    } == set(wanted)  # fmt: skip


def test_nova_every_truth_as_known_on_an_earlier_day(jalon):
    nova(jalon)
    for known_at in EARLIER:
        for truth in truths(NOVA):
            sql = truth["sql"].removeprefix("with ")
            joined = ", " if sql != truth["sql"] else " "
            answer = jalon(
                "usage", "ask", f"WITH E AS {AS_GIVEN['nova']}{joined}{sql}", "--known-at", known_at
            )
            file = f"(SELECT * FROM read_parquet('{NOVA / 'events.parquet'}') WHERE received_at <= TIMESTAMP '{known_at[:19]}')"
            wanted = duckdb.sql(f"WITH E AS {file}{joined}{sql}").fetchall()
            assert [list(row.values()) for row in answer] == [list(row) for row in wanted], truth["id"]


def test_segment_messages_are_the_month_that_the_table_gives(jalon):
    Account.objects.bulk_create(
        Account(ref=name.replace("_", "-"), name=name, created_at=NOW)
        for (name,) in duckdb.sql(f"SELECT DISTINCT account_id FROM '{NOVA / 'events.parquet'}' WHERE account_id IS NOT NULL").fetchall()
    )  # fmt: skip
    [report] = jalon(
        "usage",
        "import",
        NOVA / "segment_track_2013-03.ndjson.gz",
        "--source",
        "segment",
        "--map",
        "quantity=properties.files",
    )
    assert (report["rows"], report["added"], report["refused"], report["names"]) == (510, 510, {}, {"": 203})
    found = jalon(
        "usage", "ask",
        "SELECT event_id, session, occurred_at, received_at, account_name, user_ref, feature, quantity FROM events ORDER BY event_id",
    )  # fmt: skip
    wanted = duckdb.sql(
        f"""SELECT event_id, session_id, occurred_at::VARCHAR, received_at::VARCHAR, account_id, user_id, feature, n_files
        FROM '{NOVA / "events.parquet"}' WHERE strftime(received_at, '%Y-%m') = '2013-03' ORDER BY 1"""
    ).fetchall()
    assert [tuple(row.values()) for row in found] == wanted
    # The same month out of the table adds nothing to it: an event is told by its id.
    [again] = jalon("usage", "import", NOVA / "events.parquet", "--source", "segment")
    assert (again["added"], again["duplicates"]) == (39184 - 510, 510)


def test_the_same_file_twice_and_shuffled_adds_nothing(jalon, tmp_path):
    nova(jalon)
    columns = ("account", "month", "active_users", "events", "features")
    before = list(MonthlyUsage.objects.order_by("account", "month").values_list(*columns))
    shuffled = tmp_path / "shuffled.parquet"
    duckdb.sql(
        f"COPY (SELECT * FROM read_parquet('{NOVA / 'events.parquet'}') ORDER BY hash(event_id)) TO '{shuffled}' (FORMAT parquet)"
    )
    [report] = jalon("usage", "import", shuffled, "--source", "nova", "--create-clients")
    assert (report["added"], report["duplicates"]) == (0, 39184)
    assert UsageSegment.objects.count() == 1
    assert list(MonthlyUsage.objects.order_by("account", "month").values_list(*columns)) == before


def test_oulad_every_truth_and_people_who_never_come(jalon):
    # The set has no time of reception: its clicks were known on their day.
    [report] = jalon(
        "usage", "import", OULAD / "events.parquet", "--source", "oulad", "--create-clients", "--received-at", "occurred",
    )  # fmt: skip
    assert (report["rows"], report["added"], report["created"], report["unmatched"]) == (
        360579,
        360579,
        26,
        0,
    )
    listed = jalon(
        "usage", "seats", OULAD / "students.csv", "--prefix", "presentation", "--account", "region", "--user", "id_student",
        "--keep", "final_result",
    )  # fmt: skip
    assert (listed["created"], listed["unmatched"], LicensedSeat.objects.count()) == (2620, {}, 2620)
    given = truths(OULAD)
    assert len(given) == 6
    for truth in given:
        answer = jalon(
            "usage", "ask", f"WITH E AS {AS_GIVEN['oulad']}, S AS {AS_GIVEN['seats']} {truth['sql']}"
        )
        assert [list(row.values()) for row in answer] == truth["rows"], truth["id"]
    known = "2013-12-15"
    found = jalon("usage", "metrics", "--known-at", known)
    wanted = duckdb.sql(
        f"""SELECT account_id, strftime(occurred_on, '%Y-%m'), count(DISTINCT user_id), count(*), count(DISTINCT feature)
        FROM read_parquet('{OULAD / "events.parquet"}') WHERE occurred_on <= DATE '{known}' GROUP BY 1, 2"""
    ).fetchall()
    names = dict(Account.objects.values_list("ref", "name"))
    assert {
        (names[m["client"]], m["month"], m["active_users"], m["events"], m["features_used"]) for m in found
    } == set(wanted)
    seats = duckdb.sql(
        f"SELECT presentation || '/' || region, count(*) FROM '{OULAD / 'students.csv'}' GROUP BY 1"
    ).fetchall()
    assert {(names[m["client"]], m["licensed_users"]) for m in found} == set(seats)


def test_the_review_of_the_largest_client_is_a_pdf(jalon):
    from jalon.documents import reviews

    nova(jalon)
    largest = Account.objects.get(ref="a-8b4c800e4b")
    pdf = reviews.monthly(largest, date(2015, 12, 1), NOW, "fr")
    assert pdf.startswith(b"%PDF-")

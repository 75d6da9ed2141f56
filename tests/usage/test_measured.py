"""Objectives are measured in one place, and a month is summed up as a fact that changes only with its events."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from jalon.accounts.models import Account
from jalon.ledger import book
from jalon.usage import digest, importing, objectives

LATER = datetime(2026, 7, 2, 8, tzinfo=UTC)
HEAD = "id,client,user,feature,date\n"


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        ("mau", "34"), ("usage.active_users", "34"), ("seats", "48"), ("features", "6"), ("events", "900"), ("seat_activation", "0.7083"),
        ("licensed_share", "0.7083"), ("stickiness", "0.3100"), ("depth", "26.4706"), ("revenue", None), ("", None), ("weekend_share", None),
    ],
)  # fmt: skip
def test_a_plans_metric_is_answered_by_the_month(metric: str, value: str | None) -> None:
    month = objectives.Counted(34, 48, 900, 6, Decimal("0.3100"))
    assert objectives.value(metric, month) == (None if value is None else Decimal(value))


def test_a_metric_without_its_figures_has_no_answer() -> None:
    entries = [{"metric": "licence_use"}, {"id": "N", "metric": "mau"}, {"metric": "depth"}]
    assert objectives.measured(entries, objectives.Counted(active_users=0, events=3)) == {"N": Decimal(0)}


@pytest.mark.django_db
def test_a_month_is_summed_up_once_it_is_over_and_again_only_when_events_came(
    settings, tmp_path: Path
) -> None:
    settings.USAGE_HOME = tmp_path / "usage"
    account = Account.objects.create(ref="vauban", name="Maison Vauban", created_at=LATER)
    file = tmp_path / "events.csv"
    file.write_text(
        HEAD + "b,vauban,nadia,Carte,2026-06-02T09:00:00Z\na,vauban,ines,Carte,2026-06-03T09:00:00Z\n"
    )
    importing.take(file, source="app", now=LATER)
    june = date(2026, 6, 1)
    assert not digest.record(account, june, datetime(2026, 6, 30, 12, tzinfo=UTC))
    assert [digest.record(account, june, LATER) for _again in range(2)] == [True, False]
    [fact] = [fact for fact in book.facts_of(account) if fact.kind == "usage.digest"]
    signed = hashlib.sha256(b"app\x1fa\x1eapp\x1fb").hexdigest()
    assert (fact.get("period"), fact.get("mau"), fact.get("rows"), fact.get("sha256")) == (
        "2026-06",
        2,
        2,
        signed,
    )
    assert Decimal(str(fact.get("dau_mean"))) == Decimal("0.0667")
    file.write_text(HEAD + "c,vauban,paul,Carte,2026-06-29T09:00:00Z\n")
    august = datetime(2026, 8, 3, 8, tzinfo=UTC)
    importing.take(file, source="app", now=august)
    assert digest.record(account, june, august)
    assert [fact.get("mau") for fact in book.facts_of(account) if fact.kind == "usage.digest"] == [2, 3]

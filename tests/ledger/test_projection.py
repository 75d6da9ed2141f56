"""The projection is what the facts say: grown fact by fact or dropped and rebuilt, and woken by time alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisCase

from jalon.core.obligations import Side
from jalon.ledger import book, projection
from jalon.ledger.models import AccountStanding, ProjectedObligation
from tests import cast as theatre
from tests.cast import NOW, Cast, at, draft, sign

HAPPENINGS = (
    lambda when, n: draft(
        "activity.held", when, type="kickoff", attendees=["nadia"], staff=["camille"], minutes=45
    ),
    lambda when, n: draft(
        "activity.held", when, type="training", attendees=["nadia"], staff=["camille"], minutes=60
    ),
    lambda when, n: draft(
        "activity.held", when, type="review", attendees=["nadia"], staff=["camille"], minutes=30
    ),
    lambda when, n: draft(
        "request.opened", when, Side.CLIENT, "nadia", request=f"r{n}", priority="P2", subject="Export"
    ),
    lambda when, n: draft("request.replied", when, request=f"r{max(n - 1, 0)}", public=True),
    lambda when, n: draft("request.resolved", when, request=f"r{max(n - 2, 0)}"),
    lambda when, n: draft("provider.question", when, ref=f"q{n}", text="Quel fond ?", addressee="nadia"),
    lambda when, n: draft("csm.assigned", when, person=("camille", "louise")[n % 2]),
)


class IncrementalIsRebuilt(HypothesisCase):
    """Whatever happens, in whatever order it is recorded."""

    @settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(
            st.tuples(st.integers(0, len(HAPPENINGS) - 1), st.integers(0, 140), st.integers(0, 9)), max_size=8
        )
    )
    def test_the_projection_grown_equals_the_projection_rebuilt(
        self, chosen: list[tuple[int, int, int]]
    ) -> None:
        account = theatre.play().aubrac
        sign(account)
        for which, days, n in chosen:
            book.append_many(
                account, [HAPPENINGS[which](at(1, 14) + timedelta(days=days, minutes=n), n)], now=NOW
            )
        grown = projection.snapshot(account)
        assert grown
        assert projection.rebuild(NOW, [account]).differed == 0
        assert projection.snapshot(account) == grown


def _standing(cast: Cast) -> AccountStanding:
    return AccountStanding.objects.get(account=cast.aubrac)


def test_a_fact_moves_its_obligation_in_the_same_transaction(cast: Cast) -> None:
    sign(cast.aubrac)
    before = ProjectedObligation.objects.get(account=cast.aubrac, norm="N2a-kickoff")
    assert before.state in ("overdue", "missed")
    book.append_many(
        cast.aubrac,
        [
            draft(
                "activity.held", at(6, 4), type="kickoff", attendees=["nadia"], staff=["camille"], minutes=45
            )
        ],
        now=NOW,
    )
    after = ProjectedObligation.objects.get(account=cast.aubrac, norm="N2a-kickoff")
    assert after.state == "met_late"
    assert after.evidence


def test_a_row_that_was_touched_by_hand_is_found_and_mended(cast: Cast) -> None:
    sign(cast.aubrac)
    ProjectedObligation.objects.filter(account=cast.aubrac, norm="N2a-kickoff").update(state="waived")
    assert projection.rebuild(NOW, [cast.aubrac]).differed == 1
    assert projection.rebuild(NOW, [cast.aubrac]).differed == 0


def test_time_alone_wakes_a_client_once(cast: Cast) -> None:
    sign(cast.aubrac, now=at(1, 14))
    kickoff = ProjectedObligation.objects.get(account=cast.aubrac, norm="N2a-kickoff")
    assert kickoff.state == "open"
    assert projection.tick(at(1, 14)) == 0
    wakes = _standing(cast).wakes
    assert wakes is not None
    assert wakes <= kickoff.due
    later = kickoff.due + timedelta(seconds=1)
    while projection.tick(later):
        pass
    assert ProjectedObligation.objects.get(pk=kickoff.pk).state == "overdue"
    assert _standing(cast).wakes > later
    assert projection.tick(later) == 0


def test_the_standing_says_what_the_portfolio_shows(cast: Cast) -> None:
    sign(cast.aubrac)
    standing = _standing(cast)
    assert (standing.state, standing.level, standing.csm) == ("open", "croissance", "camille")
    assert standing.ends_on.isoformat() == "2027-01-11"
    assert standing.sequence == 4
    late = ProjectedObligation.objects.filter(account=cast.aubrac, state="overdue", debtor="provider").count()
    assert standing.provider_late == late > 0


def test_a_client_without_an_agreement_owes_nothing(cast: Cast) -> None:
    cast.aubrac.agreement = ""
    cast.aubrac.save()
    assert projection.project(cast.aubrac, NOW) is None
    assert book.assessment_of(cast.aubrac, NOW) is None
    assert not ProjectedObligation.objects.exists()


def test_the_projection_never_differs_from_the_assessment(cast: Cast) -> None:
    sign(cast.aubrac)
    assessment = book.assessment_of(cast.aubrac, NOW)
    assert assessment is not None
    rows = {row.key: row for row in ProjectedObligation.objects.filter(account=cast.aubrac)}
    assert rows.keys() == assessment.by_key().keys()
    for key, owed in assessment.by_key().items():
        assert (rows[key].state, rows[key].due, rows[key].debtor) == (
            owed.state.value,
            owed.due,
            owed.debtor.value,
        )


@pytest.mark.parametrize("kind", ["update", "delete"])
def test_sqlite_itself_refuses_to_change_a_fact(cast: Cast, kind: str) -> None:
    from django.db import DatabaseError, connection, transaction

    from jalon.ledger.models import StoredFact

    sign(cast.aubrac)
    if connection.vendor != "sqlite":
        pytest.skip("another test asks PostgreSQL")
    statement = {
        "update": "UPDATE ledger_storedfact SET kind = 'x' WHERE sequence = 1",
        "delete": "DELETE FROM ledger_storedfact WHERE sequence = 1",
    }[kind]
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert StoredFact.objects.filter(account=cast.aubrac).count() == 4

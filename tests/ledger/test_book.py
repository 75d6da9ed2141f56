"""The door of the ledger: what it takes, what it refuses, in which order, under which key."""

from __future__ import annotations

import argparse
import json
from datetime import timedelta

import pytest

from jalon.core.obligations import Side
from jalon.ledger import book, cli
from jalon.ledger.canonical import canonical, sha256
from jalon.ledger.models import StoredFact
from tests.cast import NOW, Cast, at, draft, sign

GOLDEN = (
    '{"account":"aubrac","at":"2026-01-09T09:00:00Z","evidence":[],"fields":{"doc":"master","signatory":"Zoé d’Été"},'
    '"id":"14ee99b4e2e3f1e6e4c8","idempotency_key":"k1","kind":"document.signed","prev_sha256":"","recorded_at":"2026-01-09T09:00:00Z",'
    '"recorded_by":"camille","schema":1,"sequence":1,"side":"provider","source":"import","visibility":"both"}'
)


def _append(cast: Cast, **changed: object) -> StoredFact:
    said = {
        "kind": "document.signed", "at": at(1, 9), "fields": {"doc": "master", "signatory": "Zoé d’Été"}, "side": Side.PROVIDER,
        "recorded_by": "camille", "recorded_at": at(1, 9), "idempotency_key": "k1",
        "source": "import",
    }  # fmt: skip
    return book.append(cast.aubrac, **(said | changed))  # type: ignore[arg-type]


def test_the_bytes_of_a_fact_never_change(cast: Cast) -> None:
    stored = _append(cast)
    golden = json.loads(GOLDEN) | {"id": stored.fact_id}
    assert bytes(stored.canonical).decode() == json.dumps(golden, ensure_ascii=False, separators=(",", ":"))
    assert stored.sha256 == sha256(bytes(stored.canonical))


def test_each_fact_holds_the_hash_of_the_one_before(cast: Cast) -> None:
    sign(cast.aubrac)
    rows = list(StoredFact.objects.filter(account=cast.aubrac).order_by("sequence"))
    assert [row.sequence for row in rows] == [1, 2, 3, 4]
    for before, row in zip([None, *rows], rows, strict=False):
        read = json.loads(bytes(row.canonical))
        assert read["prev_sha256"] == row.prev_sha256 == (before.sha256 if before else "")
        assert sha256(canonical(read)) == row.sha256
    assert book.checkpoint(cast.aubrac) == (4, rows[-1].sha256)


def test_facts_come_back_as_they_went_in(cast: Cast) -> None:
    _append(cast)
    fact = book.facts_of(cast.aubrac)[0]
    assert (fact.kind, fact.at, fact.side, fact.recorded_by) == (
        "document.signed",
        at(1, 9),
        Side.PROVIDER,
        "camille",
    )
    assert dict(fact.fields) == {"doc": "master", "signatory": "Zoé d’Été"}


def test_the_same_key_with_the_same_content_appends_once(cast: Cast) -> None:
    assert _append(cast).pk == _append(cast).pk
    assert StoredFact.objects.count() == 1


def test_the_same_key_with_other_content_is_refused(cast: Cast) -> None:
    _append(cast)
    with pytest.raises(book.Refusal, match="already recorded under this key"):
        _append(cast, fields={"doc": "another"})
    assert StoredFact.objects.count() == 1


def test_two_clients_may_use_the_same_key(cast: Cast) -> None:
    first = _append(cast)
    other = book.append(
        cast.belharra, kind="document.signed", at=at(1, 9), fields={"doc": "master", "signatory": "Zoé d’Été"}, side=Side.PROVIDER,
        recorded_by="camille", recorded_at=at(1, 9), idempotency_key="k1", source="import",
    )  # fmt: skip
    assert other.sequence == 1
    assert other.fact_id != first.fact_id


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"at": at(1, 9) + timedelta(minutes=6)}, "at"),
        ({"kind": "document.singed"}, "kind"),
        ({"fields": {}}, "doc"),
        ({"fields": {"doc": "master", "colour": "blue"}}, "colour"),
        ({"at": at(1, 9).replace(tzinfo=None)}, "at"),
    ],
)
def test_what_is_wrong_is_refused_with_its_field(cast: Cast, changed: dict[str, object], field: str) -> None:
    with pytest.raises(book.Refusal) as caught:
        _append(cast, **changed)
    assert caught.value.field == field
    assert not StoredFact.objects.exists()


THIN = [
    ("provider.question", {"ref": "q1", "text": "Combien ?", "needed_for": "le plan"}, "addressee"),
    ("provider.question", {"ref": "q1", "text": "Combien ?", "addressee": "nadia"}, "needed_for"),
    ("activity.held", {"type": "kickoff", "staff": ["camille"]}, "attendees"),
    ("report.decided", {"report": "r1", "decision": "refused", "csm": "camille"}, "reason"),
    ("access.requested", {"system": "caisse", "scope": "lecture", "purpose": "flux"}, "until"),
    ("conflict.disclosed", {"conflict": "c1", "none": False}, "measure"),
    ("backup.run", {"ok": True}, "size"),
    ("plan.agreed", {"objectives": [{"name": "Usage", "metric": "mau", "baseline": "1", "target": "30"}]}, "objectives"),
    ("invoice.issued", {"invoice": "F1", "currency": "EUR", "due": "2026-02-09", "lines": [{"service": "cs", "ht": "10"}]}, "lines"),
]  # fmt: skip
"""What the clauses refuse: a question to nobody, a meeting without the client, a refusal without reason, an access without end…"""


@pytest.mark.parametrize(
    ("kind", "fields", "lacking"), THIN, ids=[f"{kind}-{name}" for kind, _f, name in THIN]
)
def test_a_person_is_asked_for_what_the_clause_needs_and_a_file_of_the_past_is_not(
    cast: Cast, kind: str, fields: dict[str, object], lacking: str
) -> None:
    with pytest.raises(book.Refusal) as caught:
        _append(cast, kind=kind, fields=fields, source="ui")
    assert caught.value.field == lacking
    assert not StoredFact.objects.exists()
    assert _append(cast, kind=kind, fields=fields, source="import").kind == kind


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("report.decided", {"report": "r1", "decision": "accepted", "csm": "camille"}),
        ("conflict.disclosed", {"none": True}),
        ("backup.run", {"ok": False}),
    ],
)
def test_what_the_rest_makes_needless_is_not_asked_for(
    cast: Cast, kind: str, fields: dict[str, object]
) -> None:
    assert _append(cast, kind=kind, fields=fields, source="ui").kind == kind


def test_all_or_none(cast: Cast) -> None:
    with pytest.raises(book.Refusal):
        book.append_many(
            cast.aubrac,
            [draft("document.signed", at(1, 9), doc="master"), draft("no.such", at(1, 9))],
            now=NOW,
        )
    assert not StoredFact.objects.exists()


def test_what_was_not_recorded_yet_is_not_known(cast: Cast) -> None:
    sign(cast.aubrac)
    known = book.facts_of(cast.aubrac, known_at=at(1, 12, 12))
    assert [fact.kind for fact in known] == ["document.signed", "document.signed", "order.set"]


def test_the_command_shows_the_very_bytes(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    sign(cast.aubrac)
    args = argparse.Namespace(client="aubrac", known_at=None, as_of=at(1, 12, 12))
    assert cli.run_show(args, NOW) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = StoredFact.objects.filter(account=cast.aubrac).order_by("sequence")
    assert [sha256(line.encode()) for line in lines] == [row.sha256 for row in rows][:3]
    assert cli.run_show(argparse.Namespace(client="nobody", known_at=None, as_of=None), NOW) == 1

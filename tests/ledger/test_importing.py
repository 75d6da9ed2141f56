"""Files of clients, contacts and contracts: written as people write them, reported line by line, taken twice."""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from jalon.accounts.models import Account, Contact
from jalon.ledger import book, cli
from jalon.ledger.importing import runs
from jalon.ledger.importing.reading import Unreadable, amount, day
from jalon.ledger.models import AccountStanding, ImportRun, ProjectedObligation, StoredFact
from jalon.wording import say
from tests.cast import NOW, Cast

CLIENTS = "\ufeffNom;Référence;Domaine;Secteur;Langue\nMaison Vauban;vauban;vauban.example;Mode;français\nHôtels Corniche;;corniche.example;;\n;sans-nom;;;\n"
CONTACTS = (
    "client,name,email,seats,title\n"
    'vauban,Inès Guérin,ines@vauban.example,"référent, facturation",Directrice\n'
    "Hôtels Corniche,Luc Arnal,luc@corniche.example,sponsor,\n"
    "vauban,Zoé Petit,zoe@vauban.example,pilote,\n"
    "nulle-part,Personne,x@y.example,user,\n"
    "vauban,Camille,camille@vendor.example,user,\n"
)
CONTRACTS = (
    "Client;Signé le;Signé par le client le;Niveau;Date de fin;Prix annuel HT;CSM\n"
    "vauban;09/01/2026;12/01/2026;Stratégique;11/01/2027;12 000,50;Camille Moreau\n"
    "Hôtels Corniche;2026-02-02;;essentiel;2027-02-01;;camille@vendor.example\n"
    "aubrac;2026-02-02;;platine;2027-02-01;;\n"
    "belharra;31/02/2026;;essentiel;2027-02-01;;\n"
)


def _import(kind: str, content: str, *, dry_run: bool = False, now: datetime = NOW) -> ImportRun:
    begun = runs.begin(
        kind=kind, filename=f"{kind}.csv", content=content.encode(), by="camille", now=now, dry_run=dry_run
    )
    return runs.run(begun.pk)


def _counts(run: ImportRun) -> tuple[int, int, int, int]:
    return run.created, run.updated, run.unchanged, run.refused


def _said(run: ImportRun, line: int) -> str:
    return next(
        " ".join(say(text, "fr") for text in said)
        for number, _result, _who, said in runs.report_of(run)
        if number == line
    )


def test_the_three_files_make_clients_that_owe_and_are_owed(cast: Cast) -> None:
    assert _counts(_import("clients", CLIENTS)) == (2, 0, 0, 1)
    assert Account.objects.get(ref="vauban").sector == "Mode"
    assert Account.objects.get(name="Hôtels Corniche").ref == "hotels-corniche"

    contacts = _import("contacts", CONTACTS)
    assert _counts(contacts) == (2, 0, 0, 3)
    assert Contact.objects.get(email="ines@vauban.example").seats == ["champion", "billing"]
    assert "pilote" in _said(contacts, 4)
    assert "sponsor" in _said(contacts, 4)
    assert "nulle-part" in _said(contacts, 5)

    contracts = _import("contracts", CONTRACTS)
    assert _counts(contracts) == (2, 0, 0, 2), contracts.report
    assert "platine" in _said(contracts, 4)
    assert "31/02/2026" in _said(contracts, 5)
    standing = AccountStanding.objects.get(account__ref="vauban")
    assert (standing.state, standing.level, standing.csm) == ("open", "strategique", "camille")
    assert standing.effective_on.isoformat() == "2026-01-12"
    assert ProjectedObligation.objects.filter(account__ref="vauban", state="overdue").exists()
    order = book.facts_of_kind(Account.objects.get(ref="vauban"), "order.set")[0]
    assert order.get("overrides") == {"price.annual_ht": "12000.50", "price.currency": "EUR"}
    assert order.recorded_by == "camille"


def test_a_file_taken_twice_changes_nothing(cast: Cast) -> None:
    files = {"clients": CLIENTS, "contacts": CONTACTS, "contracts": CONTRACTS}
    for kind, content in files.items():
        _import(kind, content)
    before = list(StoredFact.objects.values_list("account", "sequence", "sha256"))
    for kind, content in files.items():
        again = _import(kind, content)
        assert _counts(again)[:3] == (0, 0, 2), (kind, again.report)
    assert list(StoredFact.objects.values_list("account", "sequence", "sha256")) == before


def test_a_dry_run_says_the_same_and_writes_nothing(cast: Cast) -> None:
    _import("clients", CLIENTS)
    dry = _import("contracts", CONTRACTS, dry_run=True)
    assert not StoredFact.objects.exists()
    assert Account.objects.get(ref="vauban").agreement == ""
    real = _import("contracts", CONTRACTS)
    assert dry.report == real.report
    assert _counts(dry) == _counts(real)


def test_what_changed_is_updated_and_said(cast: Cast) -> None:
    for kind, content in {"clients": CLIENTS, "contacts": CONTACTS, "contracts": CONTRACTS}.items():
        _import(kind, content)
    assert _counts(_import("clients", "name,ref,sector\nMaison Vauban,vauban,Luxe\n")) == (0, 1, 0, 0)
    moved = _import("contacts", "client,name,email,seats\nvauban,Inès Guérin,ines@vauban.example,sponsor\n")
    assert _counts(moved) == (0, 1, 0, 0)
    vauban = Account.objects.get(ref="vauban")
    seats = [(fact.get("seat"), fact.get("until")) for fact in book.facts_of_kind(vauban, "contact.set")]
    assert seats == [
        ("champion", None),
        ("billing", None),
        ("sponsor", None),
        ("billing", "2026-06-05"),
        ("champion", "2026-06-05"),
    ], seats
    raised = _import("contracts", CONTRACTS.replace("11/01/2027", "11/01/2028"), now=NOW + timedelta(hours=1))
    assert _counts(raised)[:3] == (0, 1, 1)
    assert AccountStanding.objects.get(account=vauban).ends_on.isoformat() == "2028-01-11"


def test_a_signature_is_not_moved_by_a_file(cast: Cast) -> None:
    _import("clients", CLIENTS)
    _import("contracts", CONTRACTS)
    moved = _import("contracts", CONTRACTS.replace("09/01/2026", "08/01/2026"))
    assert moved.refused == 3
    assert len(book.facts_of_kind(Account.objects.get(ref="vauban"), "document.signed")) == 2


def test_a_line_about_the_same_client_is_refused_the_second_time(cast: Cast) -> None:
    twice = _import("clients", "name,ref\nUn,un\nDeux,un\n")
    assert _counts(twice) == (1, 0, 0, 1)
    assert "2" in _said(twice, 3)
    assert Account.objects.get(ref="un").name == "Un"


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "vide"),
        ("nom\nÉté\n".encode("latin-1"), "UTF-8"),
        (b"name,colour\nA,blue\n", "colour"),
        (b"ref\nx\n", "nom"),
        (b"name,nom\nA,B\n", "nom"),
    ],
)
def test_a_file_that_is_no_table_of_ours_is_refused_at_once(db: None, content: bytes, word: str) -> None:
    with pytest.raises(Unreadable) as caught:
        runs.begin(kind="clients", filename="x.csv", content=content, by="camille", now=NOW)
    assert word in say(caught.value.said, "fr")
    assert not ImportRun.objects.exists()


def test_the_file_is_not_kept_once_it_is_taken(cast: Cast) -> None:
    done = _import("clients", CLIENTS)
    assert (done.state, bytes(done.content), done.percent) == ("done", b"", 100)


def test_the_worker_takes_a_run_that_a_page_began(cast: Cast, django_capture_on_commit_callbacks) -> None:
    from django.core.management import call_command
    from django_tasks_db.models import DBTaskResult

    begun = runs.begin(kind="clients", filename="c.csv", content=CLIENTS.encode(), by="camille", now=NOW)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        runs.start(begun)
    assert DBTaskResult.objects.filter(status="READY").count() == 1
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
    begun.refresh_from_db()
    assert (begun.state, begun.created) == ("done", 2)


def test_the_command_prints_the_report(
    cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "clients.csv"
    file.write_text(CLIENTS, encoding="utf-8")
    args = argparse.Namespace(file=file, kind="clients", dry_run=False, by="import", lang="fr")
    assert cli.run_import(args, NOW) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "clients.csv:2 : créé : Maison Vauban.".replace(" :", "\u202f:")
    assert printed[-1].startswith("2 créés")


def test_amounts_and_days_as_people_write_them() -> None:
    assert amount("12 000,50") == amount("12000.50") == amount("12\u202f000,50 €") == "12000.50"
    assert day("05/06/2026") == day("2026-06-05") == day("5.6.2026")
    for wrong in ("12,345", "-3", "NaN", "douze"):
        with pytest.raises(Unreadable):
            amount(wrong)

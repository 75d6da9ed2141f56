"""A review from the real ledger: drafted, written, sent once, frozen, restated; and in both windows."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client

from jalon.core.obligations import Side, State
from jalon.documents import reviews
from jalon.documents.models import SentReview
from jalon.documents.review.model import Action
from jalon.ledger import book
from jalon.usage import importing
from jalon.usage.models import LicensedSeat
from jalon.wording import say
from tests.documents import story
from tests.documents.story import CSM, NOW, at
from tests.documents.test_paper import text_of

MAY = date(2026, 5, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept_apart(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of a test stay with it."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        },
    }
    monkeypatch.setenv("JALON_NOW", NOW.isoformat())


def _state(account, key: str, now=NOW) -> State:
    return book.assessment_of(account, now, explain=False).by_key()[key].state


def test_the_draft_says_what_the_ledger_says() -> None:
    account = story.vauban()
    model = reviews.composed(reviews.draft(account, MAY, CSM, NOW), NOW)
    owed = {o.key: o for o in book.assessment_of(account, NOW, explain=False).obligations}
    assert model.promises and all(owed[p.key].state == p.state for p in model.promises)
    assert {p.side for p in model.promises} == {Side.PROVIDER, Side.CLIENT}
    assert [t.subject for t in model.tickets] == ["L'export échoue"]
    assert model.tickets[0].replied == State.MET
    assert [o.id for o in model.objectives] == ["O1", "O2"]
    assert model.objectives[1].covered == (model.objectives[1].now - model.objectives[1].baseline) / (
        model.objectives[1].target - model.objectives[1].baseline
    )
    assert model.plan_on == date(2026, 2, 6)
    assert model.next_appointment is not None
    assert model.words.held_at == at(5, 29, 8)
    assert (model.sequence, model.checkpoint) == book.checkpoint(account)


def test_sending_meets_the_months_promise_and_happens_once() -> None:
    account = story.vauban()
    story.people(account)
    assert _state(account, "N2c-monthly:2026-05") == State.OPEN
    review = reviews.draft(account, MAY, CSM, NOW)
    words = replace(
        reviews.words_of(review),
        decisions=("On garde la date.",),
        actions=(Action(Side.CLIENT, "Nommer un référent", "Inès", date(2026, 6, 5)),),
    )
    reviews.write(review, words, NOW)
    sent = reviews.send(review, CSM, NOW)
    facts = len(book.facts_of(account))
    assert _state(account, "N2c-monthly:2026-05") == State.MET
    minutes = next(f for f in book.facts_of(account) if f.kind == "activity.recorded")
    assert minutes.get("minutes_sha256") == sent.sha256["fr"]
    assert minutes.get("actions") == ["Nommer un référent (Inès, pour le 5 juin 2026)"]
    again = reviews.send(reviews.Review.objects.get(pk=review.pk), CSM, NOW + timedelta(minutes=3))
    assert again.pk == sent.pk and len(book.facts_of(account)) == facts
    with pytest.raises(reviews.NotSendable):
        reviews.write(reviews.Review.objects.get(pk=review.pk), words, NOW)


def test_both_files_are_kept_by_their_hash() -> None:
    account = story.vauban()
    sent = reviews.send(reviews.draft(account, MAY, CSM, NOW), CSM, NOW)
    for lang, word in (("fr", "Promesses tenues"), ("en", "Promises kept")):
        content = reviews.pdf_of(sent.review, lang, NOW + timedelta(days=90))
        assert hashlib.sha256(content).hexdigest() == sent.sha256[lang]
        assert word in text_of(content)


def test_a_late_fact_is_restated_beside_and_changes_no_figure() -> None:
    account = story.vauban()
    sent = reviews.send(reviews.draft(account, MAY, CSM, NOW), CSM, NOW)
    later = NOW + timedelta(days=4)
    assert reviews.restatements(sent, later) == []
    before = reviews.composed(sent.review, later)
    book.append(account, kind="objective.measured", at=at(5, 28), fields={"objective": "O2", "value": "0.74", "source": "usage"}, side=Side.PROVIDER,
                recorded_by=CSM.ref, recorded_at=later)  # fmt: skip
    book.append(account, kind="client.reply", at=at(5, 21), fields={"ref": "q1", "question": "q1", "complete": True}, side=Side.CLIENT,
                recorded_by="ines", recorded_at=later)  # fmt: skip
    fresh = SentReview.objects.get(pk=sent.pk)
    assert reviews.composed(fresh.review, later) == before
    assert hashlib.sha256(reviews.pdf_of(fresh.review, "fr", later)).hexdigest() == sent.sha256["fr"]
    found = {
        one.key: (say(reviews.said_value(one.was, "fr"), "fr"), say(reviews.said_value(one.now, "fr"), "fr"))
        for one in reviews.restatements(fresh, later)
    }
    assert found["objective:O2"] == ("71\u202f%", "74\u202f%")
    assert any(key.startswith("promise:N42-reply") for key in found)


def _used(folder: Path, name: str, rows: str, now) -> None:
    path = folder / f"{name}.csv"
    path.write_text(f"event_id,account,user,feature,occurred_at,received_at\n{rows}", encoding="utf-8")
    assert importing.take(path, source="app", now=now).refused == {}


def test_the_days_after_a_review_restate_nothing_of_it(tmp_path: Path, settings) -> None:
    settings.USAGE_HOME = tmp_path / "usage"
    account = story.vauban()
    LicensedSeat.objects.create(account=account, user_ref="nadia")
    first = """1,maison-vauban,nadia,carte,2026-04-14T09:00:00,2026-04-14T09:00:01
2,maison-vauban,nadia,carte,2026-05-12T09:00:00,2026-05-12T09:00:01
3,maison-vauban,ines,carte,2026-05-28T09:00:00,2026-05-28T09:00:01
"""
    _used(tmp_path, "before", first, NOW)
    sent = reviews.send(reviews.draft(account, MAY, CSM, NOW), CSM, NOW)
    assert reviews.composed(sent.review, NOW).use.active == 2
    # The month goes on: somebody new comes, with a new feature and a new seat, the day after.
    after, later = NOW + timedelta(days=2), NOW + timedelta(days=9)
    _used(tmp_path, "after", "4,maison-vauban,paul,export,2026-05-30T09:00:00,2026-05-30T09:00:01\n", after)
    LicensedSeat.objects.create(account=account, user_ref="paul", since=date(2026, 5, 30))
    assert reviews.restatements(sent, later) == []
    # What happened before it was sent and is learned since is another thing.
    _used(tmp_path, "late", "5,maison-vauban,marc,carte,2026-05-20T09:00:00,2026-06-05T09:00:00\n", later)
    found = {one.key: (one.was.value, one.now.value) for one in reviews.restatements(sent, later)}
    assert found["figure:use.active"] == (2, 3) and found["feature:carte"] == (2, 3)
    assert "figure:use.licensed" not in found
    # The month once over counts whole.
    whole = reviews.compose(account, MAY, as_of=later, known_at=later)
    assert (whole.use.active, whole.use.licensed) == (4, 2)


def test_a_client_without_contract_has_a_review_that_says_so() -> None:
    account = story.bare()
    text = text_of(reviews.monthly(account, date(2015, 12, 1), NOW, "fr"))
    for part in (
        "Revue de décembre 2015",
        "Aucun plan de succès",
        "Aucun contrat d’accompagnement",
        "Aucun usage",
    ):
        assert part in text


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_csm_sends_from_the_page_and_the_client_reads_it(client: Client, lang: str) -> None:
    account = story.vauban()
    csm, contact = story.people(account)
    client.force_login(csm)
    address = f"/clients/{account.ref}/reviews/2026-05/?lang={lang}"
    page = client.get(address)
    assert page.status_code == 200
    assert not reviews.Review.objects.exists()
    data = {
        "held_at": "2026-05-29T10:00", "attendees": ["Inès Guérin-Lapeyre"], "summary": "Le mois a été bon.", "failed_provider": "", "failed_client": "",
        "decisions": "", "topics": "", "language": "fr", "actions-TOTAL_FORMS": "1", "actions-INITIAL_FORMS": "0",
        "actions-0-side": "client", "actions-0-what": "Nommer un référent", "actions-0-owner": "Inès", "actions-0-due": "2026-06-05",
    }  # fmt: skip
    part = client.post(address, data, headers={"HX-Request": "true"})
    assert "Le mois a été bon." in part.content.decode() and "<html" not in part.content.decode()
    assert client.post(address, {**data, "do": "send"}).status_code == 302
    assert reviews.Review.objects.get().is_sent
    assert client.get(f"/clients/{account.ref}/reviews/2026-05/en.pdf")["Content-Type"] == "application/pdf"
    assert account.name in client.get(f"/reviews/?lang={lang}").content.decode()

    client.force_login(contact)
    listed = client.get(f"/portal/reviews/?lang={lang}")
    assert "/portal/reviews/2026-05/" in listed.content.decode()
    read = client.get(f"/portal/reviews/2026-05/?lang={lang}")
    assert "Le mois a été bon." in read.content.decode()
    file = client.get("/portal/reviews/2026-05/fr.pdf")
    assert file["ETag"].strip('"') == hashlib.sha256(file.content).hexdigest()
    assert client.get(f"/clients/{account.ref}/reviews/2026-05/").status_code == 404


def test_a_draft_is_not_in_the_portal(client: Client) -> None:
    account = story.vauban()
    _csm, contact = story.people(account)
    reviews.draft(account, MAY, CSM, NOW)
    client.force_login(contact)
    assert client.get("/portal/reviews/2026-05/").status_code == 404
    assert client.get("/portal/reviews/2026-05/fr.pdf").status_code == 404


def test_another_clients_contact_sees_nothing(client: Client) -> None:
    account = story.vauban()
    other = story.bare("autre")
    _csm, stranger = story.people(other)
    reviews.send(reviews.draft(account, MAY, CSM, NOW), CSM, NOW)
    client.force_login(stranger)
    assert client.get("/portal/reviews/2026-05/").status_code == 404
    assert "2026-05" not in client.get("/portal/reviews/").content.decode()


def test_a_meeting_to_come_is_not_sent(client: Client) -> None:
    account = story.vauban()
    review = reviews.draft(account, MAY, CSM, NOW)
    reviews.write(review, replace(reviews.words_of(review), held_at=NOW + timedelta(days=2)), NOW)
    with pytest.raises(reviews.NotSendable):
        reviews.send(review, CSM, NOW)
    assert not [f for f in book.facts_of(account) if f.kind == "activity.recorded"]

"""Mails leave over real SMTP after the commit, are tried again, never twice, and say in the outbox what became of them."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import connection, transaction

from jalon.accounts.models import Contact, User
from jalon.notices import outbox, telling
from jalon.notices.models import Notice
from tests import cast as theatre
from tests.cast import NOW, Cast
from tests.notices.conftest import Letters

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(transactional_db: None) -> Cast:
    """Everybody, committed: a mail leaves outside of any transaction."""
    return theatre.play()


def _all(now=NOW) -> int:
    sent = 0
    while outbox.deliver(now):
        sent += 1
    return sent


def _tell(cast: Cast) -> int:
    return telling.review_sent(cast.aubrac, date(2026, 5, 1), by="camille", now=NOW)


def test_a_review_is_told_to_the_clients_people_in_their_language_once(people: Cast, post: Letters) -> None:
    User.objects.filter(pk=people.nadia.pk).update(language="en")
    gone = User.objects.create_user("gone@aubrac.example")
    Contact.objects.create(
        account=people.aubrac, ref="gone", user=gone, name="Parti", email=gone.email, active=False
    )
    Contact.objects.create(
        account=people.aubrac, ref="new", name="Jamais Invitée", email="new@aubrac.example"
    )
    assert (_tell(people), _tell(people)) == (1, 0)
    _all()
    (letter,) = post.taken
    assert letter["To"] == "nadia@aubrac.example"
    assert letter["Subject"] == "Monthly review, May 2026: Foncière Aubrac"
    text = letter.get_body(("plain",)).get_content()
    html = letter.get_body(("html",)).get_content()
    for part in (text, html):
        assert "https://jalon.example/portal/reviews/2026-05/" in part
        assert "Camille Moreau" in part
    assert "Hello Nadia Ferrand," in text
    assert _all(NOW + timedelta(days=1)) == 0
    assert len(post.taken) == 1


def test_french_is_set_as_french(people: Cast, post: Letters) -> None:
    _tell(people)
    _all()
    text = post.taken[0].get_body(("plain",)).get_content()
    assert post.taken[0]["Subject"].strip() == "Revue mensuelle, mai 2026\u202f: Foncière Aubrac"
    assert "Bonjour Nadia Ferrand," in text
    assert "Ses chiffres ne bougent plus\u202f;" in text
    assert "&" not in text


def test_what_is_rolled_back_is_never_told_and_nothing_leaves_inside_a_transaction(
    people: Cast, post: Letters
) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _tell(people)
        with pytest.raises(RuntimeError):
            outbox.deliver(NOW)
        raise ZeroDivisionError
    assert _all() == 0
    assert post.taken == []


def test_a_mail_that_cannot_leave_now_is_tried_again_and_leaves_once(people: Cast, post: Letters) -> None:
    post.refuse = {"nadia@aubrac.example": "451 try later"}
    _tell(people)
    _all()
    notice = Notice.objects.get()
    assert (notice.state, notice.error) == ("waiting", "451 try later")
    assert _all() == 0  # not before its time
    post.refuse = {}
    assert _all(NOW + outbox.WAITS[0]) == 1
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.error) == ("sent", 2, "")
    assert len(post.taken) == 1


def test_a_refused_address_fails_at_once_and_an_absent_server_after_its_attempts(
    people: Cast, post: Letters, settings
) -> None:
    post.refuse = {"nadia@aubrac.example": "550 nobody here"}
    _tell(people)
    _all()
    assert (Notice.objects.get().state, Notice.objects.get().attempts) == ("failed", 1)
    settings.EMAIL_PORT = 1
    now = NOW
    assert outbox.again(Notice.objects.get(), now)
    for wait in (*outbox.WAITS, timedelta(0)):
        assert _all(now) == 1
        now += wait
    failed = Notice.objects.get()
    assert (failed.state, failed.attempts) == ("failed", len(outbox.WAITS) + 1)
    assert "Connection" in failed.error
    settings.EMAIL_PORT, post.refuse = post.port, {}
    assert outbox.again(failed, now)
    _all(now)
    assert (len(post.taken), Notice.objects.get().state) == (1, "sent")
    assert not outbox.again(failed, now)


def test_two_workers_send_each_mail_once(people: Cast, post: Letters) -> None:
    for n in range(12):
        about = {"user": people.nadia.pk, "month": "2026-05", "by": "camille"}
        outbox.add(
            key=f"review/{n}", kind="review", to=people.nadia.email, language="fr", about=about, now=NOW
        )

    def work() -> None:
        try:
            _all()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(post.taken) == 12
    assert len({letter["Message-ID"] for letter in post.taken}) == 12
    assert set(Notice.objects.values_list("attempts", flat=True)) == {1}


def test_a_worker_that_dies_while_sending_sends_nothing_twice(people: Cast, post: Letters) -> None:
    _tell(people)
    Notice.objects.update(begun_at=NOW, next_at=None, attempts=1)  # it died here
    assert _all(NOW + timedelta(days=2)) == 0
    stopped = Notice.objects.get()
    assert stopped.state == "sending"
    assert not outbox.again(stopped, NOW + timedelta(minutes=1))  # perhaps it is still at it
    assert outbox.again(stopped, NOW + outbox.LEASE + timedelta(seconds=1))


def test_who_left_before_the_mail_did_receives_nothing(people: Cast, post: Letters) -> None:
    _tell(people)
    Contact.objects.filter(ref="nadia").update(active=False)
    _all()
    assert post.taken == []
    assert Notice.objects.get().state == "failed"


def test_without_a_server_mails_are_files_that_only_their_owner_reads(
    people: Cast, settings, tmp_path
) -> None:
    settings.EMAIL_BACKEND, settings.MAIL_FOLDER = "jalon.notices.folder.Folder", tmp_path / "mail"
    telling.forgotten("NADIA@aubrac.example", NOW)
    telling.forgotten("nobody@aubrac.example", NOW)
    _all()
    (file,) = (tmp_path / "mail").glob("*.eml")
    assert file.stat().st_mode & 0o077 == 0
    assert "/password/" in file.read_text(encoding="utf-8")
    assert mail.outbox == []


def test_a_password_asked_for_ten_times_makes_one_mail_a_quarter_of_an_hour(people: Cast) -> None:
    for _ in range(10):
        telling.forgotten("nadia@aubrac.example", NOW)
    assert Notice.objects.count() == 1
    telling.forgotten("nadia@aubrac.example", NOW + timedelta(seconds=telling.QUARTER))
    assert Notice.objects.count() == 2

"""A review sent from its page reaches the client's mailbox, and its link opens the review."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client

from jalon.documents.models import SentReview
from jalon.notices.models import Notice
from jalon.notices.writing import compose
from tests.documents import story
from tests.documents.story import NOW
from tests.notices.conftest import Letters

pytestmark = pytest.mark.django_db
WORDS = {
    "held_at": "2026-05-29T10:00", "attendees": ["Inès Guérin-Lapeyre"], "summary": "Le mois a été bon.", "failed_provider": "",
    "failed_client": "", "decisions": "", "topics": "", "language": "fr", "actions-TOTAL_FORMS": "0", "actions-INITIAL_FORMS": "0",
}  # fmt: skip


@pytest.fixture(autouse=True)
def kept_apart(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of a test stay with it, at its own moment."""
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": files}
    monkeypatch.setenv("JALON_NOW", NOW.isoformat())


def test_a_review_that_is_sent_is_in_the_mailbox_and_one_click_from_being_read(
    post: Letters, client: Client
) -> None:
    account = story.vauban()
    csm, contact = story.people(account)
    client.force_login(csm)
    address = f"/clients/{account.ref}/reviews/2026-05/?lang=fr"
    # Refused: nothing is sent, and nothing is told.
    assert client.post(address, {**WORDS, "held_at": "2026-06-29T10:00", "do": "send"}).status_code == 400
    assert not Notice.objects.exists()
    for _twice in range(2):
        client.post(address, {**WORDS, "do": "send"})
    assert SentReview.objects.count() == Notice.objects.count() == 1
    assert post.taken == []  # the worker's to do
    compose(Notice.objects.get(), NOW).send()
    (letter,) = post.taken
    assert letter["To"] == contact.email
    link = next(
        word for word in letter.get_body(("plain",)).get_content().split() if word.startswith("https://")
    )
    client.force_login(contact)
    assert "Le mois a été bon." in client.get(urlsplit(link).path).content.decode()

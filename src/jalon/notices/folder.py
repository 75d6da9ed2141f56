"""Where no mail server is set: mails as files of the home, to be opened by any mail program."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class Folder(BaseEmailBackend):
    """A Django mail backend that writes each message to `<home>/mail/<Message-ID>.eml`, readable by its owner alone."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write them; returns how many."""
        folder = settings.MAIL_FOLDER
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for mail in email_messages:
            message = mail.message()
            name = re.sub(r"[^A-Za-z0-9.-]+", "_", str(message["Message-ID"]).strip("<>"))
            file = folder / f"{name}.eml"
            # It may hold a link that opens an account.
            file.touch(mode=0o600)
            file.write_bytes(message.as_bytes())
        return len(email_messages)

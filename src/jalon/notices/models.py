"""The outbox at rest: what is to be said to whom; a mail's state is derived from what happened to it."""

from __future__ import annotations

from django.db import models


class Notice(models.Model):
    """One mail to one person. It is rendered when it leaves, so that no link that opens an account is kept here."""

    key = models.CharField(
        max_length=160, unique=True
    )  # what it is about: the same thing is never told twice
    kind = models.CharField(max_length=16)  # a template of this app: invitation, password, review
    to = models.EmailField()
    language = models.CharField(max_length=2, default="fr")
    about = models.JSONField(default=dict)  # refs from which the mail is written
    created_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True, db_index=True)  # when to try; empty: nobody will any more
    begun_at = models.DateTimeField(null=True)  # a worker took it and has not said what became of it
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)  # of the last attempt

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.key

    @property
    def state(self) -> str:
        """waiting, sending (or stopped half-way: nobody knows whether it left), sent, failed."""
        if self.sent_at:
            return "sent"
        if self.begun_at:
            return "sending"
        return "waiting" if self.next_at else "failed"

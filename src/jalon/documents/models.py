"""Reviews at rest: the draft that is written, and what was sent, which never moves."""

from __future__ import annotations

from django.db import models

from jalon.accounts.models import Account


class Review(models.Model):
    """The review of one month of one client: the CSM's words. Its figures are composed when it is shown, until it is sent."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=12, default="monthly")
    month = models.DateField()  # its first day
    words = models.JSONField(default=dict)  # review.model.Words, frozen
    language = models.CharField(max_length=2, default="fr")
    created_by = models.CharField(max_length=80)  # ref of a member of staff
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["-month", "account__name"]
        constraints = [
            models.UniqueConstraint(fields=["account", "kind", "month"], name="review_once_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.month:%Y-%m}"

    @property
    def is_sent(self) -> bool:
        """Whether it has left: then it is read from what was sent."""
        return hasattr(self, "sent")


class SentReview(models.Model):
    """A review as it left: every figure, both files, and the facts that it recorded. Written once."""

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="sent")
    data = models.JSONField()  # review.model.MonthlyReview, frozen
    as_of = models.DateTimeField()
    known_at = models.DateTimeField()
    files = models.JSONField()  # language -> name in the default storage
    sha256 = models.JSONField()  # language -> hash of the file
    facts = models.JSONField(default=list)  # ids of the facts recorded with it
    sent_by = models.CharField(max_length=80)
    sent_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-sent_at"]

"""Usage at rest: the catalogue of segments, what was refused, seats, imports, and figures projected for lists."""

from __future__ import annotations

from django.db import models

from jalon.accounts.models import Account


class UsageSegment(models.Model):
    """A Parquet file that counts: a file that is not named here was never taken, whatever is on the disk."""

    file = models.CharField(max_length=120, unique=True)
    source = models.CharField(max_length=80, db_index=True)
    rows = models.PositiveBigIntegerField()
    first = models.DateTimeField()
    last = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()


class UsageImport(models.Model):
    """One file brought in: counted to the row, refused rows with their reasons."""

    name = models.CharField(max_length=200)
    source = models.CharField(max_length=80)
    rows = models.PositiveBigIntegerField(default=0)
    added = models.PositiveBigIntegerField(default=0)
    duplicates = models.PositiveBigIntegerField(default=0)
    refused = models.JSONField(default=dict)  # reason -> number of rows
    by = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField()


class UsageRefusal(models.Model):
    """A row that was not taken, kept with its reason so that it can be mended and brought in again."""

    batch = models.ForeignKey(UsageImport, on_delete=models.CASCADE, related_name="refusals")
    line = models.PositiveBigIntegerField()
    reason = models.CharField(max_length=40)
    content = models.JSONField()


class LicensedSeat(models.Model):
    """A person who may use the product, whether they come or not."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="licensed_seats")
    user_ref = models.CharField(max_length=120)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "user_ref"], name="seat_once_a_person")]


class MonthlyUsage(models.Model):
    """A client's month for lists: derived from the segments, dropped and rebuilt by `jalon usage rebuild`."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="monthly_usage")
    month = models.DateField()  # its first day
    active_users = models.PositiveIntegerField()
    licensed_users = models.PositiveIntegerField(default=0)
    events = models.PositiveBigIntegerField()
    features = models.PositiveIntegerField()
    stickiness = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "month"], name="usage_once_a_month")]

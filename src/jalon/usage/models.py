"""Usage at rest: the catalogue of segments, the names of clients, imports, what was refused, seats, months projected for lists."""

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
    projected = models.BooleanField(
        default=True
    )  # no: a writer died between its file and the months of lists


class UsageClientName(models.Model):
    """A client as a source calls it. Without `account`, its client is found by its spelling each time it is asked."""

    source = models.CharField(max_length=80)
    name = models.CharField(max_length=400)
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="usage_names")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "name"], name="usage_name_once_a_source")]


class UsageImport(models.Model):
    """One file brought in: how far it is, counted to the row, refused rows with their reasons."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"  # nothing was taken; `problem` says why

    name = models.CharField(max_length=200)
    source = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DONE)
    percent = models.PositiveSmallIntegerField(default=0)  # for the progress bar
    options = models.JSONField(default=dict)  # how the file is read: see `importing.Options`
    upload = models.CharField(
        max_length=200, blank=True
    )  # the file that waits, in the home of usage; none once done
    rows = models.PositiveBigIntegerField(default=0)
    added = models.PositiveBigIntegerField(default=0)
    duplicates = models.PositiveBigIntegerField(default=0)
    refused = models.JSONField(default=dict)  # code of the reason -> number of rows
    unmatched = models.JSONField(default=dict)  # name of no client, or "" -> number of rows
    unclear = models.JSONField(default=list)  # names that could be the same client: packed sentences
    created = models.PositiveIntegerField(default=0)  # clients made
    problem = models.JSONField(null=True)  # packed sentence
    by = models.CharField(max_length=80, blank=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)


class UsageRefusal(models.Model):
    """A row that was not taken, whole and with its reason, so that it can be mended and brought in again."""

    batch = models.ForeignKey(UsageImport, on_delete=models.CASCADE, related_name="refusals")
    line = models.PositiveBigIntegerField()  # in the file, from 1; a row's number where the file has no lines
    reason = models.CharField(max_length=40)  # a key of `words.REASONS`
    content = models.JSONField()  # column -> value; {"text": …} where the line could not be told apart


class LicensedSeat(models.Model):
    """A person who may use the product, whether they come or not."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="licensed_seats")
    user_ref = models.CharField(max_length=120)
    since = models.DateField(null=True)  # the first day; null: always
    until = models.DateField(null=True)  # the last day, included; null: still held
    attributes = models.JSONField(default=dict)  # what else the list of seats says and was asked to be kept

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

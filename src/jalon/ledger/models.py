"""The ledger at rest: facts, append-only, and projections that can be dropped and rebuilt."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from jalon.accounts.models import Account


class StoredFact(models.Model):
    """One fact. Triggers of the database refuse update and delete; `book.append` is the only writer."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="facts")
    sequence = models.PositiveIntegerField()  # 1, 2, 3... one sequence a client, no gap
    fact_id = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    side = models.CharField(max_length=10)
    recorded_by = models.CharField(max_length=80)  # ref of a staff member or contact, or the name of a system
    source = models.CharField(max_length=10)
    visibility = models.CharField(max_length=10, default="both")
    idempotency_key = models.CharField(max_length=120)
    canonical = models.BinaryField()  # RFC 8785 bytes of the whole envelope, prev_hash included
    sha256 = models.CharField(max_length=64)  # of `canonical`
    prev_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["account_id", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["account", "sequence"], name="fact_sequence_once"),
            models.UniqueConstraint(fields=["account", "idempotency_key"], name="fact_idempotency_once"),
        ]
        indexes = [
            models.Index(fields=["account", "-at"], name="fact_timeline"),  # the client page's timeline
            models.Index(fields=["account", "kind"], name="fact_kind"),  # what has been said of one kind
        ]


class LedgerEpoch(models.Model):
    """A ledger that was put back to an earlier state says so, and goes on under a new name. Append-only, like the facts."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="epochs")
    number = models.PositiveIntegerField()  # 2, 3...: the first epoch needs no row
    size = models.PositiveIntegerField()  # facts that came back: what both histories have in common at least
    superseded = models.TextField()  # the last note that was signed before
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["account_id", "number"]
        constraints = [models.UniqueConstraint(fields=["account", "number"], name="epoch_number_once")]


class SignedCheckpoint(models.Model):
    """A signed state of one client's ledger: how many facts, their root, the note. Append-only, like the facts."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="checkpoints")
    epoch = models.PositiveIntegerField(default=1)
    size = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    note = models.TextField()  # C2SP tlog-checkpoint, signed
    signed_at = models.DateTimeField()

    class Meta:
        ordering = ["account_id", "epoch", "size"]
        constraints = [
            models.UniqueConstraint(fields=["account", "epoch", "size"], name="checkpoint_size_once")
        ]


class ProjectedObligation(models.Model):
    """A row a living obligation for lists: derived, rebuilt by `jalon ledger rebuild`, never written by hand."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="obligations")
    key = models.CharField(max_length=160)
    norm = models.CharField(max_length=40)
    clause = models.CharField(max_length=10)
    occurrence = models.CharField(max_length=110)
    title = models.JSONField()  # a Text, by wording.pack / wording.unpack
    debtor = models.CharField(max_length=10)
    creditor = models.CharField(max_length=20)
    state = models.CharField(max_length=12)
    opens = models.DateTimeField(null=True)
    due = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    due_first = models.DateTimeField(null=True)
    due_first_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    wakes = models.DateTimeField(null=True)
    excuse = models.JSONField(null=True)
    shifts = models.JSONField(default=list)
    evidence = models.JSONField(default=list)
    trigger = models.CharField(max_length=40, blank=True)
    private = models.BooleanField(default=False)
    said = models.JSONField(default=dict)  # summary Text, and what a list needs beside it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="obligation_once")]
        indexes = [
            models.Index(fields=["account", "due"], name="obligation_of_account"),
            models.Index(fields=["state", "due"], name="obligation_today"),  # Today: what is late or due
            models.Index(fields=["norm", "state"], name="obligation_of_norm"),  # the Agreement page's counts
        ]


class AccountStanding(models.Model):
    """One row a client for the portfolio: derived from its facts and obligations."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="standing")
    state = models.CharField(max_length=12)  # not_yet | open | cancelled
    level = models.CharField(max_length=40, blank=True)
    csm = models.CharField(max_length=60, blank=True)  # ref of staff
    csm_backup = models.CharField(max_length=60, blank=True)
    effective_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    provider_late = models.PositiveIntegerField(default=0)
    client_late = models.PositiveIntegerField(default=0)
    provider_kept = models.PositiveIntegerField(default=0)  # met in time, of those judged
    provider_judged = models.PositiveIntegerField(default=0)
    client_kept = models.PositiveIntegerField(default=0)
    client_judged = models.PositiveIntegerField(default=0)
    next_key = models.CharField(
        max_length=160, blank=True
    )  # the living obligation or appointment that comes first
    next_title = models.JSONField(null=True)
    next_due = models.DateTimeField(null=True)
    next_due_on = models.DateField(null=True)
    unpaid_late = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    currency = models.CharField(max_length=3, default="EUR")
    suspended = models.BooleanField(default=False)
    wakes = models.DateTimeField(
        null=True, db_index=True
    )  # when time alone changes something (claimed by compare-and-set)
    assessed_at = models.DateTimeField()  # as_of of this projection
    sequence = models.PositiveIntegerField(default=0)  # last fact that it has seen


class ImportRun(models.Model):
    """One import of one file, with its progress and its report; working data, not facts."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")

    kind = models.CharField(max_length=20)  # clients | contacts | contracts, or another floor's own
    filename = models.CharField(max_length=200)
    content = models.BinaryField()  # emptied once done
    dry_run = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)  # lines
    done = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=list)  # {line, result, subject, said: packed sentences}
    started_by = models.CharField(max_length=80)
    started_at = models.DateTimeField()

    class Meta:
        ordering = ["-started_at", "-pk"]

    @property
    def percent(self) -> int:
        """For the progress bar."""
        return 100 if self.state == self.State.DONE else self.done * 100 // max(self.total, 1)

"""People and clients at rest. Rows here are who and where; what is owed is derived from the ledger."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes users who sign in by e-mail."""

    def create_user(self, email: str, password: str | None = None, **extra: object) -> User:
        """A user with a hashed password, or with none that works when `password` is None."""
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in: a member of staff or a client's contact, never both."""

    email = models.EmailField(_("E-mail"), unique=True)
    language = models.CharField(
        _("Language"), max_length=2, choices=[("fr", "Français"), ("en", "English")], default="fr"
    )
    theme = models.CharField(
        _("Theme"),
        max_length=6,
        choices=[("", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))],
        blank=True,
        default="",
    )
    zone = models.CharField(_("Time zone"), max_length=40, default="Europe/Paris")
    is_active = models.BooleanField(default=True)

    objects = UserManager()
    USERNAME_FIELD = "email"

    def __str__(self) -> str:
        return self.email


class Role(models.TextChoices):
    """What a member of staff does, and so may record and see."""

    CSM = "csm", _("CSM")
    LEAD = "lead", _("CS lead")
    EXPERT = "expert", _("Expert")
    BILLING = "billing", _("Billing")
    PRIVACY = "privacy", _("Privacy officer")
    EXECUTIVE = "executive", _("Executive")


class Staff(models.Model):
    """A member of the vendor's team. `ref` is how facts name the person."""

    ref = models.SlugField(max_length=60, unique=True)
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="staff")
    name = models.CharField(_("Name"), max_length=120)
    email = models.EmailField(_("E-mail"))
    roles = models.JSONField(_("Roles"), default=list)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class House(models.Model):
    """What the vendor chose for itself, once: one row. Numbers are not here: they live in the agreement's file."""

    agreement = models.CharField(max_length=80, blank=True)  # what new clients sign; empty: not chosen yet
    agreement_version = models.CharField(max_length=40, blank=True)
    hours_checked_at = models.DateTimeField(
        null=True, blank=True
    )  # somebody read the hours and found them right
    hours_checked_by = models.CharField(max_length=60, blank=True)  # ref of that member of staff

    @classmethod
    def get(cls) -> House:
        """The row, or an empty one that is not kept yet."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class Account(models.Model):
    """A client company. Its level, CSM and dates are derived from its facts (`ledger.AccountStanding`)."""

    ref = models.SlugField(max_length=80, unique=True)  # stable, used in imports, facts and addresses
    name = models.CharField(_("Name"), max_length=200)
    domain = models.CharField(_("E-mail domain"), max_length=120, blank=True)
    zone = models.CharField(_("Time zone"), max_length=40, default="Europe/Paris")
    language = models.CharField(_("Language"), max_length=2, default="fr")
    sector = models.CharField(_("Sector"), max_length=80, blank=True)
    agreement = models.CharField(max_length=80, blank=True)  # "mytraffic-cs"; empty: no agreement yet
    agreement_version = models.CharField(max_length=40, blank=True)  # folder of the version: "2024-02-14"
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person of a client. `seats` are those of the agreement: sponsor, champion, admin, user, billing, privacy."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="contacts")
    ref = models.SlugField(max_length=80)
    user = models.OneToOneField(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="contact"
    )
    name = models.CharField(_("Name"), max_length=120)
    email = models.EmailField(_("E-mail"))
    title = models.CharField(_("Job title"), max_length=120, blank=True)
    seats = models.JSONField(_("Seats"), default=list)
    language = models.CharField(_("Language"), max_length=2, default="fr")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "ref"], name="contact_ref_once_an_account")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

"""Links that let a person choose a password: signed, until an instant, and of no use once a password was chosen."""

from __future__ import annotations

from datetime import UTC, datetime

from django.core.signing import BadSignature, Signer
from django.utils.crypto import constant_time_compare, salted_hmac

from jalon.accounts.models import User

_SALT = "jalon.accounts.links"


def make(user: User, *, until: datetime) -> str:
    """A token for this user, as she stands: it dies with the next password, address or sign-in. `until` is aware."""
    return Signer(salt=_SALT).sign_object(
        {"user": user.pk, "until": int(until.timestamp()), "as": _stands(user)}
    )


def user_of(token: str, now: datetime) -> User | None:
    """The user whom a token lets choose a password; None where it was forged, used, or is too old."""
    try:
        said = Signer(salt=_SALT).unsign_object(token)
    except (BadSignature, ValueError):
        return None
    if now.astimezone(UTC).timestamp() >= said["until"]:
        return None
    user = User.objects.filter(pk=said["user"], is_active=True).first()
    return user if user and constant_time_compare(said["as"], _stands(user)) else None


def _stands(user: User) -> str:
    last = user.last_login.isoformat() if user.last_login else ""
    return salted_hmac(
        _SALT, f"{user.pk}|{user.password}|{user.email}|{last}", algorithm="sha256"
    ).hexdigest()[:32]

"""What every page of a client shares: its name and dates, its tabs, and the moment at which it is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jalon.accounts import agreements
from jalon.accounts.access import access_account
from jalon.accounts.models import Account
from jalon.core.obligations import Side
from jalon.documents.reviews import month_of
from jalon.ledger.asking import moments
from jalon.ledger.dossier import Dossier, kept

TABS = (
    ("client", _("Overview")),
    ("promises", _("Promises")),
    ("plan", _("Plan")),
    ("adoption", _("Adoption")),
    ("requests", _("Requests")),
    ("appointments", _("Appointments")),
    ("money", _("Money")),
    ("client-reviews", _("Reviews")),
    ("timeline", _("Timeline")),
    ("client-agreement", _("Agreement")),
)  # fmt: skip
"""The pages of a client, by the name of their address."""


@dataclass(frozen=True)
class Tab:
    """One tab, which keeps the moment asked."""

    name: str
    said: Any
    href: str


def opened(request: HttpRequest, ref: str, tab: str) -> tuple[Dossier, dict[str, Any]]:
    """The client of an address at the moment that it asks for, and what the frame of its page shows; 404 where forbidden."""
    account = access_account(request.user, ref)
    now: datetime = request.now  # type: ignore[attr-defined]
    moment = moments(request.GET.dict(), now, ZoneInfo(account.zone))
    dossier = Dossier(account, moment, Side.PROVIDER)
    agreement = agreements.of(account)
    standing = dossier.standing
    level = agreement.levels.get(standing.level) if agreement and standing else None
    same = kept(moment)
    return dossier, {
        "account": account,
        "standing": standing,
        "level": level.name if level else None,
        "agreement": agreement,
        "provider_name": agreement.provider_name if agreement else "",
        "tab": tab,
        "tabs": [Tab(name, said, _address(f"workspace:{name}", account, same)) for name, said in TABS],
        "at": moment,
        "same": f"?{same}" if same else "",
        "also": f"{same}&" if same else "",
        "review_month": month_of(account.zone, now),
        "here": "client",
    }


def _address(name: str, account: Account, same: str) -> str:
    found = reverse(name, args=[account.ref])
    return f"{found}?{same}" if same else found

"""Words that several families of facts share: who may record, priorities, sides."""

from __future__ import annotations

from jalon.core.obligations import Side
from jalon.core.text import _

PROVIDER = frozenset({Side.PROVIDER})
CLIENT = frozenset({Side.CLIENT})
EITHER = frozenset({Side.PROVIDER, Side.CLIENT})
CONNECTOR = frozenset({Side.SYSTEM, Side.PROVIDER})
"""What a connector records; the provider's people may record it by hand where there is no connector."""

BILLING = frozenset({"billing", "lead", "admin"})
DECIDERS = frozenset({"csm", "lead", "admin"})

SIDES = (("provider", _("Provider")), ("client", _("Client")))
ACTIVITIES = (
    ("kickoff", _("Kick-off")),
    ("followup", _("Follow-up meeting")),
    ("training", _("Training session")),
    ("review", _("Monthly review")),
    ("qbr", _("Quarterly review (QBR)")),
    ("other", _("Other meeting")),
)
PRIORITIES = (
    ("P1", _("P1: service unusable for all")),
    ("P2", _("P2: a main use is blocked")),
    ("P3", _("P3: service degraded")),
    ("P4", _("P4: a question")),
)

FAMILY_NAMES = {
    "agreement": _("Agreement"),
    "people": _("People"),
    "package": _("Plan, meetings and reports"),
    "appointments": _("Appointments"),
    "requests": _("Requests and questions"),
    "cooperation": _("Information, access and conduct"),
    "quality": _("Quality, incidents and complaints"),
    "money": _("Invoices and payments"),
    "privacy": _("Personal data"),
    "claims": _("Claims and liability"),
    "ledger": _("Corrections and confirmations"),
}
"""How each family of kinds is called on screens."""

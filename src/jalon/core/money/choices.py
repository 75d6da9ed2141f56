"""The words for the codes of clauses 5 and 6: readings of the cap, heads of damage, grounds, gravity of a fault."""

from __future__ import annotations

from collections.abc import Iterable

from jalon.core.text import Text, Value, _

WORDS = {
    # how the cap is read
    "paid": _("what was paid"),
    "payable": _("what was paid or payable"),
    "accrued": _("what was given, by its days"),
    "services_giving_rise": _("the services that gave rise to the claim"),
    "excluded": _("left out"),
    "included": _("counted in it"),
    "net_if_before_D": _("taken off, if made before the claim arose"),
    "ecb_reference_on_payment_date": _("the ECB’s reference rate of the day of payment"),
    "event": _("the harmful event"),
    "discovery": _("its discovery"),
    "notice": _("its notice"),
    "per_claim": _("for each claim"),
    "aggregate_first_claim": _("one for all, from the first claim"),
    "aggregate_rolling": _("one for the claims of each period"),
    "[D-12M, D)": _("the first day in it, the day of the claim out of it"),
    # gravity of a fault
    "dol": _("wilful misconduct"),
    "faute_lourde": _("gross negligence"),
    "personal_injury": _("personal injury"),
    # heads of damage (5.2)
    "direct": _("direct damage"),
    "indirect": _("indirect damage"),
    "special": _("special damage"),
    "incidental": _("incidental damage"),
    "consequential": _("consequential damage"),
    "punitive": _("punitive damage"),
    "lost_profit": _("loss of profits"),
    "lost_data": _("loss of data"),
    "lost_business": _("loss of business"),
    "goodwill": _("loss of goodwill"),
    "lost_savings": _("loss of anticipated savings"),
    # grounds of an indemnity (6.1) and of its reduction (6.3)
    "gross_negligence_or_wilful": _("gross negligence or wilful misconduct"),
    "breach_of_agreement": _("breach of the agreement"),
    "ip_infringement": _("infringement of intellectual property"),
    "client_negligence": _("the client’s negligence"),
    "client_wilful": _("the client’s wilful misconduct"),
    "client_instructions": _("the client’s instructions"),
    "client_technology": _("the client’s technology"),
    "client_materials": _("the client’s materials"),
    "client_information": _("the client’s information"),
}


def word(code: str) -> Text | str:
    """What people call `code`; the code itself where it is not one of ours."""
    return WORDS.get(code, code)


def words(codes: Iterable[str]) -> tuple[Value, ...]:
    """What people call each of `codes`, in order."""
    return tuple(word(code) for code in codes)

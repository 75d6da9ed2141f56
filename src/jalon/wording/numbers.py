"""Numbers, shares and money, by language."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from jalon.core.money.amount import Money
from jalon.wording.typography import NARROW

_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}
MINUS = "−"


def _written(value: Decimal | int, decimals: int | None, lang: str, *, group_from: int) -> str:
    number = Decimal(value)
    if decimals is not None:
        number = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    plain = f"{abs(number):f}"
    whole, _, rest = plain.partition(".")
    if decimals is None:
        rest = rest.rstrip("0")
    if int(whole) >= group_from:
        whole = f"{int(whole):,}"
    separator, point = (NARROW, ",") if lang.startswith("fr") else (",", ".")
    sign = MINUS if number < 0 else ""
    return sign + whole.replace(",", separator) + (point + rest if rest else "")


def number(value: Decimal | float | int, lang: str, decimals: int | None = None) -> str:
    """`value` in figures. Four figures stay together (a year, a reference); five and more are grouped."""
    exact = Decimal(str(value)) if isinstance(value, float) else value
    return _written(exact, decimals, lang, group_from=10_000)


def share(part: Decimal | float, lang: str, decimals: int = 0) -> str:
    """A ratio as a percentage: 0.93 gives "93 %" (narrow no-break space) or "93%"."""
    said = number(Decimal(str(part)) * 100, lang, decimals)
    return f"{said}{NARROW}%" if lang.startswith("fr") else f"{said}%"


def money(value: Money, lang: str) -> str:
    """ "3 600,00 €" or "€3,600.00"; the code of a currency without a sign is written."""
    said = _written(value.amount, 2, lang, group_from=1000)
    sign = _SIGNS.get(value.currency)
    if lang.startswith("fr"):
        return f"{said}{NARROW}{sign or value.currency}"
    if sign is None:
        return f"{value.currency} {said}"
    return f"{MINUS}{sign}{said[1:]}" if said.startswith(MINUS) else f"{sign}{said}"

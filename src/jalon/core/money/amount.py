"""An amount and its currency; never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

CENT = Decimal("0.01")


@dataclass(frozen=True, order=True)
class Money:
    """`amount` in units of `currency` (ISO 4217), at most two decimals."""

    amount: Decimal
    currency: str

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added up without a rate")


def to_cents(exact: Fraction) -> Decimal:
    """`exact` rounded half-up to the cent: the one rounding of a computation, made at its end."""
    hundredths = exact * 100
    whole, rest = divmod(abs(hundredths.numerator), hundredths.denominator)
    whole += 2 * rest >= hundredths.denominator
    return (Decimal(whole if exact >= 0 else -whole) / 100).quantize(CENT, ROUND_HALF_UP)


def money(exact: Fraction, currency: str) -> Money:
    """`exact` as an amount to the cent."""
    return Money(to_cents(exact), currency)


def exactly(written: object) -> Fraction:
    """The number that a fact or an agreement writes, exactly; ValueError for anything else."""
    return Fraction(str(written if written not in (None, "") else 0))

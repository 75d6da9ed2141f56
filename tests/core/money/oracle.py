"""The cap of clause 5.1, written a second time from the contract's semantics alone: one day after the other, with plain loops.

Nothing of `jalon.core` is used here. Records are flat dictionaries, as a file of facts writes them. What is said of money:
a payment is credited on its day; it pays what it names, principal first, or the invoice of which it is exactly the sum; else the
debts that are due before those that are not, the oldest first, equals in proportion, and of each interest, the indemnity, then
the principal, in proportion to what each line owes; less than half a cent is nothing.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

HALF_CENT = Fraction(1, 200)
ONE = timedelta(days=1)
ORDER = ("invoice.issued", "credit_note.issued", "payment.credited", "refund.paid")


def known(records: list[dict[str, Any]], day: date) -> list[dict[str, Any]]:
    """The records as known at the end of `day`: corrections applied, what was retracted left out."""
    facts = {r["id"]: dict(r) for r in records if _recorded(r) <= day and not r["kind"].startswith("fact.")}
    about = [r for r in records if _recorded(r) <= day and r["kind"].startswith("fact.")]
    for record in sorted(about, key=lambda r: (_recorded(r), r["id"])):
        if record["target"] not in facts:
            continue
        if record["kind"] == "fact.retracted":
            del facts[record["target"]]
        elif record["kind"] == "fact.corrected":
            facts[record["target"]].update(record["set"])
    return list(facts.values())


def cap(records: list[dict[str, Any]], arose_on: date, services: set[str], known_on: date) -> Fraction:
    """The sum of the fees credited in the twelve months before `arose_on`, exact, in euros."""
    facts = known(records, known_on)
    payments = Account(facts).run(arose_on)
    first = _a_year_before(arose_on)
    total = Fraction(0)
    for payment in payments:
        if not first <= payment["day"] < arose_on:
            continue
        fees = Fraction(0)
        taken = sum((amount for _kind, amount, _line in payment["parts"]), Fraction(0))
        left = taken - payment["taken_back"]
        for kind, amount, line in payment["parts"]:
            if kind == "principal" and line["service"] in services and not line["expense"]:
                # A line is billed with VAT to the cent of its invoice: its fees are the same share of it without VAT.
                fees += amount * line["ht"] / line["billed"] * left / taken
        total += fees / _rate(facts, payment["currency"], payment["day"])
    return total


def interest(records: list[dict[str, Any]], today: date, known_on: date) -> dict[str, Fraction | None]:
    """The late interest of each invoice up to `today`, that day in it, exact; None where a rate of a late day is not known."""
    account = Account(known(records, known_on))
    account.run(today + ONE)
    return {one["number"]: None if one["unknown"] else one["interest"] for one in account.invoices}


def _a_year_before(day: date) -> date:
    last = calendar.monthrange(day.year - 1, day.month)[1]
    return date(day.year - 1, day.month, min(day.day, last))


def _recorded(record: dict[str, Any]) -> date:
    return date.fromisoformat(str(record.get("recorded_at", record["at"]))[:10])


def _on(record: dict[str, Any]) -> date:
    return date.fromisoformat(str(record["at"])[:10])


def _rate(facts: list[dict[str, Any]], currency: str, day: date) -> Fraction:
    """Units of `currency` for one euro, as last published by `day`."""
    if currency == "EUR":
        return Fraction(1)
    best: tuple[date, Fraction] | None = None
    for fact in facts:
        quotes = fact["kind"] == "rate.published" and fact["series"] == f"EUR/{currency}" and _on(fact) <= day
        if quotes and (best is None or _on(fact) > best[0]):
            best = (_on(fact), Fraction(fact["value"]))
    assert best, "the histories publish each rate before its first payment"
    return best[1]


def late_rate(facts: list[dict[str, Any]], day: date) -> Fraction | None:
    """The refinancing rate of 1 January or 1 July before `day`, plus ten points; the first of its half-year where none was."""
    half = date(day.year, 1, 1) if day.month < 7 else date(day.year, 7, 1)
    rates = {
        _on(f): Fraction(f["value"])
        for f in facts
        if f["kind"] == "rate.published" and f["series"] == "ecb_refi"
    }
    for limit in (half, day):
        before = [since for since in rates if since <= limit]
        if before:
            return rates[max(before)] + 10
    return None


class Account:
    """A purse that lives day by day."""

    def __init__(self, facts: list[dict[str, Any]]) -> None:
        self.facts = facts
        self.invoices: list[dict[str, Any]] = []
        self.payments: list[dict[str, Any]] = []
        self.credit: dict[str, Fraction] = {}
        self.today = date.min

    def run(self, until: date) -> list[dict[str, Any]]:
        """The payments credited before `until`, with where each went."""
        moves = [f for f in self.facts if f["kind"] in ORDER and _on(f) < until]
        if not moves:
            return []
        by_day: dict[date, list[dict[str, Any]]] = {}
        for fact in moves:
            by_day.setdefault(_on(fact), []).append(fact)
        self.today = min(by_day)
        while self.today < until:
            self.interest_of_the_day()
            for fact in sorted(by_day.get(self.today, []), key=lambda f: (ORDER.index(f["kind"]), f["id"])):
                getattr(self, fact["kind"].split(".")[1])(fact)
            self.today += ONE
        return self.payments

    def interest_of_the_day(self) -> None:
        """One day of interest on what was unpaid this morning."""
        rate = (
            late_rate(self.facts, self.today)
            if any(one["due"] < self.today for one in self.invoices)
            else None
        )
        for one in self.invoices:
            one["morning"] = self.left(one)
            if one["due"] < self.today and one["morning"]:
                one["late"] = True
                if rate is None:
                    one["unknown"] = True
                else:
                    one["interest"] += one["morning"] * rate / 100 / 365

    def left(self, one: dict[str, Any]) -> Fraction:
        """The principal still unpaid."""
        left = one["total"] - one["gone"]
        return left if left >= HALF_CENT else Fraction(0)

    # --- what happens

    def issued(self, fact: dict[str, Any]) -> None:
        """An invoice, or a credit note: both say `issued`."""
        if fact["kind"] == "credit_note.issued":
            self.note(fact)
            return
        lines, total = [], Fraction(0)
        for line in fact["lines"]:
            ht = Fraction(line["ht"])
            billed = ht + ht * Fraction(line["vat"]) / 100
            lines.append(
                {
                    "service": line["service"],
                    "ht": ht,
                    "billed": billed,
                    "owes": billed,
                    "expense": line.get("expense", False),
                }
            )
            total += billed
        rounded = Fraction(int(total * 100 + Fraction(1, 2)), 100)
        for line in lines:
            line["billed"] = line["owes"] = line["billed"] * rounded / total
        one = {
            "number": fact["invoice"], "currency": fact["currency"], "due": date.fromisoformat(str(fact["due"])), "on": self.today,
            "lines": lines, "total": rounded, "gone": Fraction(0), "interest": Fraction(0), "indemnity": Fraction(0), "late": False,
            "unknown": False,
        }  # fmt: skip
        self.invoices.append(one)
        self.use_credit(one)
        for payment in self.payments:
            if payment["rest"] >= HALF_CENT:
                self.spread(payment)

    def note(self, fact: dict[str, Any]) -> None:
        """A credit note lowers what is owed; what is over lowers what will be."""
        one = next((i for i in self.invoices if i["number"] == fact["invoice"]), None)
        if one is None:
            return  # the invoice is not known yet
        currency = one["currency"]
        for line in fact["lines"]:
            amount = Fraction(line["ht"]) * (1 + Fraction(line["vat"]) / 100)
            same = [x for x in one["lines"] if x["service"] == line["service"] and x["owes"] > 0] or one[
                "lines"
            ]
            used = min(amount, sum(x["owes"] for x in same))
            take(same, used)
            one["gone"] += used
            self.credit[currency] = self.credit.get(currency, Fraction(0)) + amount - used
        for other in sorted(self.invoices, key=lambda i: (i["due"], i["on"])):
            if other["currency"] == currency:
                self.use_credit(other)

    def use_credit(self, one: dict[str, Any]) -> None:
        """What credit notes left over lowers this invoice."""
        over = self.credit.get(one["currency"], Fraction(0))
        if over < HALF_CENT:
            return
        used = min(over, sum(x["owes"] for x in one["lines"]))
        take(one["lines"], used)
        one["gone"] += used
        self.credit[one["currency"]] = over - used

    def credited(self, fact: dict[str, Any]) -> None:
        """Money comes in."""
        payment = {
            "ref": fact["payment"], "day": self.today, "currency": fact["currency"], "rest": Fraction(fact["amount"]),
            "names": fact.get("designates", []), "parts": [], "taken_back": Fraction(0),
        }  # fmt: skip
        self.payments.append(payment)
        self.spread(payment)

    def paid(self, fact: dict[str, Any]) -> None:
        """Money goes back: first what paid nothing."""
        payment = next((p for p in self.payments if p["ref"] == fact["payment"]), None)
        if payment is None:
            return
        amount = Fraction(fact["amount"])
        idle = min(amount, payment["rest"])
        payment["rest"] -= idle
        allocated = sum((part for _k, part, _l in payment["parts"]), Fraction(0))
        payment["taken_back"] = min(payment["taken_back"] + amount - idle, allocated)

    # --- where a payment goes

    def spread(self, payment: dict[str, Any]) -> None:
        """What it names, then what is due, then what is not."""
        numbers = {one["number"]: one for one in self.invoices}
        billed = {line["service"] for one in self.invoices for line in one["lines"]}
        named = [numbers[word] for word in payment["names"] if word in numbers]
        services = [word for word in payment["names"] if word not in numbers and word in billed]
        if payment["names"] and not named and not services:
            return
        queue = sorted(self.invoices, key=lambda i: (i["due"] > self.today, i["due"], i["on"], i["number"]))
        if not named and services:
            named = queue
        if not payment["names"]:
            for one in queue:
                cents = Fraction(round(self.left(one) * 100 + Fraction(1, 10**9)), 100)
                if (
                    one["currency"] == payment["currency"]
                    and abs(payment["rest"] - cents) < HALF_CENT
                    and cents
                ):
                    named = [one]
                    break
        for one in named:
            self.principal(payment, [one], services)
        for one in named:
            self.accessories(payment, [one])
            self.principal(payment, [one], services)
        while queue:
            age = (queue[0]["due"] > self.today, queue[0]["due"], queue[0]["on"])
            equals = [i for i in queue if (i["due"] > self.today, i["due"], i["on"]) == age]
            queue = queue[len(equals) :]
            self.accessories(payment, equals)
            self.principal(payment, equals, [])

    def accessories(self, payment: dict[str, Any], ones: list[dict[str, Any]]) -> None:
        """Interest up to today, this day in it; then forty euros each, once."""
        owed = [(i, Fraction(0) if i["unknown"] else i["interest"] - i.get("interest_paid", 0)) for i in ones]
        for one, part, own in self.split(payment, owed):
            one["interest_paid"] = one.get("interest_paid", Fraction(0)) + part
            payment["parts"].append(("interest", own, None))
        forty = [
            (
                i,
                40 * _rate(self.facts, i["currency"], self.today) - i["indemnity"]
                if i["late"]
                else Fraction(0),
            )
            for i in ones
        ]
        for one, part, own in self.split(payment, forty):
            one["indemnity"] += part
            payment["parts"].append(("indemnity", own, None))

    def principal(self, payment: dict[str, Any], ones: list[dict[str, Any]], services: list[str]) -> None:
        """The lines, each in proportion to what it owes."""
        lines = {
            i["number"]: [x for x in i["lines"] if not services or x["service"] in services] for i in ones
        }
        owed = [
            (i, min(sum((x["owes"] for x in lines[i["number"]]), Fraction(0)), self.left(i))) for i in ones
        ]
        for one, part, own in self.split(payment, owed):
            for line, amount in take(lines[one["number"]], part):
                payment["parts"].append(("principal", amount * own / part, line))
            one["gone"] += part

    def split(
        self, payment: dict[str, Any], owed: list[tuple[dict[str, Any], Fraction]]
    ) -> list[tuple[dict[str, Any], Fraction, Fraction]]:
        """Each debt's part, in its currency and in the payment's."""
        day, currency = payment["day"], payment["currency"]
        own = [
            (one, amount * _rate(self.facts, currency, day) / _rate(self.facts, one["currency"], day))
            for one, amount in owed
            if amount > 0
        ]
        total = sum((amount for _one, amount in own), Fraction(0))
        if payment["rest"] < HALF_CENT or not total:
            return []
        given = min(payment["rest"], total)
        payment["rest"] -= given
        return [
            (
                one,
                amount
                * given
                / total
                * _rate(self.facts, one["currency"], day)
                / _rate(self.facts, currency, day),
                amount * given / total,
            )
            for one, amount in own
        ]


def take(lines: list[dict[str, Any]], amount: Fraction) -> list[tuple[dict[str, Any], Fraction]]:
    """`amount` taken off `lines`, each in proportion to what it owes."""
    total = sum((line["owes"] for line in lines), Fraction(0))
    if not total:
        return []
    parts = [(line, amount * line["owes"] / total) for line in lines if line["owes"]]
    for line, part in parts:
        line["owes"] -= part
    return parts

"""Clause 4.8: pay by the printed date; resume within the time owed once everything overdue is paid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from jalon.core.agreement.model import Norm
from jalon.core.facts.model import Fact
from jalon.core.money.amount import money, to_cents
from jalon.core.money.invoices import Invoice, invoices
from jalon.core.norms.drafting import Draft, finish, settle
from jalon.core.norms.evidence import found_for
from jalon.core.norms.world import World, term_of
from jalon.core.obligations import Excuse, Obligation
from jalon.core.text import _
from jalon.core.timekeeping.civil import add_term


def instances(world: World, norm: Norm) -> Iterator[Obligation]:
    """One instance an invoice."""
    for invoice in invoices(world):
        yield _owed(world, norm, invoice)


def _owed(world: World, norm: Norm, invoice: Invoice) -> Obligation:
    draft = Draft(
        world,
        norm,
        invoice.number,
        invoice.number,
        world.calendar_of(norm),
        trigger=invoice.fact,
        start=invoice.issued_on,
    )
    draft.step(
        "printed",
        {"due": invoice.due_on},
        invoice.due_on,
        _("The invoice prints its due date: %(day)s.", day=invoice.due_on),
    )
    draft.set_due_on(invoice.due_on)
    settled = invoice.settled_by()
    if settled:
        # Paid when credited: the value date is what counts, not the day on which the bank's line was read.
        on, fact = settled
        at = fact.at if world.day(fact.at) == on else draft.calendar.midnight(on)
        payments = tuple({f.id: f for _d, _a, f in (*invoice.paid, *invoice.credited)}.values())
        draft.done = (at, payments)
    elif invoice.disputes:
        draft.excuse = _disputed(world, invoice)
    _count_lateness(draft, invoice)
    return finish(draft)


def _disputed(world: World, invoice: Invoice) -> Excuse | None:
    """A dispute raised in time holds what it disputes back until it is settled; the rest stays owed."""
    on, fact = invoice.disputes[0]
    if invoice.undisputed_on(world.day(world.now)) > 0:
        return None
    if "payment.dispute_within" in world.agreement.parameters:
        term = term_of(world.parameter("@payment.dispute_within", invoice.issued_on))
        if on > add_term(invoice.issued_on, term, world.client_calendar, roll=True):
            return None
    return Excuse(
        "invoice.disputed", _("The client disputes it since %(day)s.", day=world.day(fact.at)), (fact.id,)
    )


def _count_lateness(draft: Draft, invoice: Invoice) -> None:
    world = draft.world
    today = world.day(world.now)
    days = invoice.days_late(today)
    draft.extra |= {
        "total": str(invoice.total),
        "outstanding": str(invoice.outstanding_on(today)),
        "currency": invoice.currency,
        "days_late": days,
    }
    if not days or draft.excuse:
        return
    draft.use("@payment.late_rate", invoice.due_on)
    indemnity = draft.use("@payment.indemnity", invoice.due_on)
    interest = invoice.interest(world.statement.rates, today)
    draft.extra |= {
        "interest": str(interest) if interest is not None else None,
        "indemnity": f"{indemnity.value:.2f}",
        "interest_paid": str(to_cents(sum((part for _d, part, _f in invoice.interest_paid), Fraction(0)))),
        "indemnity_paid": str(to_cents(sum((part for _d, part, _f in invoice.indemnity_paid), Fraction(0)))),
    }
    if interest is not None:
        _explain_interest(draft, invoice, interest, today)


def _explain_interest(draft: Draft, invoice: Invoice, interest: Decimal, today: date) -> None:
    """One step for the interest: each stretch of days, what was unpaid, the rate of its half-year."""
    spans = invoice.interest_spans(draft.world.statement.rates, today)
    parts = tuple(
        _(
            "%(principal)s at %(rate)s %% from %(first)s to %(last)s",
            principal=money(principal, invoice.currency), rate=to_cents(rate or Fraction(0)), first=first, last=last,
        )
        for first, last, principal, rate in spans
    )  # fmt: skip
    draft.step(
        "interest",
        {"spans": tuple(spans)},
        interest,
        _(
            "Late interest, over 365 days a year: %(interest)s (%(parts)s).",
            interest=money(Fraction(interest), invoice.currency), parts=parts,
        ),
    )  # fmt: skip


def resumptions(world: World, norm: Norm) -> Iterator[Obligation]:
    """Once a payment settles all that is overdue under a suspension: resume within the time owed."""
    for suspended, first, _ends in world.suspensions:
        paid = _settling(world, first)
        if paid is None:
            continue
        draft = Draft(
            world,
            norm,
            suspended.id,
            world.day(suspended.at),
            world.calendar_of(norm),
            trigger=paid,
            start=world.day(paid.at),
        )
        draft.due_after(world.day(paid.at), draft.spec["due"]["add"], roll=True)
        settle(draft, found_for(draft, norm, paid.at))
        yield finish(draft)


def _settling(world: World, since: date) -> Fact | None:
    """The payment after which nothing that was overdue when the service was suspended is left."""
    due = [
        one
        for one in invoices(world)
        if one.due_on < since and one.outstanding_on(since - timedelta(days=1)) > 0
    ]
    settled = [one.settled_by() for one in due]
    if not due or any(one is None for one in settled):
        return None
    return max((one for one in settled if one), key=lambda one: (one[0], one[1].at))[1]

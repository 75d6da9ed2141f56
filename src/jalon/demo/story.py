"""What happened to each client in the last eight months: a seeded story in which both sides are mostly good, and sometimes not.

Times are relative to the day of loading, so that the demo is alive whenever it is opened: something is late on both sides,
something is due tonight, a question waits in the portal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from jalon.core.agreement.model import Agreement
from jalon.core.obligations import Side
from jalon.core.timekeeping.calendars import Calendar
from jalon.core.timekeeping.civil import add_months, aligned, in_months
from jalon.core.timekeeping.terms import Term
from jalon.demo.people import QUESTIONS, REPORTS, SUBJECTS
from jalon.ledger.book import Draft

ZONE = ZoneInfo("Europe/Paris")
PRICES = {"essentiel": "9600.00", "croissance": "24000.00", "strategique": "60000.00"}
SEATS = {"essentiel": 12, "croissance": 40, "strategique": 90}


@dataclass
class Story:
    """One client's facts, in the making."""

    ref: str
    level: str
    index: int
    now: datetime
    csm: str
    champion: str
    sponsor: str
    calendar: Calendar
    agreement: Agreement
    rng: Random
    signed: date
    drafts: list[Draft] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The local day of loading."""
        return self.now.astimezone(ZONE).date()

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """An instant of that local day."""
        return datetime.combine(day, time(hour, minute), ZONE)

    def workday(self, day: date) -> date:
        """That day, or the next business day."""
        return self.calendar.roll(day)

    def ago(self, business_days: int) -> date:
        """So many business days before today."""
        return self.calendar.add_business_days(self.today, -business_days) if business_days else self.today

    def ahead(self, business_days: int) -> date:
        """So many business days after today."""
        return self.calendar.add_business_days(self.today, business_days)

    def parameter(self, name: str) -> Any:
        """A number of the agreement, at this client's level."""
        level = self.agreement.levels[self.level]
        return level.sets.get(name, self.agreement.parameters[name].value)

    def tell(
        self,
        kind: str,
        at: datetime,
        side: Side = Side.PROVIDER,
        by: str = "",
        recorded_at: datetime | None = None,
        **fields: Any,
    ) -> str:
        """Record what happened, unless it is still to come; returns the key by which it is known."""
        key = f"demo:{self.ref}:{len(self.drafts)}"
        if at <= self.now:
            person = by or {Side.PROVIDER: self.csm, Side.CLIENT: self.champion, Side.SYSTEM: "jalon"}[side]
            recorded = min(recorded_at or at + timedelta(minutes=self.rng.randint(0, 40)), self.now)
            self.drafts.append(Draft(kind, at, fields, side, person, recorded, "import", key))
        return key


def about(activity: str) -> dict[str, Any]:
    """The field `for`, whose name Python keeps for itself."""
    return {"for": activity}


def tell_all(story: Story) -> list[Draft]:
    """Every chapter, in order of recording."""
    for chapter in CHAPTERS:
        chapter(story)
    return sorted(story.drafts, key=lambda draft: (draft.recorded_at or draft.at, draft.idempotency_key))


def signature(s: Story) -> None:
    """The terms, the order, the people."""
    day = s.signed
    s.tell(
        "document.signed",
        s.at(day, 10),
        by="marc-lenoir",
        doc="master",
        signatory="Marc Lenoir",
        capacity="directeur général",
        method="signature électronique",
    )
    s.tell(
        "document.signed",
        s.at(day, 15),
        Side.CLIENT,
        s.sponsor,
        doc="master",
        signatory=s.sponsor,
        capacity="direction",
        method="signature électronique",
    )
    ends = add_months(day, 24) - timedelta(days=1)
    overrides = {"price.annual_ht": PRICES[s.level], "price.currency": "EUR"}
    s.tell(
        "order.set",
        s.at(day, 0),
        by="louise-tessier",
        level=s.level,
        ends_on=ends.isoformat(),
        overrides=overrides,
    )
    for seat, person in (("sponsor", s.sponsor), ("champion", s.champion)):
        s.tell("contact.set", s.at(day, 0), Side.CLIENT, s.champion, seat=seat, person=person)
    backup: dict[str, Any] = {"backup": "solene-kerbrat"} if s.level == "strategique" else {}
    s.tell(
        "csm.assigned",
        s.at(s.workday(day + timedelta(days=1)), 0),
        by="louise-tessier",
        person=s.csm,
        **backup,
    )
    late = 4 if s.index % 7 == 3 else 0
    s.tell(
        "info.provided",
        s.at(s.calendar.add_business_days(day, 3 + late), 11),
        Side.CLIENT,
        items=["coordonnées", "magasins"],
        complete=True,
    )


def launch(s: Story) -> None:
    """Kick-off, plan, first use, follow-up; the newest client's kick-off is late and waits for somebody to record it."""
    if s.index == 10:
        return
    day = s.calendar.add_business_days(
        s.signed, max(2, Term.parse(s.parameter("kickoff.term")).count - 2 + (4 if s.index % 9 == 4 else 0))
    )
    s.tell(
        "activity.held",
        s.at(day, 10),
        type="kickoff",
        minutes=90,
        staff=[s.csm],
        attendees=[s.sponsor, s.champion],
        topics=["objectifs", "calendrier"],
    )
    agreed = s.calendar.add_business_days(day, 12 + (14 if s.index % 8 == 5 else 0))
    seats, target = SEATS[s.level], add_months(s.signed, 10).isoformat()
    objectives = [
        {
            "id": "O1",
            "name": "Utilisateurs actifs par mois",
            "metric": "mau",
            "baseline": round(seats * 0.15),
            "target": round(seats * 0.65),
            "date": target,
            "owner_provider": s.csm,
            "owner_client": s.champion,
        },
        {
            "id": "O2",
            "name": "Fonctions utilisées",
            "metric": "features",
            "baseline": 2,
            "target": 6,
            "date": target,
            "owner_provider": s.csm,
            "owner_client": s.champion,
        },
    ]
    s.tell(
        "plan.agreed",
        s.at(agreed, 16),
        version="1",
        objectives=objectives,
        milestones=["magasins pilotes", "déploiement"],
        confirmed_by=["provider"],
    )
    s.tell(
        "plan.agreed",
        s.at(agreed, 17),
        Side.CLIENT,
        version="1",
        objectives=objectives,
        milestones=["magasins pilotes", "déploiement"],
        confirmed_by=["client"],
    )
    first = s.workday(day + timedelta(days=5))
    s.tell("usage.started", s.at(first, 9, 30), Side.SYSTEM, user_ref=f"{s.ref}-u1", event="open")
    follow = s.calendar.add_business_days(add_months(first, 1), 2)
    s.tell(
        "activity.held", s.at(follow, 14), type="followup", minutes=45, staff=[s.csm], attendees=[s.champion]
    )


def _periods(s: Story, every: int, first: date) -> list[tuple[date, date]]:
    found, start = [], first
    while start <= s.today:
        found.append((start, add_months(start, every) - timedelta(days=1)))
        start = add_months(start, every)
    return found


def reviews(s: Story) -> None:
    """Monthly and quarterly reviews of each period that has ended, and their minutes."""
    for kind, name in (("review", "monthly"), ("qbr", "qbr")):
        if name == "monthly" and "monthly" not in s.agreement.levels[s.level].includes:
            continue
        every = in_months(Term.parse(s.parameter(f"{name}.every")))
        for number, (first, last) in enumerate(_periods(s, every, aligned(s.signed, every))):
            if last >= s.today or (kind == "review" and s.index == 5 and number == 2):
                continue
            day = s.calendar.add_business_days(last + timedelta(days=1), -4)
            if kind == "review" and (s.index + number) % 11 == 6:
                day = s.calendar.add_business_days(last, 3)
            _hold_review(s, kind, name, day, first, every, number)


def _hold_review(s: Story, kind: str, name: str, day: date, first: date, every: int, number: int) -> None:
    from jalon.core.timekeeping.civil import period_id

    period = period_id(first, every)
    recorded = s.at(s.calendar.add_business_days(day, 8), 9) if (s.index + number) % 13 == 7 else None
    s.tell(
        "appointment.confirmed",
        s.at(s.calendar.add_business_days(day, -8), 11),
        Side.CLIENT,
        uid=f"{s.ref}-{kind}-{period}",
        sequence=0,
        start=s.at(day, 10).isoformat(),
        end=s.at(day, 11).isoformat(),
        **about(kind),
    )
    if kind == "qbr":
        s.tell(
            "activity.recorded",
            s.at(s.calendar.add_business_days(day, -3), 17),
            deck_sha256=f"{s.index:02x}" * 32,
        )
    held = s.at(day, 11)
    s.tell("activity.held", held, type=kind, recorded_at=recorded, covers=[period], minutes=45, staff=[s.csm], attendees=[s.champion, s.sponsor][: 1 + (number % 2)],
           topics=list(s.parameter(f"{name}.must_cover")), appointment_ref=f"{s.ref}-{kind}-{period}")  # fmt: skip
    minutes = s.calendar.add_business_days(day, 5 if (s.index + number) % 9 == 2 else 2)
    s.tell(
        "activity.recorded",
        s.at(minutes, 17),
        activity_ref=f"{s.ref}-{kind}-{period}",
        minutes_sha256=f"{number + 16:02x}" * 32,
        actions=["Partager les zones avec les directeurs de magasin"],
    )


def trainings(s: Story) -> None:
    """A session a window: held, missed by the client and offered again, or declined."""
    every = in_months(Term.parse(s.parameter("training.every")))
    for number, (first, last) in enumerate(_periods(s, every, s.signed.replace(day=1))):
        start = max(first, s.signed) + timedelta(days=12 if every == 1 else 40)
        day = s.workday(start)
        if day > last or s.index == 10:
            continue
        uid = f"{s.ref}-training-{number}"
        s.tell(
            "appointment.confirmed",
            s.at(s.calendar.add_business_days(day, -6), 15),
            Side.CLIENT,
            uid=uid,
            sequence=0,
            start=s.at(day, 14).isoformat(),
            end=s.at(day, 15).isoformat(),
            **about("training"),
        )
        if (s.index + number) % 10 == 8:
            s.tell("appointment.no_show", s.at(day, 14, 20), uid=uid, waited_minutes=20)
            slots = [
                {
                    "start": s.at(s.calendar.add_business_days(day, n), 10).isoformat(),
                    "end": s.at(s.calendar.add_business_days(day, n), 11).isoformat(),
                }
                for n in (6, 8)
            ]
            s.tell(
                "appointment.offered",
                s.at(s.calendar.add_business_days(day, 2), 9),
                slots=slots,
                **about("training"),
            )
        elif (s.index + number) % 12 != 9:
            s.tell(
                "activity.held",
                s.at(day, 15),
                type="training",
                minutes=60,
                staff=[s.csm, "idriss-benali"],
                attendees=[s.champion],
                topics=["Lire la fréquentation horaire"],
                appointment_ref=uid,
            )


def tickets(s: Story) -> None:
    """Requests with their replies and resolutions; a few late, some waiting for the client, the last ones still open."""
    day, number = s.calendar.add_business_days(s.signed, 12), 0
    step = {"essentiel": 22, "croissance": 11, "strategique": 6}[s.level]
    while day < s.ago(4):
        number += 1
        _ticket(s, f"{400 + s.index * 20 + number}", day, number)
        day = s.calendar.add_business_days(day, max(2, step + s.rng.randint(-3, 4)))


def _ticket(s: Story, request: str, day: date, number: int) -> None:
    priority = s.rng.choice(["P2", "P3", "P3", "P3", "P4", "P4"])
    opened = s.at(day, s.rng.randint(9, 16), s.rng.choice([0, 10, 20, 40]))
    s.tell(
        "request.opened",
        opened,
        Side.CLIENT,
        request=request,
        priority=priority,
        channel="portal",
        subject=s.rng.choice(SUBJECTS),
    )
    first = Term.parse(s.parameter("sla.first")[priority]).count
    late = s.rng.random() < 0.05
    replied = s.calendar.add_working_time(
        opened, timedelta(hours=first + 3 if late else first * s.rng.uniform(0.1, 0.8))
    )
    s.tell(
        "request.replied",
        replied,
        by="idriss-benali",
        request=request,
        message_id=f"{request}-1",
        public=True,
        automatic=False,
    )
    target = s.parameter("sla.resolve").get(priority)
    hours = Term.parse(target).count if target else 90
    if number % 5 == 2:
        ref = f"{request}-q"
        s.tell(
            "provider.question",
            replied + timedelta(minutes=30),
            ref=ref,
            text=s.rng.choice(QUESTIONS),
            needed_for=request,
            addressee=s.champion,
        )
        answered = s.calendar.add_business_days(replied.astimezone(ZONE).date(), 8 if number % 10 == 2 else 2)
        s.tell("client.reply", s.at(answered, 11), Side.CLIENT, question=ref, complete=True)
    resolved = s.calendar.add_working_time(replied, timedelta(hours=max(1, hours * s.rng.uniform(0.1, 0.6))))
    s.tell(
        "request.resolved",
        resolved,
        by="idriss-benali",
        request=request,
        resolution="Corrigé et vérifié avec le client.",
    )


def reports(s: Story) -> None:
    """An ad hoc report each quarter: accepted and delivered, now and then refused with its reason or a little late."""
    day = s.calendar.add_business_days(s.signed, 30)
    for number in range(4):
        if day >= s.ago(12):
            break
        asked = s.at(day, 10)
        key = s.tell(
            "report.requested",
            asked,
            Side.CLIENT,
            subject=REPORTS[(s.index + number) % len(REPORTS)],
            need="Pour le comité de direction",
        )
        report = fact_id(s.ref, key)
        refused = (s.index + number) % 9 == 8
        reason: dict[str, Any] = (
            {"reason": "Les données du parc de stationnement ne sont pas dans le périmètre."}
            if refused
            else {}
        )
        s.tell(
            "report.decided",
            s.at(s.calendar.add_business_days(day, 1), 16),
            report=report,
            decision="refused" if refused else "accepted",
            csm=s.csm,
            **reason,
        )
        term = Term.parse(s.parameter("adhoc.term")).count
        if not refused:
            s.tell(
                "report.delivered",
                s.at(s.calendar.add_business_days(day, term + (3 if (s.index + number) % 8 == 3 else 0)), 17),
                report=report,
                validated_by=s.csm,
            )
        day = s.calendar.add_business_days(day, 62)


def surveys(s: Story) -> None:
    """The quarterly survey, the restore test, and the yearly declaration."""
    for number, (first, last) in enumerate(_periods(s, 3, aligned(s.signed, 3))):
        if last < s.today:
            if (s.index + number) % 14 != 4:
                s.tell(
                    "survey.sent",
                    s.at(s.workday(first + timedelta(days=45)), 9),
                    survey=f"{s.ref}-csat-{number}",
                    of_kind="csat",
                    to=s.champion,
                )
                s.tell(
                    "survey.answered",
                    s.at(s.workday(first + timedelta(days=47)), 9),
                    Side.CLIENT,
                    survey=f"{s.ref}-csat-{number}",
                    score=str(s.rng.choice([3, 4, 4, 5, 5])),
                )
            s.tell("restore.tested", s.at(s.workday(first + timedelta(days=60)), 9), Side.SYSTEM, ok=True)
    s.tell("conflict.disclosed", s.at(s.workday(s.signed + timedelta(days=20)), 9), none=True)
    if s.index % 6 == 1:
        given = s.calendar.add_business_days(s.signed, 50)
        s.tell(
            "feedback.given",
            s.at(given, 10),
            Side.CLIENT,
            feedback=f"{s.ref}-f1",
            text="Pouvoir comparer deux semaines de soldes côte à côte.",
        )
        s.tell(
            "feedback.acknowledged", s.at(s.calendar.add_business_days(given, 2), 10), feedback=f"{s.ref}-f1"
        )
        s.tell(
            "feedback.decided",
            s.at(s.calendar.add_business_days(given, 15), 10),
            feedback=f"{s.ref}-f1",
            decision="accepted",
            reason="Demandé par quatre clients.",
        )
    if s.index == 13:
        filed = s.ago(40)
        s.tell(
            "complaint.filed",
            s.at(filed, 10),
            Side.CLIENT,
            complaint="C-1",
            about="Deux rapports livrés sans les zones demandées",
        )
        s.tell(
            "complaint.acknowledged",
            s.at(s.calendar.add_business_days(filed, 1), 10),
            complaint="C-1",
            handler="louise-tessier",
            by="louise-tessier",
        )
        s.tell(
            "complaint.answered",
            s.at(s.calendar.add_business_days(filed, 8), 10),
            complaint="C-1",
            decision="upheld",
            reasons="Les zones manquaient bien ; les rapports ont été refaits.",
            by="louise-tessier",
        )


def invoices(s: Story) -> None:
    """A quarter's fee at a time, paid mostly in time; one client is suspended for not paying, one disputes, one pays late."""
    s.tell(
        "rate.published",
        s.at(s.signed, 0),
        Side.SYSTEM,
        series="ecb_refi",
        value="2.15",
        valid_from=date(s.signed.year, 1, 1).isoformat(),
    )
    amount = f"{float(PRICES[s.level]) / 4:.2f}"
    day, number = s.calendar.roll(s.signed + timedelta(days=3)), 0
    while day < s.today:
        number += 1
        due = s.calendar.roll(day + timedelta(days=30))
        invoice = f"{day.year}-{s.index + 1:02}{number}"
        s.tell(
            "invoice.issued",
            s.at(day, 0),
            by="paul-astier",
            invoice=invoice,
            currency="EUR",
            due=due.isoformat(),
            lines=[{"service": "accompagnement", "ht": amount, "vat": "20"}],
        )
        _payment(s, invoice, due, number, amount)
        day = s.calendar.roll(add_months(s.signed, 3 * number) + timedelta(days=3))


def _payment(s: Story, invoice: str, due: date, number: int, amount: str) -> None:
    total = f"{float(amount) * 1.2:.2f}"
    paid = due - timedelta(days=s.rng.randint(1, 9))
    if s.index in (2, 16) and due < s.today and due > s.today - timedelta(days=95):
        if s.index == 16:
            _suspend(s, invoice, due)
        return
    if s.index == 20 and number == 2:
        s.tell(
            "invoice.disputed",
            s.at(due - timedelta(days=10), 10),
            Side.CLIENT,
            s.champion,
            invoice=invoice,
            reason="Le mois d’essai a été facturé.",
        )
        return
    if (s.index + number) % 6 == 5:
        paid = due + timedelta(days=12)
    s.tell(
        "payment.credited",
        s.at(paid, 0),
        Side.SYSTEM,
        payment=f"P-{invoice}",
        amount=total,
        currency="EUR",
        value_date=paid.isoformat(),
        designates=invoice,
    )


def _suspend(s: Story, invoice: str, due: date) -> None:
    """Formal notice ten days after the due date, and suspension as soon as its term has passed."""
    notice = due + timedelta(days=10)
    s.tell(
        "formal_notice.served",
        s.at(notice, 0),
        by="paul-astier",
        notice=f"N-{invoice}",
        about=invoice,
        sent=notice.isoformat(),
        received=notice.isoformat(),
        method="LRAR",
    )
    s.tell(
        "service.suspended",
        s.at(notice + timedelta(days=16), 9),
        by="louise-tessier",
        ground="facture impayée",
        notice=f"N-{invoice}",
    )


def today(s: Story) -> None:
    """What makes this day alive: late on both sides, due tonight, waiting in the portal, appointments."""
    hour = max(9, min(s.now.astimezone(ZONE).hour, 17))
    if s.index == 1:
        opened = s.at(s.ago(1), 12, 20)
        s.tell(
            "request.opened",
            opened,
            Side.CLIENT,
            request="512",
            priority="P2",
            channel="portal",
            subject=SUBJECTS[0],
        )
    if s.index in (0, 3, 9):
        asked = s.ago((8, 7, 3)[(0, 3, 9).index(s.index)])
        s.tell(
            "provider.question",
            s.at(asked, 10, 5),
            ref=f"{s.ref}-objectif",
            text=QUESTIONS[s.index % len(QUESTIONS)],
            needed_for="review",
            addressee=s.champion,
        )
    if s.index == 5:
        s.tell(
            "access.requested",
            s.at(s.ago(9), 10),
            system="Logiciel de caisse",
            scope="lecture",
            purpose="flux des ventes",
            until=s.ahead(60).isoformat(),
        )
    if s.index == 4:
        s.tell(
            "report.requested",
            s.at(s.ago(2), 10),
            Side.CLIENT,
            subject=REPORTS[1],
            need="Pour choisir l’emplacement de la terrasse",
        )
    if s.index in (0, 6, 11):
        start = s.at(s.today if s.calendar.is_business_day(s.today) else s.ahead(1), min(hour + 2, 17))
        s.tell(
            "appointment.confirmed",
            s.at(s.ago(6), 11),
            Side.CLIENT,
            uid=f"{s.ref}-today",
            sequence=0,
            start=start.isoformat(),
            end=(start + timedelta(hours=1)).isoformat(),
            **about("review"),
        )
    if s.index == 0:
        slots = [
            {"start": s.at(s.ahead(n), 10).isoformat(), "end": s.at(s.ahead(n), 11).isoformat()}
            for n in (4, 6)
        ]
        s.tell("appointment.offered", s.at(s.ago(1), 9), slots=slots, **about("training"))
        s.tell(
            "feedback.given",
            s.at(s.ago(8), 10),
            Side.CLIENT,
            feedback="F-27",
            text="Annoncer les changements de zones quinze jours avant.",
        )
    if s.index == 7:
        day = s.ago(9)
        s.tell(
            "activity.held",
            s.at(day, 15),
            recorded_at=s.at(s.ago(1), 9),
            type="training",
            minutes=60,
            staff=[s.csm],
            attendees=[s.champion],
            topics=["Lire la fréquentation horaire"],
        )
    if s.index == 17:
        uid = f"{s.ref}-cancel"
        start = s.at(s.ago(6), 10)
        s.tell(
            "appointment.confirmed",
            s.at(s.ago(14), 11),
            Side.CLIENT,
            uid=uid,
            sequence=0,
            start=start.isoformat(),
            **about("review"),
        )
        s.tell(
            "appointment.cancelled",
            s.at(s.ago(7), 16),
            Side.CLIENT,
            uid=uid,
            sequence=1,
            by_side="client",
            reason="Réunion imprévue",
        )


CHAPTERS: tuple[Callable[[Story], None], ...] = (
    signature,
    launch,
    reviews,
    trainings,
    tickets,
    reports,
    surveys,
    invoices,
    today,
)


def fact_id(account: str, key: str) -> str:
    """The identifier that the ledger gives to a fact recorded under this key."""
    from hashlib import sha256

    return sha256(f"{account}/{key}".encode()).hexdigest()[:20]

"""A full review written by hand: every state, both sides, figures of use, words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from jalon.core.obligations import Side, State
from jalon.core.text import Bilingual
from jalon.documents.review.model import (
    Action,
    Coming,
    FeatureUse,
    Meeting,
    MonthlyReview,
    MonthOfUse,
    Objective,
    Promise,
    Question,
    Ticket,
    Words,
)  # fmt: skip

LONG = "Société Coopérative d’Aménagement et de Développement Commercial du Grand-Est et de ses Filiales"
P, C = Side.PROVIDER, Side.CLIENT


def _p(no: int, side: Side, fr: str, en: str, clause: str, day: int, state: State, **more: object) -> Promise:
    due = date(2026, 10, day)
    return Promise(no, f"N{no}:x", side, Bilingual(fr, en), clause, state, due, **more)  # type: ignore[arg-type]


def full() -> MonthlyReview:
    """October 2026 of Maison Vauban."""
    promises = (
        _p(1, P, "Compte rendu du QBR", "QBR minutes", "2.d", 5, State.MET, done=date(2026, 10, 5)),
        _p(2, P, "Décision sur le rapport", "Decision on the report", "2.e", 6, State.MET, done=date(2026, 10, 6)),
        _p(3, P, "Atelier « Potentiel »", "“Potential” workshop", "2.f", 9, State.EXCUSED, because="N12:x",
           note=Bilingual("Excusée : annulée avec un préavis trop court.", "Excused: cancelled with too short a notice.")),
        _p(4, P, "Note de cadrage", "Scoping note", "2.f", 14, State.UNCONFIRMED, note=Bilingual("À confirmer par l’autre côté.", "To be confirmed by the other side.")),
        _p(5, P, "Rapport Grand Est", "Grand Est report", "2.e", 16, State.MET, due_first=date(2026, 10, 14), because="N13:x",
           done=date(2026, 10, 16), note=Bilingual("Décalée : votre réponse est venue avec deux jours ouvrés de retard.", "Moved: your answer came two business days late.")),
        _p(6, P, "Première réponse, demande 218", "First reply, request 218", "3.2", 21, State.MET_LATE, done=date(2026, 10, 22)),
        _p(7, P, "Export par zone", "Export by zone", "2.f", 22, State.OVERDUE),
        _p(8, P, "Résoudre la demande 221", "Resolving request 221", "3.2", 29, State.PAUSED, note=Bilingual("En pause jusqu’à votre réponse.", "Paused until your answer.")),
        _p(9, P, "Revue d’octobre", "October’s review", "2.c", 31, State.OPEN),
        _p(10, C, "Interlocuteur informatique", "IT contact", "4.1", 9, State.MET, done=date(2026, 10, 8)),
        _p(11, C, "Facture 2026-1041 réglée", "Invoice 2026-1041 paid", "4.8", 15, State.MET, done=date(2026, 10, 14)),
        _p(12, C, "Préavis d’annulation", "Notice of cancellation", "4.6", 7, State.MISSED),
        _p(13, C, "Rapport : votre réponse", "Report: your answer", "4.2", 12, State.MET_LATE, done=date(2026, 10, 14)),
        _p(14, C, "Accès au flux des ventes", "Access to the sales feed", "4.3", 19, State.OVERDUE, since=State.MET_LATE),
        _p(15, C, "Demande 221 : votre réponse", "Request 221: your answer", "4.2", 29, State.OPEN),
    )  # fmt: skip
    return MonthlyReview(
        client="Maison Vauban", client_ref="maison-vauban", provider="Acme Géo", zone="Europe/Paris", month=date(2026, 10, 1),
        as_of=datetime(2026, 10, 28, 23, tzinfo=UTC), known_at=datetime(2026, 10, 29, 13, 5, tzinfo=UTC),
        agreement=Bilingual("Accompagnement Customer Success", "Customer Success service"), agreement_version="1.2.0",
        published_on=date(2024, 2, 14), level=Bilingual("Croissance", "Growth"), effective_on=date(2026, 1, 12), sequence=1482,
        checkpoint="7c1e09ab4f52d0e3" + "0" * 40 + "26d891b6", plan_on=date(2026, 2, 6),
        objectives=(
            Objective("O1", "Utilisateurs actifs", "active_users", Decimal(9), Decimal(40), date(2026, 12, 31), Decimal(34), pace=Decimal("0.80")),
            Objective("O2", "Études faites dans l'outil", "x", Decimal("0.12"), Decimal("0.8"), date(2026, 12, 31), Decimal("0.71"), "share", Decimal("0.80")),
            Objective("O3", "Durée médiane d'une étude, en jours", "x", Decimal(15), Decimal(6), date(2026, 12, 31), Decimal("7.5"), pace=Decimal("0.80")),
            Objective("O4", "Magasins vus chaque semaine", "x", Decimal(0), Decimal(64), date(2026, 12, 31), Decimal(41), pace=Decimal("0.80")),
            Objective("O5", "Satisfaction des équipes", "csat", None, Decimal(90), date(2026, 12, 31), None),
        ),
        months=tuple(
            MonthOfUse(date(2026, m, 1), n, 48, n * 211, 5 + m % 3)
            for m, n in zip(range(3, 11), (9, 11, 14, 18, 22, 17, 28, 34), strict=True)
        ),
        features=(FeatureUse("Carte des flux", 34), FeatureUse("Étude d'implantation", 19), FeatureUse("Suivi hebdomadaire", 11), FeatureUse("Rapport de potentiel", 6)),
        promises=promises,
        meetings=(Meeting("f1", datetime(2026, 10, 8, 8, tzinfo=UTC), Bilingual("Point de suivi", "Follow-up meeting"), ("Inès Guérin-Lapeyre",), 45),),
        tickets=(
            Ticket("f2", "218", "L'export échoue", "P2", datetime(2026, 10, 21, 9, tzinfo=UTC), State.MET_LATE, datetime(2026, 10, 23, 9, tzinfo=UTC), State.MET),
            Ticket("f3", "221", "Zone absente de la carte", "P3", datetime(2026, 10, 19, 9, tzinfo=UTC), State.MET, None, State.PAUSED),
        ),
        questions=(Question("f4", "Quel fond de carte ?", date(2026, 10, 22)),),
        coming=(
            Coming("N20:x", P, Bilingual("Compte rendu de la revue", "Minutes of the review"), "2.c", date(2026, 11, 3)),
            Coming("N21:x", C, Bilingual("Facture 2026-1102", "Invoice 2026-1102"), "4.8", date(2026, 11, 16)),
        ),
        next_appointment=datetime(2026, 11, 26, 9, tzinfo=UTC), next_what=Bilingual("revue de novembre", "November’s review"),
        words=Words(
            failed_provider="Le format SHP a pris le développement de court ; nous aurions dû vous le dire dès le 14.",
            decisions=("L'export par zone est livré sans le format SHP, qui suivra avant la fin de l'année.",
                       "Le suivi hebdomadaire commence par les 20 magasins pilotes du Grand Est."),
            topics="Faut-il inclure les corners des grands magasins ?",
            actions=(
                Action(P, "Livrer l'export par zone", "Théo Lemaître", date(2026, 11, 6), "O2"),
                Action(C, "Ouvrir l'accès au flux des ventes", "Maël Prigent", date(2026, 11, 6), "O4"),
            ),
            held_at=datetime(2026, 10, 29, 9, tzinfo=UTC), attendees=("Hélène Carpentier", "Inès Guérin-Lapeyre"), staff=("Théo Lemaître",),
        ),
    )  # fmt: skip


def empty() -> MonthlyReview:
    """December 2015 of a client without agreement, plan nor promise."""
    return MonthlyReview(
        client="nova 12", client_ref="nova-12", provider="", zone="Europe/Paris", month=date(2015, 12, 1),
        as_of=datetime(2015, 12, 31, 23, tzinfo=UTC), known_at=datetime(2026, 6, 5, 7, tzinfo=UTC),
        months=(MonthOfUse(date(2015, 11, 1), 31, None, 2000, 7), MonthOfUse(date(2015, 12, 1), 29, None, 1800, 6)),
    )  # fmt: skip


def long_name() -> MonthlyReview:
    """The full one, of a company with a very long name."""
    return replace(full(), client=LONG)

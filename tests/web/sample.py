"""A small invented portfolio, written straight into the projection: enough to look at lists without the ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from jalon.accounts.models import Account, Contact, Staff, User
from jalon.core.obligations import State
from jalon.core.text import Bilingual
from jalon.ledger.models import AccountStanding, ProjectedObligation
from jalon.wording import pack

NOW = datetime(2026, 6, 5, 7, 12, tzinfo=UTC)  # Friday, 9 h 12 in Paris
LONG = "Société Coopérative d’Aménagement et de Développement Commercial du Grand-Est et de ses Filiales"
NAMES = [
    "Foncière Aubrac", "Galeries Ormont", "Maison Vauban", "Cuisines Armel", "Sport Altaïr", LONG, "Hôtels Corniche", "Cafés Belharra",
    "Jardineries Montclar", "Librairies Castellane", "Chausseurs Rivoire", "Optique Solane",
]  # fmt: skip
LATE_OURS = [
    ("N32-first", "Première réponse, demande 512", "First reply, request 512"),
    ("N2c-minutes", "Compte rendu de la revue de mai", "Minutes of May’s review"),
]
LATE_THEIRS = [
    ("N48-pay", "Facture 2026-094, 7 200,00 €", "Invoice 2026-094, €7,200.00"),
    ("N42-reply", "Cible du troisième trimestre", "Target of the third quarter"),
]
OPEN = [
    ("N2c-monthly", "Revue de mai", "May’s review"),
    ("N32-next", "Réponse suivante, demande 507", "Next reply, request 507"),
]


def people() -> tuple[Staff, Staff]:
    """The CSM and her lead, who can sign in."""
    made = []
    for ref, name, roles in (
        ("camille-moreau", "Camille Moreau", ["csm"]),
        ("lea-tisserand", "Léa Tisserand", ["lead"]),
    ):
        user = User.objects.create_user(f"{ref}@mytraffic.example", "une phrase longue et sûre")
        made.append(Staff.objects.create(ref=ref, user=user, name=name, email=user.email, roles=roles))
    return made[0], made[1]


def portfolio(
    count: int, *, now: datetime = NOW, csm: str = "camille-moreau", first: int = 0
) -> list[Account]:
    """`count` clients, numbered from `first`, with obligations of both sides: late, due today, open later, met."""
    accounts = [
        Account(
            ref=f"client-{k}", name=NAMES[k % len(NAMES)] + ("" if k < len(NAMES) else f" {k}"), domain=f"client{k}.example",
            agreement="mytraffic-cs", agreement_version="2024-02-14", created_at=now,
        )
        for k in range(first, first + count)
    ]  # fmt: skip
    Account.objects.bulk_create(accounts)
    rows: list[ProjectedObligation] = []
    standings: list[AccountStanding] = []
    for k, account in enumerate(accounts, first):
        ours, theirs = (k % 5 == 1) + (k % 7 == 2), (k % 4 == 0) + (k % 9 == 5)
        for n in range(ours):
            rows.append(
                _owed(
                    account,
                    *LATE_OURS[(k + n) % 2],
                    "provider",
                    State.OVERDUE,
                    now - timedelta(days=1 + n + k % 4, hours=3),
                )
            )
        for n in range(theirs):
            rows.append(
                _owed(
                    account,
                    *LATE_THEIRS[(k + n) % 2],
                    "client",
                    State.OVERDUE,
                    now - timedelta(days=3 + n + k % 11),
                )
            )
        if k % 3 == 0:
            rows.append(
                _owed(account, *OPEN[k % 2], "provider", State.OPEN, now + timedelta(hours=2 + k % 5))
            )
        later = now + timedelta(days=4 + k % 26)
        rows.append(
            _owed(
                account,
                "N2c-monthly",
                "Revue de juin",
                "June’s review",
                "provider",
                State.OPEN,
                later,
                "2026-06",
            )
        )
        rows.append(
            _owed(
                account,
                "N2a-kickoff",
                "Lancement",
                "Kick-off",
                "provider",
                State.MET,
                now - timedelta(days=90),
                "once",
            )
        )
        standings.append(
            AccountStanding(
                account=account, state="open", level=("essentiel", "croissance", "strategique")[k % 3],
                csm=csm if k % 3 else "lea-tisserand", provider_late=ours, client_late=theirs,
                provider_kept=20 - ours, provider_judged=20, client_kept=12 - 2 * theirs, client_judged=12,
                next_key="N2c-monthly:2026-06", next_title=pack(Bilingual("Revue de juin", "June’s review")), next_due=later,
                effective_on=date(2025, 12, 1), ends_on=date(2026, 11, 30), unpaid_late=Decimal(7200) if k % 8 == 0 else Decimal(0),
                assessed_at=now,
            )
        )  # fmt: skip
    ProjectedObligation.objects.bulk_create(rows, batch_size=500)
    AccountStanding.objects.bulk_create(standings)
    return accounts


def contact(account: Account) -> Contact:
    """A person of the client who can sign in."""
    user = User.objects.create_user("marc@client.example", "une phrase longue et sûre")
    return Contact.objects.create(
        account=account,
        ref="marc-liot",
        user=user,
        name="Marc-Antoine Liot",
        email=user.email,
        seats=["champion"],
    )


def _owed(
    account: Account,
    norm: str,
    fr: str,
    en: str,
    debtor: str,
    state: State,
    due: datetime,
    occurrence: str = "",
) -> ProjectedObligation:
    occurrence = occurrence or f"{state}-{debtor}-{due:%m%d%H%M}"
    return ProjectedObligation(
        account=account, key=f"{norm}:{occurrence}", norm=norm, clause=norm[1:3], occurrence=occurrence, title=pack(Bilingual(fr, en)),
        debtor=debtor, creditor="client" if debtor == "provider" else "provider", state=state.value, due=due,
        done_at=due if state == State.MET else None, said={},
    )  # fmt: skip

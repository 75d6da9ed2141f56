"""Record a fact: the form of every kind opens, takes the least that it asks for, and says beside the field what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from jalon.accounts.models import Contact, Role, Staff
from jalon.config import clock
from jalon.core.facts.catalogue import KINDS
from jalon.core.facts.completeness import ROWS, needs
from jalon.core.facts.model import FactKind, Field, FieldType
from jalon.core.obligations import Side
from jalon.ledger import book
from jalon.ledger.models import StoredFact
from tests import cast as theatre

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
SEATS = ["sponsor", "champion", "billing", "admin", "privacy", "user"]


@pytest.fixture(autouse=True)
def on_a_friday():
    with clock.frozen_at(theatre.NOW):
        yield


@pytest.fixture
def signed(cast):
    Staff.objects.update(roles=[role.value for role in Role])
    Contact.objects.update(seats=SEATS)
    theatre.sign(cast.aubrac)
    return cast


def entered(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def least(field: Field, target: str) -> Any:
    """What a person would type in a required field that the form left empty."""
    if field.choices:
        return field.choices[0][0]
    return {
        FieldType.INTEGER: "1",
        FieldType.DECIMAL: "10.00",
        FieldType.BOOLEAN: "true",
        FieldType.DATE: "2026-06-05",
        FieldType.INSTANT: "2026-06-05T08:00",
        FieldType.TERM: "P5D",
        FieldType.PERSON: "nadia" if field.whose == Side.CLIENT else "camille",
        FieldType.PEOPLE: ["camille" if field.whose == Side.PROVIDER else "nadia"],
        FieldType.REF: target,
        FieldType.SHA256: "ab" * 32,
        FieldType.CURRENCY: "EUR",
        FieldType.WORDS: "mot",
        FieldType.DAYS: "2026-05-01, 2026-05-08",
    }.get(field.type, "mot")  # fmt: skip


ROW = {
    FieldType.LINES: {"service": "cs", "label": "Accompagnement", "ht": "1 000,50", "vat": "20"},
    FieldType.OBJECTIVES: {"name": "Utilisateurs", "metric": "mau", "baseline": "1", "target": "5", "date": "2026-09-30"},
    FieldType.SLOTS: {"start": "2026-06-09T10:00", "end": "2026-06-09T11:00"},
    FieldType.MAPPING: {"key": "doc", "value": "mot"},
}  # fmt: skip
"""One row of each kind of list, as it is typed."""


def typed(kind: FactKind, form: Any, target: str) -> dict[str, Any]:
    """What a browser posts: what the form was filled with, and the least for what is required."""
    found = {"at": "2026-06-05T09:00", "key": form.initial["key"]}
    for field in kind.fields:
        known = form.initial.get(field.name)
        if known not in (None, "", []):
            found[field.name] = known
        elif field.type in ROWS and needs(field, found):
            found |= {f"{field.name}-0-{name}": value for name, value in ROW[field.type].items()}
        elif needs(field, {name: {"true": True}.get(str(value), value) for name, value in found.items()}):
            found[field.name] = least(field, target)
    return found


def address(side: Side, kind: str) -> str:
    return f"/clients/aubrac/record/{kind}/" if side == Side.PROVIDER else f"/portal/record/{kind}/"


DOORS = [
    (kind, side)
    for kind, found in sorted(KINDS.items())
    for side in (Side.PROVIDER, Side.CLIENT)
    if side in found.by
]


@pytest.mark.parametrize(("kind", "side"), DOORS, ids=[f"{kind}-{side}" for kind, side in DOORS])
def test_every_kind_opens_and_is_recorded_by_the_least(signed, kind, side):
    window = entered(signed.camille if side == Side.PROVIDER else signed.nadia)
    page = window.get(address(side, kind))
    assert page.status_code == 200
    target = StoredFact.objects.order_by("sequence").first().fact_id
    done = window.post(address(side, kind), typed(KINDS[kind], page.context["form"], target))
    assert done.status_code == 302, done.context["form"].errors.as_text()
    assert StoredFact.objects.filter(account=signed.aubrac, kind=kind, source__in=["ui", "portal"]).exists()


def test_a_refusal_keeps_what_was_typed_and_says_it_beside_the_field(signed):
    sent = {"at": "2026-06-05T09:00", "key": "k", "topic": "", "type": "", "minutes": "50"}
    done = entered(signed.camille).post(address(Side.PROVIDER, "activity.held"), sent)
    assert done.status_code == 422
    assert "type" in done.context["form"].errors
    assert 'value="50"' in done.content.decode() and 'value="2026-06-05T09:00"' in done.content.decode()
    assert not StoredFact.objects.filter(kind="activity.held").exists()


def test_what_has_not_happened_yet_is_refused_beside_its_moment(signed):
    sent = {
        "at": "2026-06-08T09:00",
        "key": "k",
        "type": "other",
        "staff": ["camille"],
        "attendees": ["nadia"],
    }
    done = entered(signed.camille).post(address(Side.PROVIDER, "activity.held"), sent)
    assert done.status_code == 422 and "at" in done.context["form"].errors


def test_the_same_form_sent_twice_is_recorded_once(signed):
    window = entered(signed.camille)
    form = window.get(address(Side.PROVIDER, "activity.held") + "?type=kickoff").context["form"]
    sent = typed(KINDS["activity.held"], form, "")
    for _twice in range(2):
        assert window.post(address(Side.PROVIDER, "activity.held"), sent).status_code == 302
    assert StoredFact.objects.filter(kind="activity.held").count() == 1


def test_the_kick_off_needs_no_typing_and_says_which_promise_it_changed(signed):
    window = entered(signed.camille)
    form = window.get(address(Side.PROVIDER, "activity.held") + "?type=kickoff").context["form"]
    done = window.post(
        address(Side.PROVIDER, "activity.held"), typed(KINDS["activity.held"], form, ""), follow=True
    )
    assert form.initial["type"] == "kickoff" and form.initial["staff"] == ["camille"]
    said = "".join(str(m) for m in done.context["messages"])
    assert '<a href="/clients/aubrac/promises/N2a-kickoff' in said


def test_afterwards_one_goes_back_to_our_own_pages_only(signed):
    window = entered(signed.camille)
    for wanted, to in (("/today/", "/today/"), ("https://elsewhere.example/", "/clients/aubrac/")):
        form = window.get(address(Side.PROVIDER, "activity.held") + "?type=other").context["form"]
        sent = typed(KINDS["activity.held"], form, "") | {"next": wanted}
        assert window.post(address(Side.PROVIDER, "activity.held"), sent).headers["Location"] == to


def test_the_chooser_offers_only_what_one_may_record(cast):
    theatre.sign(cast.aubrac)
    offered = {
        k.kind
        for _f, kinds in entered(cast.camille).get("/clients/aubrac/record/").context["families"]
        for k in kinds
    }
    assert "activity.held" in offered and "invoice.issued" not in offered
    assert entered(cast.camille).get(address(Side.PROVIDER, "invoice.issued")).status_code == 404


PRIVATE = [
    (kind, side)
    for kind, found in KINDS.items()
    if found.private
    for side in (Side.PROVIDER, Side.CLIENT)
    if side in found.by
]


def recorded(cast, kind, side=Side.PROVIDER, /, **extra):
    window = entered(cast.camille if side == Side.PROVIDER else cast.nadia)
    form = window.get(address(side, kind)).context["form"]
    sent = typed(KINDS[kind], form, "x") | extra
    assert window.post(address(side, kind), sent).status_code == 302
    return book.decode(StoredFact.objects.filter(account=cast.aubrac, kind=kind).latest("sequence"))


@pytest.mark.parametrize(("kind", "side"), PRIVATE, ids=[f"{k}-{s}" for k, s in PRIVATE])
def test_a_private_kind_is_shown_to_the_side_that_recorded_it_only(signed, kind, side):
    fact = recorded(signed, kind, side)
    label = str(fact.id)
    assert fact.visibility == side.value
    ours = {
        line.fact_id for line in entered(signed.camille).get("/clients/aubrac/timeline/").context["lines"]
    }
    theirs = {line.fact_id for line in entered(signed.nadia).get("/portal/timeline/").context["lines"]}
    assert (label in ours, label in theirs) == (side == Side.PROVIDER, side == Side.CLIENT)


def test_a_field_named_as_the_envelope_keeps_what_was_typed(signed):
    fact = recorded(signed, "objective.measured", **{"source": "Looker"})
    assert (fact.get("source"), fact.source) == ("Looker", "ui")
    assert recorded(signed, "survey.sent", **{"kind": "ces"}).get("kind") == "ces"
    assert recorded(signed, "statement.published", **{"kind": "annual"}).get("kind") == "annual"


def test_the_side_of_a_no_show_is_who_was_absent(signed):
    fact = recorded(signed, "appointment.no_show", **{"side": "client"})
    assert (fact.get("side"), fact.side) == ("client", Side.PROVIDER)


def test_the_moment_is_read_in_the_zone_in_which_it_was_shown(signed):
    signed.aubrac.zone = "America/New_York"
    signed.aubrac.save()
    fact = recorded(signed, "activity.held", **{"type": "other", "at": "2026-06-05T02:00"})
    assert fact.at == datetime(2026, 6, 5, 6, tzinfo=UTC)


def test_rows_are_typed_added_and_taken_out_and_nothing_is_lost(signed):
    window = entered(signed.louise)
    form = window.get(address(Side.PROVIDER, "invoice.issued")).context["form"]
    first = {f"lines-0-{name}": value for name, value in ROW[FieldType.LINES].items()}
    sent = {
        "at": "2026-06-05T09:00",
        "key": form.initial["key"],
        "invoice": "F-9",
        "currency": "EUR",
        "due": "2026-07-05",
    } | first
    more = window.post(address(Side.PROVIDER, "invoice.issued"), sent | {"more": "lines"})
    page = more.content.decode()
    assert more.status_code == 200 and 'name="lines-2-service"' in page
    assert 'value="1 000,50"' in page and 'value="F-9"' in page and "form-error" not in page
    second = {"lines-1-service": "licence", "lines-1-ht": "10", "lines-1-vat": ""}
    thin = window.post(address(Side.PROVIDER, "invoice.issued"), sent | second)
    assert thin.status_code == 422 and "lines" in thin.context["form"].errors
    less = window.post(address(Side.PROVIDER, "invoice.issued"), sent | second | {"less": "lines:1"})
    assert "licence" not in less.content.decode()
    assert window.post(address(Side.PROVIDER, "invoice.issued"), sent).status_code == 302
    kept = book.decode(StoredFact.objects.get(kind="invoice.issued")).get("lines")
    assert kept == [{"service": "cs", "label": "Accompagnement", "ht": "1000.50", "vat": "20"}]


def test_a_reference_is_chosen_from_what_exists_for_this_client(signed):
    for account, request in ((signed.aubrac, "R-1"), (signed.belharra, "R-99")):
        book.append_many(
            account,
            [
                theatre.draft(
                    "request.opened",
                    theatre.at(6, 1),
                    Side.CLIENT,
                    "nadia",
                    request=request,
                    priority="P3",
                    subject="Export vide",
                )
            ],
            now=theatre.NOW,
        )
    window = entered(signed.camille)
    offered = dict(
        window.get(address(Side.PROVIDER, "request.resolved")).context["form"].fields["request"].choices
    )
    assert "R-1" in offered and "Export vide" in offered["R-1"] and "R-99" not in offered
    assert window.get(address(Side.PROVIDER, "request.opened")).context["form"].initial["request"] == "R-2"
    foreign = window.post(
        address(Side.PROVIDER, "request.resolved"),
        {"at": "2026-06-05T09:00", "key": "k", "request": "R-99", "resolution": "fait"},
    )
    assert foreign.status_code == 422 and "request" in foreign.context["form"].errors


def test_a_correction_sets_the_fields_of_its_fact_and_refuses_what_they_do_not_take(signed):
    meeting = recorded(signed, "activity.held", **{"type": "other", "minutes": "45"})
    sent = {"target": meeting.id, "reason": "Une heure de plus", "set-0-key": "minutes"}
    window = entered(signed.camille)
    wrong = window.post(
        address(Side.PROVIDER, "fact.corrected"),
        sent | {"at": "2026-06-05T09:00", "key": "c1", "set-0-value": "longtemps"},
    )
    assert (
        wrong.status_code == 422
        and "set" in wrong.context["form"].errors
        and 'value="longtemps"' in wrong.content.decode()
    )
    assert recorded(signed, "fact.corrected", **sent | {"set-0-value": "105"}).get("set") == {"minutes": 105}


def test_a_holiday_that_is_no_day_is_refused_beside_its_field(signed):
    sent = {"at": "2026-06-05T09:00", "key": "h", "calendar": "provider", "year": "2026", "holidays": "Noël"}
    done = entered(signed.camille).post(address(Side.PROVIDER, "calendar.frozen"), sent)
    assert done.status_code == 422 and "Noël" in str(done.context["form"].errors["holidays"])


def test_the_people_of_a_side_are_offered_where_only_they_can_be_named(signed):
    form = entered(signed.camille).get(address(Side.PROVIDER, "activity.held")).context["form"]
    offered = {name: {ref for ref, _name in form.fields[name].choices} for name in ("staff", "attendees")}
    assert offered == {"staff": {"camille", "louise"}, "attendees": {"nadia"}}

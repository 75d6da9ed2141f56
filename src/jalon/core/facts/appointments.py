"""Kinds of facts about slots, appointments, absences."""

from __future__ import annotations

from jalon.core.facts.model import FactKind, Field
from jalon.core.facts.model import FieldType as T
from jalon.core.facts.words import ACTIVITIES, EITHER, SIDES
from jalon.core.obligations import Side
from jalon.core.text import _

KINDS: tuple[FactKind, ...] = (
    FactKind(
        "appointment.offered",
        "appointments",
        _("Slots offered"),
        EITHER,
        "instant",
        (
            Field("for", T.CHOICE, _("Meeting"), choices=ACTIVITIES, required_to_record=True),
            Field("covers", T.WORDS, _("What it covers")),
            Field("slots", T.SLOTS, _("Slots"), required_to_record=True),
        ),
        _("%(who)s offered slots"),
        icon="calendar-days",
    ),
    FactKind(
        "appointment.confirmed",
        "appointments",
        _("Appointment confirmed"),
        EITHER,
        "instant",
        (
            Field("uid", T.REF, _("Appointment"), required_to_record=True),
            Field("sequence", T.INTEGER, _("Revision"), technical=True),
            Field("start", T.INSTANT, _("Start"), required=True),
            Field("end", T.INSTANT, _("End")),
            Field("for", T.CHOICE, _("Meeting"), choices=ACTIVITIES, required_to_record=True),
            Field("attendees", T.PEOPLE, _("Client’s attendees"), personal=True, whose=Side.CLIENT),
        ),
        _("%(who)s confirmed the appointment of %(start)s"),
        icon="calendar-days",
    ),
    FactKind(
        "appointment.moved",
        "appointments",
        _("Appointment moved"),
        EITHER,
        "instant",
        (
            Field("uid", T.REF, _("Appointment"), required_to_record=True),
            Field("sequence", T.INTEGER, _("Revision"), technical=True),
            Field("old_start", T.INSTANT, _("Former start")),
            Field("new_start", T.INSTANT, _("New start"), required=True),
            Field("by_side", T.CHOICE, _("By"), choices=SIDES, required_to_record=True),
        ),
        _("%(who)s moved the appointment to %(new_start)s"),
        icon="calendar-days",
    ),
    FactKind(
        "appointment.cancelled",
        "appointments",
        _("Appointment cancelled"),
        EITHER,
        "instant",
        (
            Field("uid", T.REF, _("Appointment"), required_to_record=True),
            Field("sequence", T.INTEGER, _("Revision"), technical=True),
            Field("by_side", T.CHOICE, _("By"), choices=SIDES, required_to_record=True),
            Field("reason", T.LONG_TEXT, _("Reason")),
        ),
        _("%(who)s cancelled the appointment"),
        icon="x",
    ),
    FactKind(
        "appointment.no_show",
        "appointments",
        _("No-show"),
        EITHER,
        "instant",
        (
            Field("uid", T.REF, _("Appointment"), required_to_record=True),
            Field("side", T.CHOICE, _("Absent side"), required=True, choices=SIDES),
            Field("waited_minutes", T.INTEGER, _("Minutes waited")),
        ),
        _("Absent from the appointment: %(side)s"),
        icon="x",
    ),
)

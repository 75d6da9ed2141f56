"""Rules D, E and P: calendars, dates, and what a skeleton leaves to fill in."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from jalon.core.agreement.rules import Found, Subject, leaves, rule
from jalon.core.text import _
from jalon.core.timekeeping.holidays import SETS

BLANK = re.compile(r"<[^<>]+>")
"""What a skeleton leaves to fill in: <the vendor’s name>."""


@rule(
    "P1", _("Nothing is left to fill in."), _("A blank in a contract is a dispute in waiting."),
    _("Write it in place of the angle brackets."),
)  # fmt: skip
def filled_in(subject: Subject) -> Iterator[Found]:
    """Texts between < and >, anywhere."""
    for path, text in leaves((), subject.data):
        if BLANK.fullmatch(text):
            yield Found(path, _("Still to fill in: %(what)s.", what=text.strip("<>")))


@rule(
    "D1", _("A calendar names a time zone of the IANA base, and a known set of holidays."),
    _("An hour without its zone is two hours."), _("Write Europe/Paris, for example."),
)  # fmt: skip
def zones_exist(subject: Subject) -> Iterator[Found]:
    """Both names."""
    for name, calendar in subject.agreement.calendars.items():
        try:
            ZoneInfo(calendar.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            yield Found(("calendars", name, "zone"), _("“%(name)s” is not a time zone.", name=calendar.zone))
        if calendar.holidays not in SETS:
            yield Found(("calendars", name, "holidays", "set"), _("“%(name)s” is not a known set of holidays.",
                        name=calendar.holidays), _("Write one of: %(names)s.", names=tuple(SETS)))  # fmt: skip


@rule(
    "D2", _("Opening hours go forward and do not overlap."), _("An hour counted twice halves a delay."),
    _("Write them in order: [\"09:00-12:00\", \"14:00-18:00\"]."),
)  # fmt: skip
def hours_go_forward(subject: Subject) -> Iterator[Found]:
    """Several periods a day are allowed."""
    for name, calendar in subject.agreement.calendars.items():
        for day, spans in calendar.open.items():
            bounds = [bound for span in spans for bound in span]
            if any(a >= b for a, b in itertools.pairwise(bounds)) or any(b > "24:00" for b in bounds):
                yield Found(
                    ("calendars", name, "open", day), _("Opening hours go forward and do not overlap.")
                )


@rule(
    "D3", _("An Alsace-Moselle calendar says whether Good Friday is a holiday."),
    _("It is one only in communes with a Protestant temple or a mixed church (C. trav. L3134-13)."),
    _("Write good_friday: true or false."),
)  # fmt: skip
def good_friday_is_said(subject: Subject) -> Iterator[Found]:
    """Only where the set asks the question."""
    for name, calendar in subject.agreement.calendars.items():
        if (
            calendar.holidays == "FR-alsace-moselle"
            and "good_friday" not in subject.data["calendars"][name]["holidays"]
        ):
            yield Found(
                ("calendars", name, "holidays"), _("Say whether Good Friday is a holiday (good_friday).")
            )


@rule(
    "E2", _("The end date is explicit: an order must give it."),
    _("A duration silently turned into a date is a date that nobody signed."),
    _("Write required: true, and ends_on among order.must_set."),
)  # fmt: skip
def end_is_explicit(subject: Subject) -> Iterator[Found]:
    """Both places."""
    if subject.agreement.effect["ends_on"].get("required") is not True:
        yield Found(("effect", "ends_on"), _("The end date must be explicit."), _("Write required: true."))
    if "ends_on" not in subject.agreement.order["must_set"]:
        yield Found(
            ("order", "must_set"), _("An order must give the end date."), _("Add ends_on to must_set.")
        )

"""Values said in two languages, and packed and unpacked without loss."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from jalon.core.money.amount import Money
from jalon.core.obligations import State
from jalon.core.text import Bilingual, Text, _, ngettext, pgettext
from jalon.core.timekeeping.terms import Term
from jalon.wording import dates, pack, reading_at, say, states, unpack
from jalon.wording.typography import french

NOW = datetime(2026, 6, 5, 7, 12, tzinfo=UTC)  # 9 h 12 in Paris


@pytest.mark.parametrize(
    ("value", "fr", "en"),
    [
        (Money(Decimal("3600"), "EUR"), "3\u202f600,00\u202f€", "€3,600.00"),
        (Money(Decimal("-12.5"), "EUR"), "−12,50\u202f€", "−€12.50"),
        (Money(Decimal("10"), "CHF"), "10,00\u202fCHF", "CHF 10.00"),
        (Term(5, "business_days"), "5 jours ouvrés", "5 business days"),
        (Term(9, "working_hours"), "9 heures ouvrées", "9 working hours"),
        (Term(1, "months"), "1 mois", "1 month"),
        (("a", "b", "c"), "a, b et c", "a, b and c"),
        ((), "", ""),
        (State.MET_LATE, "tenue en retard", "met late"),
        (1234567, "1\u202f234\u202f567", "1,234,567"),
        (2026, "2026", "2026"),
        (Decimal("4.50"), "4,5", "4.5"),
        (date(2026, 6, 2), "mardi 2 juin", "Tuesday 2 June"),
        (date(2025, 12, 1), "lundi 1er décembre 2025", "Monday 1 December 2025"),
        (NOW, "5 juin, 9\u202fh\u202f12", "5 June, 9:12"),
        (Bilingual("Qu'est-ce que c'est ?", "What is it?"), "Qu’est-ce que c’est\u202f?", "What is it?"),
        (None, "", ""),
    ],
)
def test_each_value_is_said_in_both_languages(value, fr, en):
    with reading_at(NOW):
        assert say(value, "fr") == fr
        assert say(value, "en") == en


def test_a_sentence_says_its_values_and_its_nested_sentences():
    inner = ngettext("%(n)s day", "%(n)s days", 3)
    assert (
        say(_("%(first)s and %(last)s", first=inner, last=Term(1, "business_days")), "fr")
        == "3 jours et 1 jour ouvré"
    )
    assert say(pgettext("masculine", "met"), "fr") == "tenu"
    assert say(pgettext("promise", "met"), "fr") == "tenue"


def test_without_a_present_every_date_carries_its_year():
    assert say(date(2026, 6, 2), "fr") == "mardi 2 juin 2026"


@pytest.mark.parametrize(
    ("value", "fr"),
    [
        (datetime(2026, 6, 5, 8, 0, tzinfo=UTC), "dans 48\u202fmin"),
        (datetime(2026, 6, 5, 9, 30, tzinfo=UTC), "dans 2\u202fh\u202f18"),
        (date(2026, 6, 5), "aujourd’hui"),
        (date(2026, 6, 6), "demain"),
        (date(2026, 6, 7), "dans 2 jours"),
        (date(2026, 6, 4), "hier"),
        (date(2026, 6, 2), "il y a 3 jours"),
    ],
)
def test_how_far_away(value, fr, settings):
    from django.utils import translation

    with translation.override("fr"):
        assert dates.away(value, NOW, "fr") == fr


def test_a_due_instant_at_midnight_belongs_to_the_day_before():
    assert dates.last_day(datetime(2026, 6, 9, 22, 0, tzinfo=UTC)) == date(2026, 6, 9)


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_word_in_both_languages_and_genders(state):
    for masculine in (False, True):
        assert states.label(state, lang="en", masculine=masculine)
        assert states.label(state, lang="fr", masculine=masculine) != states.label(
            state, lang="en", masculine=masculine
        )


def test_packing_keeps_every_kind_of_value():
    text = Text(
        "%(a)s",
        {
            "a": "x", "b": 3, "c": Decimal("1.50"), "d": date(2026, 1, 2), "e": NOW, "f": Money(Decimal("1.00"), "EUR"),
            "g": Term(10, "business_days"), "h": Bilingual("f", "e"), "i": ngettext("one", "many", 2), "j": ("x", Term(1, "days")),
            "k": pgettext("promise", "met"),
        },
    )  # fmt: skip
    back = unpack(pack(text))
    assert back == text
    with pytest.raises(TypeError):
        pack(object())
    with pytest.raises(ValueError):
        unpack({"what": 1})


def test_french_typography_touches_only_what_it_should():
    assert french("« Merci, et pour l'accès ? »") == "«\u202fMerci, et pour l’accès\u202f?\u202f»"
    assert french("https://exemple.fr/a:b 10:30") == "https://exemple.fr/a:b 10:30"

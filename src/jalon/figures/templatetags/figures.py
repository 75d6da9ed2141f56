"""Tags that draw in templates; loaded in all of them."""

from __future__ import annotations

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy

from jalon.figures import poles, small
from jalon.figures.chart import ChartSpec
from jalon.wording import numbers, say

register = template.Library()


@register.simple_tag
def pole(state: str, size: str = "short", said: bool = False, extra: str = "") -> SafeString:
    """{% pole obligation.state %}: the small pole of a state. Write the state's word beside it, or pass said=True."""
    return SafeString(poles.pole(state, size=size, said=said, extra=extra)) if state else SafeString("")


@register.simple_tag
def pole_symbols() -> SafeString:
    """The poles that every drawing of the page refers to; base.html has it."""
    return mark_safe(
        f'<svg class="sprite" width="0" height="0" aria-hidden="true"><defs>{poles.symbols()}</defs></svg>'
    )


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """{% icon "plus" %}: an icon of the sprite, mute to screen readers."""
    return format_html(
        '<svg class="icon" width="{}" height="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        size, size, static("jalon/icons/sprite.svg"), name,
    )  # fmt: skip


@register.simple_tag
def figure(drawing: Any, **options: Any) -> SafeString:
    """{% figure line %}: a drawing that has .svg(lang); its words come from the drawing, already escaped."""
    return SafeString(drawing.svg((get_language() or "fr")[:2], **options))


@register.inclusion_tag("jalon/parts/chart_table.html")
def chart_table(chart: ChartSpec) -> dict[str, Any]:
    """{% chart_table chart %}: the figures of a chart as a folded table."""
    lang = (get_language() or "fr")[:2]
    heads, rows = chart.table(lang)
    return {"title": say(chart.title, lang), "heads": heads, "rows": rows}


@register.simple_tag
def spark(values: Any) -> SafeString:
    """{% spark values %}: a trend in a cell."""
    return SafeString(small.spark(values))


@register.simple_tag
def shortfalls(our_kept: int, our_judged: int, their_kept: int, their_judged: int) -> SafeString:
    """{% shortfalls a b c d %}: what each side did not keep, from one axis."""
    return small.shortfalls((our_kept, our_judged), (their_kept, their_judged))


@register.simple_tag
def units(counts: Any, label: str) -> SafeString:
    """{% units counts label %}: one small pole a client; counts by state."""
    return small.units(counts, label=label)


@register.simple_tag
def kept_share(kept: int, judged: int) -> str:
    """{% kept_share 9 10 %}: 90 %; a dash while nothing was judged; never rounded up to everything."""
    if not judged:
        return "–"
    whole = 100 * kept // judged if kept != judged else 100
    return numbers.share(whole / 100, (get_language() or "fr")[:2])


@register.filter
def value_words(value: Any) -> str:
    """A parameter's value as people read it: P10BD as ten business days, a table of priorities on one line, a list with commas."""
    from jalon.core.timekeeping.terms import Term
    from jalon.wording import say

    if isinstance(value, dict):
        return ", ".join(f"{name} {value_words(part)}" for name, part in value.items() if part is not None)
    if isinstance(value, (list, tuple)):
        return ", ".join(value_words(part) for part in value)
    if isinstance(value, str) and value[:1] == "P" and value[1:2].isalnum():
        try:
            return say(Term.parse(value))
        except ValueError:
            return value
    if isinstance(value, (bool, int)):
        return say(value)
    return (
        str(CHOICES[value]) if isinstance(value, str) and value in CHOICES else str(value).replace("_", " ")
    )


# Choices that an agreement writes as one word, in the reader's words.
CHOICES = {
    "next_working_day": gettext_lazy("next business day"),
    "no_roll": gettext_lazy("not put off"),
    "absolute_time": gettext_lazy("real time"),
    "lateness_only": gettext_lazy("the lateness only"),
    "whole_wait": gettext_lazy("the whole wait"),
}

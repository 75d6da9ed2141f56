"""Tags that draw in templates; loaded in all of them."""

from __future__ import annotations

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from jalon.figures import poles

register = template.Library()


@register.simple_tag
def pole(state: str, size: str = "short", said: bool = False, extra: str = "") -> SafeString:
    """{% pole obligation.state %}: the small pole of a state. Write the state's word beside it, or pass said=True."""
    return mark_safe(poles.pole(state, size=size, said=said, extra=extra)) if state else SafeString("")


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
    from django.utils.translation import get_language

    return mark_safe(drawing.svg((get_language() or "fr")[:2], **options))

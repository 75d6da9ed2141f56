"""What every page needs around its content."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of all templates: the present, the language that the page is not in, and whether this is the demo."""
    lang = (get_language() or "fr")[:2]
    return {
        "now": getattr(request, "now", None),
        "lang": lang,
        "other_lang": "en" if lang == "fr" else "fr",
        "demo": settings.DEMO,
        "theme": getattr(getattr(request, "user", None), "theme", ""),
    }

"""What every request is given before a view sees it: the present, and the reader's language and zone."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from jalon.config import clock
from jalon.wording import reading_at

Handler = Callable[[HttpRequest], HttpResponse]


def present(get_response: Handler) -> Handler:
    """`request.now`: read once, so that a page speaks of one instant."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.now = clock.now()  # type: ignore[attr-defined]
        with reading_at(request.now):  # type: ignore[attr-defined]
            return get_response(request)

    return middleware


def reader(get_response: Handler) -> Handler:
    """The language: asked for in the address, else chosen by the user, else by the browser; the user's zone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        asked = request.GET.get("lang", "")
        if asked in dict(settings.LANGUAGES):
            translation.activate(asked)
        elif user.is_authenticated and user.language:
            translation.activate(user.language)
        if user.is_authenticated:
            timezone.activate(ZoneInfo(user.zone))
        response = get_response(request)
        timezone.deactivate()
        response.headers.setdefault("Content-Language", translation.get_language() or "fr")
        return response

    return middleware

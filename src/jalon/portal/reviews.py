"""Reviews as the client sees them: those that were sent, their figures as sent, and what is known otherwise since."""

from __future__ import annotations

from datetime import date, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from jalon.accounts.models import Account
from jalon.documents import reviews as life
from jalon.documents.models import Review, SentReview
from jalon.documents.shown import page
from jalon.portal.doors import for_contact
from jalon.portal.home import provider_name


def _frame(request: HttpRequest, account: Account) -> dict[str, object]:
    person = request.person  # type: ignore[attr-defined]
    return {"here": "reviews", "account": account, "person": person, "provider_name": provider_name(account)}


@require_GET
@for_contact
def sent(request: HttpRequest, account: Account) -> HttpResponse:
    """The reviews that were sent, the latest month first."""
    rows = (
        SentReview.objects.filter(review__account=account).select_related("review").order_by("-review__month")
    )
    return render(request, "documents/portal_list.html", {**_frame(request, account), "rows": rows})


def _found(account: Account, month: str) -> Review:
    """A sent review of the client; a draft is not there for the portal."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise Http404("No such month.") from None
    found = (
        Review.objects.select_related("account", "sent")
        .filter(account=account, month=first)
        .exclude(sent=None)
        .first()
    )
    if found is None:
        raise Http404("No such review.")
    return found


@require_GET
@for_contact
def one(request: HttpRequest, account: Account, month: str) -> HttpResponse:
    """A review with its frozen figures, and the restatements beside them."""
    now: datetime = request.now  # type: ignore[attr-defined]
    review = _found(account, month)
    lang = (get_language() or "fr")[:2]
    context = {
        **_frame(request, account),
        "pdfs": [(code, reverse("portal:review-pdf", args=[month, code])) for code in life.LANGUAGES],
        **page(
            review,
            lang,
            now,
            href=reverse("portal:why", args=["KEY"]).replace("%", "%%").replace("KEY", "%s"),
        ),
    }
    return render(request, "documents/portal_review.html", context)


@require_GET
@for_contact
def pdf(request: HttpRequest, account: Account, month: str, lang: str) -> HttpResponse:
    """The file as it was sent, named by what it is, with its hash."""
    now: datetime = request.now  # type: ignore[attr-defined]
    review = _found(account, month)
    if lang not in review.sent.files:
        raise Http404("No such language.")
    response = HttpResponse(life.pdf_of(review, lang, now), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{life.file_name(review, lang)}"'
    response["ETag"] = f'"{review.sent.sha256[lang]}"'
    return response

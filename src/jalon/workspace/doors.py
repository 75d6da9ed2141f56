"""The doors: sign in, sign out, the demo's one click, the language, and which window each person goes to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from jalon.accounts import links, mine
from jalon.accounts.access import person_of
from jalon.accounts.models import Contact, Role, Staff, User
from jalon.core.obligations import Side
from jalon.notices import telling

BACKEND = "django.contrib.auth.backends.ModelBackend"


class SignIn(forms.Form):
    """Address and password, nothing else."""

    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def _safe(request: HttpRequest, address: str) -> str:
    """`address` when it is one of ours, else the start."""
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if address and ours else "/"


def home(request: HttpRequest) -> HttpResponse:
    """Each to their window; a visitor to the sign-in page."""
    person = person_of(request.user)
    if person is None:
        return redirect("sign-in")
    return redirect("workspace:today" if person.side == Side.PROVIDER else "portal:home")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; wrong answers are said without telling which of the two was wrong."""
    if not Staff.objects.exists():
        return redirect("welcome")
    after = request.POST.get("next", request.GET.get("next", ""))
    form = SignIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = authenticate(
            request, username=form.cleaned_data["email"].lower(), password=form.cleaned_data["password"]
        )
        if user is not None:
            login(request, user)
            return redirect(_safe(request, after))
        form.add_error(
            None,
            _(
                "This address and this password do not go together. Check both, or ask the person who invited you."
            ),
        )
    return render(
        request, "jalon/sign_in.html", {"form": form, "next": after}, status=400 if form.errors else 200
    )


class Forgotten(forms.Form):
    """Whose password is forgotten."""

    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))


@never_cache
@require_http_methods(["GET", "POST"])
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail; the answer is the same whether or not somebody has the address."""
    form = Forgotten(request.POST or None)
    asked = request.method == "POST" and form.is_valid()
    if asked:
        telling.forgotten(form.cleaned_data["email"].lower(), request.now)  # type: ignore[attr-defined]
    return render(
        request, "jalon/forgotten.html", {"form": form, "asked": asked}, status=422 if form.errors else 200
    )


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def set_password(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a password by a link of a mail, and come in; 410 where the link was used or is too old."""
    user = links.user_of(token, request.now)  # type: ignore[attr-defined]
    person = person_of(user)
    if user is None or person is None:
        return render(request, "jalon/set_password.html", {"gone": True}, status=410)
    form = mine.NewPassword(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user.set_password(form.cleaned_data["password"])
        user.save(update_fields=["password"])
        logout(request)
        login(request, user, backend=BACKEND)
        return redirect("home")
    context = {"form": form, "person": person, "email": user.email}
    return render(request, "jalon/set_password.html", context, status=422 if form.errors else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Out, back to the sign-in page."""
    logout(request)
    return redirect("sign-in")


def _demo_user(who: str) -> User | None:
    staff = Staff.objects.filter(active=True, user__isnull=False).select_related("user").order_by("pk")
    if who in (Role.CSM, Role.LEAD):
        return next((one.user for one in staff if who in one.roles), None)
    contacts = Contact.objects.filter(active=True, user__isnull=False).select_related("user")
    if who == "contact":
        # The client with most to do shows the portal best.
        first = contacts.order_by(
            "-account__standing__client_late", "-account__standing__client_judged", "pk"
        ).first()
        return first.user if first else None
    named = staff.filter(ref=who).first() or contacts.filter(ref=who).first()
    return named.user if named else None


@require_POST
def demo_enter(request: HttpRequest, who: str) -> HttpResponse:
    """In the demo only: become the CSM, the lead, a client's contact, or any invented person by `ref`."""
    if not settings.DEMO:
        raise Http404("Not a demo.")
    user = _demo_user(who)
    if user is None:
        raise Http404("Nobody by that name in the demo.")
    logout(request)
    login(request, user, backend=BACKEND)
    return redirect(_safe(request, request.POST.get("next", "")))


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language, kept with the user or else in a cookie; back to the page one came from."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        raise Http404("No such language.")
    response = redirect(_safe(request, request.POST.get("next", "")))
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=365 * 86400, samesite="Lax")
    user: Any = request.user
    if user.is_authenticated and user.language != chosen:
        user.language = chosen
        user.save(update_fields=["language"])
    return response


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme with whoever is signed in; "auto" follows the system. Answers 204: the page has changed already."""
    chosen = request.POST.get("theme", "")
    user: Any = request.user
    if chosen not in dict(mine.THEMES) or not user.is_authenticated:
        raise Http404("No such theme.")
    mine.keep_theme(user, chosen)
    return HttpResponse(status=204)

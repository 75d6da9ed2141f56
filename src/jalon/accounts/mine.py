"""What a person sets for herself, in either window: language, theme, password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from jalon.accounts.models import User

AUTO = "auto"
THEMES = (
    (AUTO, _("As the system")),
    ("light", pgettext_lazy("theme", "Light")),
    ("dark", pgettext_lazy("theme", "Dark")),
)


PASSWORD_HELP = _("Twelve characters or more; a sentence is easy to remember and hard to guess.")


class Preferences(forms.Form):
    """The language and the theme of every page and mail, on every device."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    theme = forms.ChoiceField(label=_("Theme"), choices=THEMES)


class NewPassword(forms.Form):
    """A password that the installation accepts."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=PASSWORD_HELP,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password(self) -> str:
        """The password, or the sentences that say why it is not accepted."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password


class ChangedPassword(NewPassword):
    """A new password, given by who knows the present one."""

    current = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["current", "password"]

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data)
        self.user = user
        if not user.has_usable_password():
            # Who entered by the demo's door has none: there is nothing to know.
            del self.fields["current"]

    def clean_current(self) -> str:
        """The present password, when it is the right one."""
        current: str = self.cleaned_data["current"]
        if not self.user.check_password(current):
            raise forms.ValidationError(_("This is not your present password."))
        return current


@dataclass(frozen=True)
class Mine:
    """The two forms of a person's own settings; `saved` once one of them was kept."""

    preferences: Preferences
    password: ChangedPassword
    saved: bool = False

    @property
    def status(self) -> int:
        """The answer's status: 422 where something typed is not accepted."""
        return 422 if self.preferences.errors or self.password.errors else 200


def keep_theme(user: User, chosen: str) -> None:
    """Keep a theme of THEMES; AUTO is kept as nothing."""
    user.theme = "" if chosen == AUTO else chosen
    user.save(update_fields=["theme"])


def answer(request: HttpRequest) -> Mine:
    """The forms of whoever asks; a POST with `do` = preferences or password is kept, and said in a notice."""
    user: Any = request.user
    do = request.POST.get("do", "") if request.method == "POST" else ""
    known = {"language": user.language, "theme": user.theme or AUTO}
    preferences = Preferences(request.POST if do == "preferences" else None, initial=known)
    password = ChangedPassword(user, request.POST if do == "password" else None)
    if do == "preferences" and preferences.is_valid():
        user.language = preferences.cleaned_data["language"]
        user.save(update_fields=["language"])
        keep_theme(user, preferences.cleaned_data["theme"])
        # The notice is read in the language that was just chosen.
        with translation.override(user.language):
            messages.success(request, gettext("Kept: every page and mail follows, on all your devices."))
        return Mine(preferences, password, saved=True)
    if do == "password" and password.is_valid():
        user.set_password(password.cleaned_data["password"])
        user.save(update_fields=["password"])
        update_session_auth_hash(request, user)
        messages.success(
            request,
            gettext("Your password is changed. Wherever else you were signed in, you will be asked for it."),
        )
        return Mine(preferences, password, saved=True)
    return Mine(preferences, password)

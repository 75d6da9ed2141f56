"""What came of one line of a file, and what every importer shares: finding a client, a member of staff, a free ref."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.text import slugify

from jalon.accounts.models import Account, Staff
from jalon.core.text import SaidError, Text, _
from jalon.ledger.importing.reading import Row

CREATED, UPDATED, UNCHANGED, REFUSED = "created", "updated", "unchanged", "refused"


class LineRefused(SaidError):
    """A line that is not taken; nothing of it is written. `said` is the reason."""


@dataclass(frozen=True)
class Outcome:
    """What came of a line: `subject` is whom it speaks of, `said` what changed or why it was refused."""

    result: str
    subject: str
    said: tuple[Text, ...] = ()


@dataclass
class Context:
    """What a whole file shares: who imports, when, and what its earlier lines were about."""

    now: datetime
    by: str
    dry_run: bool = False
    source: str = "import"  # as facts say it: import, or ui where a person types the same thing on a page
    seen: dict[str, int] = field(default_factory=dict)

    def once(self, key: str, line: int) -> None:
        """Refuse a second line about the same thing."""
        if key in self.seen:
            raise LineRefused(_("Line %(line)s already speaks of this.", line=self.seen[key]))
        self.seen[key] = line


@dataclass(frozen=True)
class Importer:
    """A kind of file: its columns with the headers that name them, what it cannot do without, and what takes a line."""

    kind: str
    columns: Mapping[str, tuple[str, ...]]
    needed: tuple[tuple[str, ...], ...]
    take: Callable[[Row, Context], Outcome]


def client_of(written: str) -> Account:
    """The client by its ref, else by its exact name. Raises LineRefused."""
    if not written:
        raise LineRefused(_("The client is missing."))
    found = Account.objects.filter(ref=written).first()
    if found:
        return found
    named = list(Account.objects.filter(name__iexact=written)[:2])
    if len(named) == 1:
        return named[0]
    if named:
        raise LineRefused(_("Several clients are called “%(name)s”: give the client’s ref.", name=written))
    raise LineRefused(_("There is no client “%(name)s”: import the clients first.", name=written))


def staff_of(written: str) -> str:
    """The ref of a member of staff given by ref, e-mail or name; "" where nothing is written. Raises LineRefused."""
    if not written:
        return ""
    for column in ("ref", "email__iexact", "name__iexact"):
        found = list(Staff.objects.filter(active=True, **{column: written}).values_list("ref", flat=True)[:2])
        if len(found) == 1:
            return found[0]
    raise LineRefused(
        _("There is nobody called “%(name)s” in the team: add them in the settings first.", name=written)
    )


def free_ref(name: str, taken: Iterable[str], longest: int = 60) -> str:
    """A ref made of a name, with a number where it is taken."""
    bare = slugify(name)[:longest].strip("-") or "x"
    used = set(taken)
    if bare not in used:
        return bare
    return next(ref for n in range(2, len(used) + 3) if (ref := f"{bare}-{n}") not in used)


def change(row: object, values: Mapping[str, object]) -> list[str]:
    """Set the values that differ, and say which; an empty value leaves what is there."""
    changed = [
        name for name, value in values.items() if value not in ("", None, []) and getattr(row, name) != value
    ]
    for name in changed:
        setattr(row, name, values[name])
    return changed

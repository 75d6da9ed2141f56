"""Write docs/reference/ from the code: fact kinds, the shipped agreements, commands, settings. `--check` fails when a page is stale."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "reference"
NOTE = "<!-- Written by `make docs` from the code; change the code, not this page. -->\n"


def facts_page() -> str:
    """Every kind of fact: who records it, its fields."""
    from jalon.core.facts.catalogue import KINDS
    from jalon.core.facts.completeness import ROWS
    from jalon.wording import say

    rows_of = "\n".join(
        f"- `{type_.value}`: "
        + ", ".join(f"`{c.name}`" + (" (asked for)" if c.required_to_record else "") for c in columns)
        for type_, columns in ROWS.items()
    )
    families: dict[str, list[str]] = {}
    for kind in KINDS.values():
        rows = [
            f"| `{f.name}` | {f.type.value} | {_asked(f)} | {'yes' if f.personal else ''} | {say(f.label, 'en')} | {say(f.label, 'fr')} |"
            for f in kind.fields
        ]
        sides = ", ".join(sorted(side.value for side in kind.by))
        families.setdefault(kind.family, []).append(
            f"### `{kind.kind}`\n\n{say(kind.label, 'en')} / {say(kind.label, 'fr')}. Recorded by: {sides}. At: {kind.at}.\n\n"
            + (
                "| field | type | required | personal | English | French |\n|---|---|---|---|---|---|\n"
                + "\n".join(rows)
                + "\n"
                if rows
                else ""
            )
        )
    body = "\n".join(f"## {family.capitalize()}\n\n" + "\n".join(kinds) for family, kinds in families.items())
    return (
        f"{NOTE}# Kinds of facts\n\n{len(KINDS)} kinds. A fact also carries its envelope: id, at, recorded_at, side, recorded_by, source, visibility, evidence.\n\n"
        "## Required, twice\n\n"
        "**always** (`required`): without it the fact means nothing, and it is refused wherever it comes from, a file of `jalon assess` included.\n\n"
        "**to record** (`required_to_record`): what its clause needs, asked of a person who records now (the workspace, the portal, mail, the API). "
        "A file of facts and a history taken over may lack it: it is read with what it has. A condition after it says when it is asked for.\n\n"
        f"Lists of rows have their own columns:\n\n{rows_of}\n\n{body}"
    )


def _asked(field: Any) -> str:
    """How strictly a field is asked for."""
    if field.required:
        return "always"
    if not field.required_to_record:
        return ""
    if field.when is None:
        return "to record"
    other, values = field.when
    said = " or ".join(
        "absent" if v is None else str(v).lower() if isinstance(v, bool) else f"`{v}`" for v in values
    )
    return f"to record, if `{other}` is {said}"


def agreement_pages() -> Iterator[tuple[str, str]]:
    """A page an agreement: its norms and its numbers, with their origin."""
    from jalon.core.agreement.loading import parse
    from jalon.core.norms.registry import runs

    for file in sorted((ROOT / "agreements").glob("*/*/agreement.yaml")):
        agreement = parse(file.read_text(encoding="utf-8"), file=str(file.relative_to(ROOT)))
        norms = [
            f"| {n.clause} | `{n.id}` | {n.title.en} | {n.title.fr} | {n.kind} | {n.debtor} | {'yes' if runs(n) else '**not run yet**'} |"
            for n in agreement.norms.values()
        ]
        numbers = [
            f"| {p.clause} | `{p.name}` | {p.label.en if p.label else ''} | `{_plain(p.value)}` | {p.origin} | {p.law} |"
            for p in agreement.parameters.values()
        ]
        text = (
            f"{NOTE}# {agreement.title.en}\n\n*{agreement.title.fr}*, version {agreement.version}, {agreement.status}.\n\n## Norms\n\n"
            "| clause | norm | English | French | kind | debtor | run |\n|---|---|---|---|---|---|---|\n" + "\n".join(norms)
            + "\n\n## Numbers\n\n| clause | name | what | value | origin | law |\n|---|---|---|---|---|---|\n" + "\n".join(numbers) + "\n"
        )  # fmt: skip
        yield f"agreement-{agreement.id}.md", text


def _plain(value: object) -> str:
    return re.sub(r"\s+", " ", str(value)).replace("|", "\\|")


def commands_page() -> str:
    """What `jalon` can do, from its own help."""
    from jalon.config.cli import build_parser

    parser = build_parser()
    parts = [f"{NOTE}# The command line\n\n```text\n{parser.format_help().strip()}\n```\n"]
    for name, sub in _subparsers(parser):
        parts.append(f"## `jalon {name}`\n\n```text\n{sub.format_help().strip()}\n```\n")
    return "\n".join(parts)


def _subparsers(
    parser: argparse.ArgumentParser, prefix: str = ""
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, sub in action.choices.items():
                yield f"{prefix}{name}", sub
                yield from _subparsers(sub, f"{prefix}{name} ")


def linter_page() -> str:
    """Every rule of the linter, from its registry."""
    from jalon.core.agreement.linting import RULES
    from jalon.wording import say

    rows = [
        f"| {one.id} | {say(one.what, 'en')} | {say(one.why, 'en')} | {say(one.mend, 'en')} | {one.severity} |"
        for one in sorted(RULES.values(), key=lambda one: ("YSPATLBCDEFOV".index(one.id[0]), int(one.id[1:])))
    ]
    return (
        f"{NOTE}# The linter’s rules\n\n{len(RULES)} rules. `jalon agreement check PATH` names the file, the line, the clause, "
        "what is wrong and how to mend it, in French or English.\n\n"
        "| rule | what it holds | why | how to mend | |\n|---|---|---|---|---|\n" + "\n".join(rows) + "\n"
    )  # fmt: skip


def schema_text() -> str:
    """The JSON Schema that editors read."""
    from jalon.core.agreement.schema import json_schema

    return json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n"


def settings_page() -> str:
    """Every JALON_* variable that the code reads, with the line that reads it said in words beside it."""
    words = {
        "JALON_HOME": "The folder of the installation: database, files, usage, key. Default `var`.",
        "JALON_DEMO": "`1` opens the demo: banner, one-click entry.",
        "JALON_DEBUG": "`1` shows errors in full. Never in production.",
        "JALON_SECRET_KEY": "Signs sessions. Made once and kept in the home when not set.",
        "JALON_HOSTS": "Host names that are answered, space-separated.",
        "JALON_ORIGINS": "Origins (`https://…`) trusted for forms, space-separated.",
        "JALON_DATABASE": "`postgresql://user:password@host:port/name`; SQLite in the home when not set.",
        "JALON_LEDGER_KEY": "File of the key that signs checkpoints.",
        "JALON_LEDGER_NAME": "Name under which checkpoints are signed; made from the key where it is not given.",
        "JALON_BACKUPS": "Folder of the backups: best on another disk.",
        "JALON_BACKUPS_KEPT": "How many daily backups are kept.",
        "JALON_BACKUP_RECIPIENT": "Who can open backups (age1…); a key is made in the home where it is not given.",
        "JALON_HIGH_WATER": "Folder of the last checkpoint signed for each client: best on another volume.",
        "JALON_SMTP_HOST": "Mail server. When not set, mails are written to the folder `mail` of the home.",
        "JALON_SMTP_PORT": "Its port. Default 25.",
        "JALON_SMTP_TLS": "`starttls` or `ssl`; not encrypted when not set.",
        "JALON_SMTP_USER": "Whom the mail server knows.",
        "JALON_SMTP_PASSWORD": "The password of that user.",
        "JALON_ADDRESS": "Where people find this installation (`https://jalon.example.com`): the links of mails begin with it.",
        "JALON_MAIL_FROM": "Sender of mails.",
        "JALON_HTTPS": "`1` behind HTTPS: cookies are sent over HTTPS only.",
        "JALON_NOW": "Fixes the clock (ISO 8601 with offset): tests and demonstrations.",
        "JALON_AGREEMENTS": "A folder with agreements of your own, `<name>/<version>/agreement.yaml`.",
        "JALON_SHARED_DATA": "Where the tests on real data sets look for them.",
    }
    found = set()
    for source in (ROOT / "src").glob("**/*.py"):
        found |= set(re.findall(r"[\"'](JALON_[A-Z_]+)[\"']", source.read_text(encoding="utf-8")))
    unknown = found - words.keys()
    if unknown:
        raise SystemExit(
            f"scripts/reference.py has no words for {', '.join(sorted(unknown))}: add them to settings_page()"
        )
    rows = [f"| `{name}` | {words[name]} |" for name in sorted(found)]
    return (
        f"{NOTE}# Settings\n\nEnvironment variables.\n\n| name | what it does |\n|---|---|\n"
        + "\n".join(rows)
        + "\n"
    )


def pages() -> dict[str, str]:
    """Every page by file name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalon.config.settings")
    import django

    django.setup()
    return {
        "facts.md": facts_page(),
        "commands.md": commands_page(),
        "settings.md": settings_page(),
        "linter.md": linter_page(),
        "../../agreements/agreement.schema.json": schema_text(),
        **dict(agreement_pages()),
    }


def main() -> int:
    """Write the pages, or compare them with `--check`; returns an exit code."""
    os.environ["COLUMNS"] = "100"
    checking = "--check" in sys.argv
    PAGES.mkdir(parents=True, exist_ok=True)
    stale = []
    for name, text in pages().items():
        page = PAGES / name
        if page.exists() and page.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not checking:
            page.write_text(text, encoding="utf-8")
    if checking and stale:
        print(f"docs/reference is behind the code ({', '.join(stale)}): make docs")
        return 1
    print(f"docs/reference: {'as the code says' if not stale else 'written: ' + ', '.join(stale)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

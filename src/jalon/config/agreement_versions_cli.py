"""`jalon agreement diff` and `jalon agreement new`: two versions compared, and the skeleton of a first one."""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import yaml

from jalon.accounts.shelf import FILE
from jalon.config.assess_cli import read_agreement
from jalon.config.plain_words import LANGUAGES, language, words
from jalon.core.agreement.diffing import RULE, Change, Diff, diff
from jalon.core.agreement.model import Agreement
from jalon.core.agreement.problems import AgreementError
from jalon.core.agreement.schema import json_schema
from jalon.core.text import Text, _

SKELETON = Path(__file__).with_name("skeleton") / FILE
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def register(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add both commands to those of `jalon agreement`."""
    compare = commands.add_parser(
        "diff", help="what changes between two versions, for whom, and the number it calls for"
    )
    compare.add_argument("before", type=Path, help="the file or folder of the version before")
    compare.add_argument("after", type=Path, help="the file or folder of the new version")
    compare.add_argument("--format", choices=("text", "json"), default="text")
    compare.add_argument("--lang", choices=LANGUAGES)
    compare.set_defaults(run=run_diff)
    new = commands.add_parser("new", help="write the commented skeleton of an agreement of your own")
    new.add_argument("name", help="small letters, digits and hyphens: support-2027")
    new.add_argument("--into", type=Path, default=Path("agreements"), help="the folder of your agreements")
    new.add_argument("--lang", choices=LANGUAGES, help="the language of the signed text and of the comments")
    new.set_defaults(run=run_new)


def run_diff(args: argparse.Namespace, _now: datetime) -> int:
    """Print what changes; 0 compared, 1 when a file is refused or the new number says too little, 2 where there is no file."""
    lang = language(args.lang)
    try:
        before, after = read_agreement(args.before), read_agreement(args.after)
    except AgreementError as error:
        for problem in error.problems:
            print(
                f"{problem.file}:{problem.line}:{problem.column} {words(problem.said, lang)}", file=sys.stderr
            )
        return 1
    except (OSError, UnicodeDecodeError) as error:
        print(error, file=sys.stderr)
        return 2
    found = diff(before, after)
    if args.format == "json":
        print(json.dumps(as_json(found, lang), ensure_ascii=False, indent=2))
    else:
        print("\n".join(as_lines(found, after, lang)))
    return 0 if found.is_high_enough else 1


def as_lines(found: Diff, agreement: Agreement, lang: str) -> Iterator[str]:
    """The changes as a page of plain text: for the vendor, for the client, the words; then the number."""
    yield f"{agreement.id} {found.before} → {found.after}"
    if not found.changes:
        yield words(_("Nothing that anybody reads or owes changes."), lang)
        return
    for heading, side in ((_("For the vendor"), "for_provider"), (_("For the client"), "for_client")):
        mine = [change for change in found.changes if getattr(change, side) is not None]
        if mine:
            yield f"\n{words(heading, lang)}"
            for change in mine:
                yield f"  {_sentence(change, lang)} {words(getattr(change, side), lang)}"
    rest = [change for change in found.changes if change.for_provider is None and change.for_client is None]
    if rest:
        yield ""
        yield words(_("In the text"), lang)
        for change in rest:
            yield f"  {_sentence(change, lang)}"
    yield f"\n{words(verdict(found), lang)} {words(RULE, lang)}"


def _sentence(change: Change, lang: str) -> str:
    clause = f"[{change.clause}] " if change.clause else ""
    return f"{clause}{words(change.said, lang)}"


def verdict(found: Diff) -> Text:
    """Whether the number of the new version says enough, and which one would."""
    if found.is_high_enough:
        return _("Version %(after)s says enough (at least %(least)s).", after=found.after, least=found.least)
    return _(
        "Version %(after)s says too little: write %(least)s at least.", after=found.after, least=found.least
    )


def as_json(found: Diff, lang: str) -> dict[str, object]:
    """The comparison as JSON values, its sentences in `lang`."""
    return {
        "before": found.before, "after": found.after, "bump": found.bump, "least": found.least,
        "high_enough": found.is_high_enough,
        "changes": [
            {
                "bump": change.bump, "path": change.path, "clause": change.clause, "said": words(change.said, lang),
                "for_provider": words(change.for_provider, lang) if change.for_provider else None,
                "for_client": words(change.for_client, lang) if change.for_client else None,
            }
            for change in found.changes
        ],
    }  # fmt: skip


def run_new(args: argparse.Namespace, now: datetime) -> int:
    """Write the skeleton beside its source text; 0 done, 2 for a wrong name or where something is there already."""
    lang = language(args.lang)
    folder = args.into / args.name / now.date().isoformat()
    if not _NAME.fullmatch(args.name):
        print(
            words(_("A name is made of small letters, digits and hyphens: support-2027."), lang),
            file=sys.stderr,
        )
        return 2
    if folder.exists():
        print(
            words(_("%(path)s is there already: nothing was written.", path=str(folder)), lang),
            file=sys.stderr,
        )
        return 2
    folder.mkdir(parents=True)
    text, source = skeleton(args.name, lang, now)
    (folder / FILE).write_text(text, encoding="utf-8")
    schema = args.into / "agreement.schema.json"
    if not schema.exists():
        schema.write_text(json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / f"source.{lang}.txt").write_text(source, encoding="utf-8")
    print(words(_("Written: %(path)s. Next: fill in what stands between < and >, then jalon agreement check %(path)s",
                  path=str(folder)), lang))  # fmt: skip
    return 0


def skeleton(name: str, lang: str, now: datetime) -> tuple[str, str]:
    """The agreement file and its source text, with the comments and the authentic text in `lang`."""
    template = SKELETON.read_text(encoding="utf-8")
    kept = [
        re.sub(rf"^(\s*)#{lang} ", r"\1# ", line)
        for line in template.split("\n")
        if not re.match(rf"\s*#(?!{lang})(fr|en) ", line)
    ]
    source = _source(yaml.safe_load(_filled("\n".join(kept), name, lang, now, "0" * 64))["clauses"], lang)
    digest = hashlib.sha256(source.encode("utf-8")).hexdigest()
    return _filled("\n".join(kept), name, lang, now, digest), source


def _source(clauses: list[dict[str, str]], lang: str) -> str:
    title = "L’accord" if lang == "fr" else "The agreement"
    colon = "\u202f:" if lang == "fr" else ":"
    return f"{title}\n" + "".join(f"\n{c['id']}. {c['title'][lang]}{colon} {c[lang]}\n" for c in clauses)  # type: ignore[index]


def _filled(text: str, name: str, lang: str, now: datetime, digest: str) -> str:
    values = {
        "id": name, "lang": lang, "{other}": "{" + ("en" if lang == "fr" else "fr"), "date": now.date().isoformat(),
        "year": str(now.year), "sha256": digest,
    }  # fmt: skip
    for key, value in values.items():
        text = text.replace("{{" + key + "}}", value)
    return text

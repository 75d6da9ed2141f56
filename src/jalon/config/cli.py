"""The command line: `jalon`. Each app brings its own commands; pure ones run without a database."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import os
import sys
from importlib.metadata import version

from jalon.config import clock

PURE = ("jalon.config.pure_cli",)
APPS = (
    "jalon.config.running", "jalon.accounts.cli", "jalon.ledger.cli", "jalon.usage.cli", "jalon.trust.cli", "jalon.documents.cli", "jalon.demo.cli",
)  # fmt: skip


def build_parser() -> argparse.ArgumentParser:
    """The whole parser; importing the apps' commands sets Django up."""
    parser = argparse.ArgumentParser(prog="jalon", description="Runs a customer-success agreement.")
    parser.add_argument("--version", action="version", version=f"jalon {version('jalon')}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for module in (*PURE, *APPS):
        _register(module, commands)
    return parser


def _register(module: str, commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    if importlib.util.find_spec(module) is not None:
        importlib.import_module(module).register(commands)


def _is_pure(arguments: list[str]) -> bool:
    return bool(arguments) and arguments[0] in ("assess", "cap", "agreement")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code: 0 done, 1 refused or found wrong, 2 not understood."""
    arguments = sys.argv[1:] if arguments is None else arguments
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalon.config.settings")
    if _is_pure(arguments):
        return _run_pure(arguments)
    import django

    django.setup()
    args = build_parser().parse_args(arguments)
    return int(args.run(args, clock.now()) or 0)


def _run_pure(arguments: list[str]) -> int:
    # No database and no home folder is touched, no key is made: only the words of both languages are loaded.
    os.environ.setdefault("JALON_SECRET_KEY", "not used by pure commands")
    parser = argparse.ArgumentParser(prog="jalon")
    commands = parser.add_subparsers(dest="command", required=True)
    for module in PURE:
        _register(module, commands)
    args = parser.parse_args(arguments)
    return int(args.run(args, clock.now()) or 0)


if __name__ == "__main__":
    sys.exit(main())

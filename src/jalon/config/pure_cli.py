"""Commands that need neither a database nor a home folder: `agreement`, `assess` and `cap`."""

from __future__ import annotations

import argparse
import importlib
import importlib.util

MODULES = ("jalon.config.agreement_cli", "jalon.config.assess_cli", "jalon.config.cap_cli")


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the pure commands to the parser of `jalon`."""
    for module in MODULES:
        if importlib.util.find_spec(module) is not None:
            importlib.import_module(module).register(subparsers)

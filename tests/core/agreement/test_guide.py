"""The guide “Encode your agreement in an hour”, in both languages: every command and every edit is done as written."""

from __future__ import annotations

from pathlib import Path

import pytest

from jalon.config.cli import main
from tests.core.agreement.guide import agrees, commands, edit, run, steps

GUIDES = Path(__file__).parents[3] / "docs/guide"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_guide_does_what_it_says(
    lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    guide = (GUIDES / f"encode-your-agreement.{lang}.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JALON_NOW", "2026-01-05T09:00:00+00:00")
    monkeypatch.setenv("LANG", f"{lang}_XX.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES", "JALON_AGREEMENTS"):
        monkeypatch.delenv(name, raising=False)

    def jalon(arguments: list[str]) -> str:
        capsys.readouterr()
        main(arguments)
        found = capsys.readouterr()
        return found.out + found.err

    done = 0
    for step in steps(guide):
        if step.kind != "console":
            edit(tmp_path, step)
            continue
        for command, wanted in commands(step.body):
            printed = run(tmp_path, command, jalon)
            assert agrees(printed, wanted), f"line {step.line}: $ {command}\n{printed}"
            done += 1
    assert done >= 8


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_no_command_of_the_guide_is_left_out_of_the_test(lang: str) -> None:
    guide = (GUIDES / f"encode-your-agreement.{lang}.md").read_text(encoding="utf-8")
    shown = [line for line in guide.split("\n") if line.startswith(("$ ", "jalon "))]
    ran = [
        command for step in steps(guide) if step.kind == "console" for command, _out in commands(step.body)
    ]
    assert [line.removeprefix("$ ") for line in shown] == ran

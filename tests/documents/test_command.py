"""`jalon review draft`: a PDF from a user's command."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from jalon.documents import cli
from tests.documents import story
from tests.documents.story import NOW
from tests.documents.test_paper import text_of

pytestmark = pytest.mark.django_db


def _run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    cli.register(parser.add_subparsers())
    args = parser.parse_args(["review", "draft", *arguments])
    return args.run(args, NOW)


def test_it_writes_the_review_of_a_month(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story.bare("nova-12")
    out = tmp_path / "revue.pdf"
    assert _run("--client", "nova-12", "--month", "2015-12", "--lang", "fr", "--out", str(out)) == 0
    assert "Revue de décembre 2015" in text_of(out.read_bytes())
    assert str(out) in capsys.readouterr().out


def test_an_unknown_client_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "revue.pdf"
    assert _run("--client", "nobody", "--month", "2015-12", "--out", str(out)) == 1
    assert "nobody" in capsys.readouterr().err
    assert not out.exists()


def test_a_month_is_written_with_its_year(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        _run("--client", "nova-12", "--month", "December", "--out", str(tmp_path / "x.pdf"))
    assert stopped.value.code == 2

"""Files of facts: three ways to write them, and every refusal with its line."""

from __future__ import annotations

import pytest

from jalon.core.facts.files import FactsError, read_facts
from jalon.wording import say

REPLY = '{"kind": "client.reply", "at": "2026-01-05T10:00:00+01:00", "question": "q1"}'


@pytest.mark.parametrize(
    "text", [REPLY, f"\n{REPLY}\n\n", f"[{REPLY}]", f"- {REPLY}", f"facts:\n  - {REPLY}", f'{{"facts": [{REPLY}]}}']
)  # fmt: skip
def test_lines_a_list_or_facts_say_the_same(text: str) -> None:
    (fact,) = read_facts(text)
    assert fact.kind == "client.reply"


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing yet\n"])
def test_an_empty_file_has_no_fact(text: str) -> None:
    assert read_facts(text) == ()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("facts: {a: 1}\n", 1, "Write the facts as JSON lines, a list, or under “facts:”."),
        ("- {kind: client.reply, kind: x}\n", 1, "The key “kind” is written twice."),
        (f'{REPLY}\n{{"kind": \n', 2, "This line is not a JSON object"),
        ('{"kind": "client.reply", "kind": "x"}', 1, "a key is written twice"),
        ('{"kind": "client.reply", at}', 1, "This line is not a JSON object"),
        (f"{REPLY}\n[1]\n", 2, "A fact is one object with its keys"),
        ('- {id: a, kind: client.reply, at: 2026-01-05, question: q1}\n- {id: a, kind: client.reply, at: 2026-01-05, question: q2}\n',
         2, "The id “a” is already that of another fact."),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(FactsError) as caught:
        read_facts(text, file="facts.yaml")
    (problem,) = caught.value.problems
    assert (problem.line, problem.file) == (line, "facts.yaml")
    assert said in say(problem.said, "en")
    assert "facts.yaml" in str(caught.value)

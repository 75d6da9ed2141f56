"""What is wrong in a file that a person wrote: where, what, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass

from jalon.core.text import Text


@dataclass(frozen=True)
class Problem:
    """One fault of a file. `rule` is the linter's code (S0, A1, ...); `severity` is error or warning."""

    said: Text
    file: str = ""
    line: int = 0  # from 1; 0 when the fault is the file's as a whole
    column: int = 0
    path: str = ""  # norms.N2-csm.due
    rule: str = "S0"
    severity: str = "error"
    clause: str = ""
    mend: Text | None = None

    def __str__(self) -> str:
        place = f"{self.file or '-'}:{self.line}:{self.column}"
        return f"{place} {self.rule} {self.path} {self.said.msgid % dict(self.said.values)}"


class AgreementError(ValueError):
    """An agreement file that cannot be used; carries every problem found, in the order of the file."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))

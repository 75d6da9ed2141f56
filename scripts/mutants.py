"""How much the tests notice: change one thing at a time in the rules, and count the changes that some test refuses.

A change (a *mutant*) turns `<` into `<=`, `and` into `or`, `+` into `-`, a number into the next one, a returned value into None,
skips a statement, and so on, inside a function of the modules measured. Only the tests that run its line are run against it,
each in a process forked from one that has everything loaded, so that a mutant costs a second and not ten.

    scripts/mutants.py --sample 300 --seed 1                 exit 1 under --least percent
    scripts/mutants.py --only core/money/rates.py --sample 0  every mutant of a module

What cannot be told apart by any test, because it behaves the same, is listed with its reason in scripts/mutants.yaml.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import importlib
import json
import os
import random
import signal
import sys
import time
import types
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
import yaml

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src/jalon"
TARGETS = ("core/timekeeping/*.py", "core/money/*.py", "core/engine.py")
TESTS = (
    "tests/core/money",
    "tests/core/timekeeping",
    "tests/core/engine/test_assessing.py",
    "tests/core/engine/test_scenarios.py",
)
SLOW = 2.0  # seconds: a slower test is asked last, when the quick ones saw nothing
PATIENCE = 120  # seconds, beside ten times what its tests usually take, after which a mutant that still runs is dead: it loops

sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Add,
    ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.Pow: ast.Mult,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change: where it is, in words, and what stands in the place of what."""

    module: str  # jalon.core.money.rates
    function: str  # Rates.late_on
    line: int
    said: str
    tree: ast.Module
    path: tuple[tuple[str, int | None], ...]  # from the module down to the node
    new: ast.AST

    @property
    def name(self) -> str:
        """What a list of exceptions calls it, without its line: the line moves with every edit."""
        return f"{self.module.removeprefix('jalon.')}:{self.function}: {self.said}"

    def code(self) -> types.CodeType:
        """The module as it then reads, compiled."""
        whole = copy.deepcopy(self.tree)
        parent: Any = whole
        for field, i in self.path[:-1]:
            parent = getattr(parent, field) if i is None else getattr(parent, field)[i]
        field, i = self.path[-1]
        if i is None:
            setattr(parent, field, self.new)
        else:
            getattr(parent, field)[i] = self.new
        return compile(ast.fix_missing_locations(whole), self.module, "exec", dont_inherit=True)


# -- making mutants


def changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Each other way to write `node`, with its words."""
    match node:
        case ast.Compare(ops=ops):
            for i, op in enumerate(ops):
                if (other := COMPARED.get(type(op))) is not None:
                    new = copy.deepcopy(node)
                    new.ops[i] = other()
                    yield f"{ast.unparse(node)} -> {ast.unparse(new)}", new
        case ast.BoolOp(op=op, values=values):
            new = copy.deepcopy(node)
            new.op = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield f"{ast.unparse(node)} -> {ast.unparse(new)}", new
            for i in range(len(values)):
                rest = [copy.deepcopy(one) for j, one in enumerate(values) if j != i]
                fewer = rest[0] if len(rest) == 1 else ast.BoolOp(copy.deepcopy(op), rest)
                yield f"{ast.unparse(node)} -> {ast.unparse(fewer)}", fewer
        case ast.BinOp(op=op) if type(op) in COUNTED:
            new = copy.deepcopy(node)
            new.op = COUNTED[type(op)]()
            yield f"{ast.unparse(node)} -> {ast.unparse(new)}", new
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield f"{ast.unparse(node)} -> {ast.unparse(operand)}", copy.deepcopy(operand)
        case ast.Constant(value=bool(value)):
            yield f"{value} -> {not value}", ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield f"{value} -> {value + 1}", ast.Constant(value + 1)
        case ast.IfExp(test=test):
            new = copy.deepcopy(node)
            new.test = ast.UnaryOp(ast.Not(), copy.deepcopy(test))
            yield f"{ast.unparse(node)} -> {ast.unparse(new)}", new
        case ast.If(test=test) | ast.While(test=test):
            new = copy.deepcopy(node)
            new.test = ast.UnaryOp(ast.Not(), copy.deepcopy(test))
            yield f"{type(node).__name__.lower()} {ast.unparse(test)} -> not", new
        case ast.Return(value=value) if value is not None and not _is_none(value):
            yield f"{ast.unparse(node)} -> return None", ast.Return(ast.Constant(None))
        case ast.Continue():
            yield "continue -> break", ast.Break()
        case ast.Break():
            yield "break -> continue", ast.Continue()
        case ast.AugAssign(op=op) if type(op) in COUNTED:
            new = copy.deepcopy(node)
            new.op = COUNTED[type(op)]()
            yield f"{ast.unparse(node)} -> {ast.unparse(new)}", new
        case ast.Expr(value=ast.Call()):
            yield f"{ast.unparse(node)} -> nothing", ast.Pass()


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def mutants_of(module: str, text: str) -> list[Mutant]:
    """Every mutant of a module: inside functions only, where a change can be put in place while the program runs."""
    tree = ast.parse(text)
    found: list[Mutant] = []

    def visit(node: ast.AST, function: str, path: tuple[tuple[str, int | None], ...]) -> None:
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "returns", "decorator_list", "args") and not isinstance(
                node, ast.Call
            ):
                continue  # a type changes nothing that runs; a default is bound once, before any change
            for i, child in enumerate(value) if isinstance(value, list) else ((None, value),):
                if not isinstance(child, ast.AST):
                    continue
                here = (*path, (field, i))
                if isinstance(child, ast.FunctionDef | ast.ClassDef):
                    visit(child, f"{function}.{child.name}".strip("."), here)
                    continue
                if function and not isinstance(node, ast.ClassDef):
                    for said, new in changes(child):
                        ast.copy_location(new, child)
                        found.append(Mutant(module, function, child.lineno, said, tree, here, new))  # type: ignore[attr-defined]
                visit(child, function, here)

    visit(tree, "", ())
    return found


# -- putting one in place


def put_in_place(mutant: Mutant) -> None:
    """The loaded functions of the module run the mutant's code from now on, whoever holds them."""
    module = importlib.import_module(mutant.module)
    name = mutant.function.split(".")
    for code in (one for one in mutant.code().co_consts if isinstance(one, types.CodeType)):
        _replace(vars(module), code, name)


def _replace(space: Any, code: types.CodeType, names: list[str]) -> None:
    if code.co_name != names[0]:
        return
    held = space.get(code.co_name)
    if isinstance(held, type):
        for inner in (one for one in code.co_consts if isinstance(one, types.CodeType)):
            _replace(vars(held), inner, names[1:])
        return
    for function in _functions(held):
        function.__code__ = code


def _functions(held: Any) -> Iterator[types.FunctionType]:
    if isinstance(held, staticmethod | classmethod):
        held = held.__func__
    if isinstance(held, property):
        held = held.fget
    held = getattr(held, "func", held)  # cached_property
    held = getattr(held, "__wrapped__", held)  # lru_cache
    if isinstance(held, types.FunctionType):
        yield held


# -- running


@dataclass(frozen=True)
class Known:
    """Which tests run each line, and how long each test takes."""

    tests: dict[str, list[str]]  # "jalon.core.money.rates:12" -> node ids
    taken: dict[str, float]

    def of(self, mutant: Mutant) -> tuple[list[str], ...]:
        """The tests that run the line of a mutant: the quickest, the quick, the slow."""
        found = sorted(
            self.tests.get(f"{mutant.module}:{mutant.line}", ()), key=lambda test: self.taken.get(test, 0)
        )
        quick = [test for test in found if self.taken.get(test, 0) < SLOW]
        return quick[:30], quick[30:], found[len(quick) :]


def know(folder: Path) -> Known:
    """One run of the tests under coverage, in a process of its own: what it caches must not hide a mutant."""
    kept = folder / "known.json"
    kept.unlink(missing_ok=True)
    _in_child(folder / "known.log", lambda: _watch(kept), 1800)
    if not kept.exists():
        raise SystemExit(
            f"The tests must pass before their strength is measured: see {folder / 'known.log'}."
        )
    return Known(**json.loads(kept.read_text(encoding="utf-8")))


def _watch(kept: Path) -> int:
    import coverage
    import pytest

    class Watcher:
        taken: dict[str, float] = {}

        @pytest.hookimpl(wrapper=True)
        def pytest_runtest_protocol(self, item: Any) -> Any:
            watched.switch_context(item.nodeid)
            begun = time.monotonic()
            found = yield
            self.taken[item.nodeid] = time.monotonic() - begun
            return found

    watched = coverage.Coverage(data_file=None, source=[str(SRC / "core")], config_file=False)
    watched.start()
    code = pytest.main([*TESTS, "-q", "-x", "--no-header", "--hypothesis-seed=0"], plugins=[Watcher()])
    watched.stop()
    if code == 0:
        data = watched.get_data()
        tests = {
            f"{_module(Path(file))}:{line}": [one for one in contexts if one]
            for file in data.measured_files()
            for line, contexts in data.contexts_by_lineno(file).items()
        }
        kept.write_text(json.dumps({"tests": tests, "taken": Watcher.taken}), encoding="utf-8")
    return int(code)


def _module(file: Path) -> str:
    return ".".join(("jalon", *file.relative_to(SRC).with_suffix("").parts))


def _in_child(log: Path, work: Callable[[], int], patience: float) -> int | None:
    """The exit of `work` done in a forked process that writes to `log`; None where it was still running after `patience`."""
    child = os.fork()
    if child == 0:
        code = 9
        try:
            os.setpgid(0, 0)
            with log.open("w") as out:
                os.dup2(out.fileno(), 1)
                os.dup2(out.fileno(), 2)
            code = work()
        finally:
            os._exit(code)
    until = time.monotonic() + patience
    while time.monotonic() < until:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def verdict(mutant: Mutant, known: Known, log: Path) -> str:
    """killed, endless (it goes on for ever, which a test run notices too), survived, unseen where no test runs its line, unclear."""
    result = "unseen"
    for tests in known.of(mutant):
        if tests:
            patience = PATIENCE + 10 * sum(known.taken.get(test, 0) for test in tests)
            code = _in_child(log, lambda tests=tests: _refused(mutant, tests), patience)
            if code != 0:
                return {None: "endless", 1: "killed", 2: "killed"}.get(code, "unclear")
            result = "survived"
    return result


def _refused(mutant: Mutant, tests: list[str]) -> int:
    import pytest

    put_in_place(mutant)
    return int(pytest.main([*tests, "-q", "-x", "--no-header", "--hypothesis-seed=0"]))


def run(drawn: list[Mutant], known: Known, folder: Path, jobs: int) -> list[tuple[int, str]]:
    """The verdict of each mutant by its number, by `jobs` processes at once."""
    workers = []
    for job in range(jobs):
        if (child := os.fork()) == 0:
            with (folder / f"verdicts{job}").open("w", buffering=1) as out:
                for n in range(job, len(drawn), jobs):
                    out.write(f"{n} {verdict(drawn[n], known, folder / f'last{job}.log')}\n")
            os._exit(0)
        workers.append(child)
    for child in workers:
        os.waitpid(child, 0)
    lines = [
        line.split() for job in range(jobs) for line in (folder / f"verdicts{job}").read_text().splitlines()
    ]
    return sorted((int(n), result) for n, result in lines)


def possible(only: str) -> list[Mutant]:
    """Every mutant of the modules measured."""
    found: list[Mutant] = []
    for file in sorted(file for pattern in TARGETS for file in SRC.glob(pattern)):
        if only in str(file) and file.name != "__init__.py":
            importlib.import_module(_module(file))
            found += mutants_of(_module(file), file.read_text(encoding="utf-8"))
    return found


def main() -> int:
    """Draw, run, and print the share of mutants that the tests refuse and those that they let live."""
    words = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    words.add_argument("--sample", type=int, default=300, help="how many mutants are drawn; 0: all of them")
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--only", default="", help="the modules whose path holds this")
    words.add_argument("--least", type=float, default=90.0, help="the percentage under which the exit is 1")
    words.add_argument("--jobs", type=int, default=2)
    asked = words.parse_args()
    os.chdir(ROOT)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalon.config.settings")
    django.setup()
    folder = ROOT / "var/mutants"
    folder.mkdir(parents=True, exist_ok=True)
    same = yaml.safe_load((ROOT / "scripts/mutants.yaml").read_text(encoding="utf-8")) or {}
    every = possible(asked.only)
    different = [one for one in every if one.name not in same]
    size = min(asked.sample or len(different), len(different))
    drawn = random.Random(asked.seed).sample(different, size)
    results = run(drawn, know(folder), folder, asked.jobs)
    for n, result in results:
        if result in ("survived", "unseen", "unclear"):
            one = drawn[n]
            print(f"{result}: src/{one.module.replace('.', '/')}.py:{one.line} {one.name}")
    count = Counter(result for _n, result in results)
    dead = count["killed"] + count["endless"]
    rate = 100 * dead / len(drawn) if drawn else 100.0
    print(f"{dead} of {len(drawn)} mutants killed: {rate:.1f} % ({count['endless']} by going on for ever; {count['survived']} survive, "
          f"{count['unseen']} on lines that no test runs; {len(every)} possible, {len(every) - len(different)} known to "
          f"behave the same; seed {asked.seed}).")  # fmt: skip
    return 0 if rate >= asked.least and len(results) == len(drawn) else 1


if __name__ == "__main__":
    sys.exit(main())

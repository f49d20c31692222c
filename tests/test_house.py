"""The laws of the house, read off the source: who may import whom, and what a file may hold."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
PACKAGE = TOP / "autoevol"
FILES = sorted(PACKAGE.rglob("*.py"))
MOST_LINES = 350
MOST_NEWLINES = 5

# One foreign library, one doorkeeper: when it changes, one place changes. A folder ends in "/".
DOORKEEPERS = {
    # Calls and batches are two protocols of one SDK, clouds bring clients of their own; a file for
    # all would hold three decisions.
    "anthropic": {"llm/anthropic.py", "llm/clouds.py", "llm/batches/anthropic.py"},
    "openai": {"llm/openai.py", "llm/batches/openai.py"},
    "genai_prices": {"llm/prices.py"},
    "xllamacpp": {"llm/embedded/serve.py"},
    # DSPy has the engine (how a call leaves) and the two programs (what is asked).
    "dspy": {"llm/engine.py", "roles/analyzer.py", "roles/optimizer.py"},
    "pydantic": {"roles/analyzer.py", "roles/optimizer.py"},
    "optuna": {"learning/study.py"},
    "sqlalchemy": {"learning/study.py"},
    "numpy": {"statistics.py", "evolving/filters/bags.py"},
    "rapidfuzz": {"evolving/filters/rouge.py"},
    "rensa": {"evolving/filters/near.py"},
    "py3langid": {"text/language.py"},
    "unicode_rbnf": {"text/numerals.py"},
    "jinja2": {"report/page.py"},
    "typer": {"cli/"},
    "click": {"cli/"},
    "rich": {"cli/"},
    # One reads, one writes, and Ray hands rows on in its tables.
    "pyarrow": {"data/files.py", "training/tables.py", "evolving/ray_driver.py"},
    # What a run hands over is packed as Ray does; all else of Ray has a process of its own.
    "ray": {"evolving/ray_driver.py", "evolving/ray_engine.py"},
    "zstandard": {"data/files.py"},
    "datasets": {"data/files.py"},
}

# What no start may wait for; each is loaded by the call that needs it.
HEAVY = (
    *("anthropic", "openai", "dspy", "litellm", "numpy", "optuna", "pydantic", "sqlalchemy"),
    *("pyarrow", "ray"),
)


@cache
def sources() -> Mapping[str, ast.Module]:
    """Every file of the package by its path below `autoevol/`."""
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in FILES
    }


def module_of(path: str) -> str:
    dotted = path.removesuffix(".py").replace("/", ".").removesuffix("__init__").rstrip(".")
    return f"autoevol.{dotted}".rstrip(".")


def running(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those under `if TYPE_CHECKING:`."""
    for node in ast.iter_child_nodes(tree):
        test = node.test if isinstance(node, ast.If) else None
        if isinstance(test, ast.Name) and test.id == "TYPE_CHECKING":
            continue
        yield node
        yield from running(node)


def imported(tree: ast.AST) -> set[str]:
    """Dotted names that a file imports, `import_module("x")` included."""
    found: set[str] = set()
    for node in running(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative imports hide the floor"
            found.add(str(node.module))
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", "") == "import_module"
            and isinstance(node.args[0], ast.Constant)
        ):
            found.add(str(node.args[0].value))
    return found


@cache
def house() -> Mapping[str, frozenset[str]]:
    """Module → modules of the house it imports."""
    rooms = {module_of(path) for path in sources()}
    return {
        module_of(path): frozenset((imported(tree) & rooms) - {module_of(path), "autoevol"})
        for path, tree in sources().items()
    }


def test_imports_run_down_and_never_in_a_circle() -> None:
    done: set[str] = set()

    def descend(module: str, above: tuple[str, ...]) -> None:
        assert module not in above, f"circle: {' → '.join([*above, module])}"
        if module not in done:
            for below in sorted(house()[module]):
                descend(below, (*above, module))
            done.add(module)

    for module in house():
        descend(module, ())


@pytest.mark.parametrize(
    ("floor", "above"),
    [
        ("autoevol.verbs", ("autoevol.cli", "autoevol.__main__")),
        (
            "autoevol.roles",
            ("autoevol.cli", "autoevol.verbs", "autoevol.runs", "autoevol.learning"),
        ),
        ("autoevol", ("autoevol.cli", "autoevol.verbs")),
    ],
)
def test_no_floor_imports_from_above(floor: str, above: tuple[str, ...]) -> None:
    upstairs = ("autoevol.cli", "autoevol.verbs", "autoevol.__main__")
    for module, below in house().items():
        if floor == "autoevol":
            lives_here = not module.startswith(upstairs)
        else:
            lives_here = module.startswith(floor)
        if lives_here:
            assert not {name for name in below if name.startswith(above)}, module


def test_the_door_to_models_knows_of_the_house_its_errors_and_how_it_counts() -> None:
    for module, below in house().items():
        if module.startswith("autoevol.llm"):
            foreign = {name for name in below if not name.startswith("autoevol.llm")}
            assert foreign <= {"autoevol.errors", "autoevol.counted"}, module


def test_what_a_text_is_made_of_asks_nobody() -> None:
    for module, below in house().items():
        if module.startswith("autoevol.text"):
            assert all(name.startswith("autoevol.text") for name in below), module


def test_optuna_never_sees_a_model_call() -> None:
    assert house()["autoevol.learning.study"] <= {
        "autoevol.types",
        "autoevol.statistics",
        "autoevol.learning.acceptance",
        "autoevol.errors",
        "autoevol.runs",
    }


def test_every_foreign_library_has_its_doorkeeper() -> None:
    for path, tree in sources().items():
        for name in imported(tree):
            library = name.partition(".")[0]
            if library == "autoevol" or library in sys.stdlib_module_names:
                continue
            assert library in DOORKEEPERS, f"{path} imports {library}, which has no doorkeeper"
            keepers = DOORKEEPERS[library]
            at_the_door = any(path.startswith(k) if k.endswith("/") else path == k for k in keepers)
            assert at_the_door, f"{path} imports {library}; ask {sorted(keepers)} instead"


MOST_PARAMETERS = 12
COMMANDS = {"cli/optimize.py", "cli/compare.py", "cli/evolve.py"}
"""Their parameters are a command's flags."""


def test_a_function_takes_few_parameters() -> None:
    for path, tree in sources().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or path in COMMANDS:
                continue
            taken = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            names = [one.arg for one in taken if one.arg not in ("self", "cls")]
            assert len(names) <= MOST_PARAMETERS, f"{path}: {node.name} takes {len(names)}"


def test_long_text_lives_in_text_files() -> None:
    for path, tree in sources().items():
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        # A bare string below an assignment documents it.
        docstrings |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                text = "".join(str(v.value) for v in node.values if isinstance(v, ast.Constant))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = "" if id(node) in docstrings else node.value
            else:
                continue
            lines = text.count("\n")
            assert lines <= MOST_NEWLINES, f"{path}:{node.lineno}: a string of {lines} lines"


@pytest.mark.parametrize("path", sorted(p.relative_to(PACKAGE).as_posix() for p in FILES))
def test_a_file_holds_one_decision_and_says_which(path: str) -> None:
    lines = (PACKAGE / path).read_text(encoding="utf-8").count("\n")
    assert lines <= MOST_LINES, f"{lines} lines"
    assert ast.get_docstring(sources()[path]), "opens with what it decides"


def test_the_event_loop_is_started_in_one_place() -> None:
    starts = [
        path
        for path, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in {("asyncio", "run"), ("asyncio", "Runner")}
    ]
    assert len(starts) <= 1
    assert all(path.startswith("cli/") for path in starts), starts


@pytest.mark.parametrize("entry", ["autoevol", "autoevol.cli.app", "autoevol.verbs.evolve"])
def test_a_start_waits_for_nothing_heavy(entry: str) -> None:
    code = f"import sys, {entry}; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(TOP), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


def test_constraints_are_exact_versions_and_no_addresses() -> None:
    lines = (TOP / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert pins == sorted(pins, key=lambda pin: pin.partition("=="))
    for pin in pins:
        name, _, version = pin.partition("==")
        assert name == name.lower(), pin
        assert version, pin
        assert not set(pin) & set("/@: "), pin

"""A user's own function, named MODULE:FUNCTION on the command line.

Decides how it is found, also in the working folder. What it is called with is left to who asks for
it. Only flags and Python name such functions, never a file that somebody else may have written.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from autoevol.errors import UsageError

T = TypeVar("T")

BROKEN = (Exception, SystemExit)
"""What a user's function may end with that is told as its fault: leaving the program included."""


def quietly(function: Callable[..., T], *given: object) -> T:
    """The user's code, called; what it prints goes to stderr, since stdout is for results."""
    with redirect_stdout(sys.stderr):
        return function(*given)


def named_function(name: str, option: str) -> Callable[..., Any]:
    """The function `name` = MODULE:FUNCTION; `option` is the flag it was given with.

    Raises:
        UsageError: there is no such module or function, or the module fails when it is loaded.
    """
    module_name, _, function_name = name.partition(":")
    if not module_name or not function_name:
        raise UsageError(
            f"{option} {name!r} is not of the form MODULE:FUNCTION.",
            f"With judge() in mine.py of this folder: {option} mine:judge.",
        )
    if module_name.endswith(".py"):
        raise UsageError(
            f"{option} {name!r} names a file; a module is meant.",
            f"Leave out .py: {option} {module_name.removesuffix('.py')}:{function_name}.",
        )
    here = str(Path.cwd())
    sys.path.insert(0, here)
    try:
        found = getattr(quietly(import_module, module_name), function_name, None)
    except BROKEN as error:  # whatever the user's module does when it is loaded
        raise UsageError(
            f"{option} {name!r}: the module {module_name!r} cannot be loaded: "
            f"{type(error).__name__}: {error}",
            f"It is looked for in {here} and among the installed packages.",
        ) from error
    finally:
        sys.path.remove(here)
    if not callable(found):
        raise UsageError(
            f"{option} {name!r}: {module_name!r} has no function {function_name!r}.",
            "Name a function of that module.",
        )
    return found  # type: ignore[no-any-return]

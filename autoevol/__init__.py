"""autoevol: learn how to evolve instructions.

The public face for scripts and notebooks. Names are loaded on first use, so that importing the
package costs nothing.

    import asyncio
    from autoevol import Method, evolve, optimize

    result = asyncio.run(optimize(domain="code", preset="quick"))
    print(result.method.text)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

__all__ = [
    "Cast",
    "Course",
    "Door",
    "Evolution",
    "Failure",
    "Filters",
    "Ladder",
    "Method",
    "Preset",
    "Reading",
    "Terms",
    "__version__",
    "compare",
    "evolve",
    "load_method",
    "optimize",
]

if TYPE_CHECKING:
    from autoevol.casting import Cast
    from autoevol.comparing.lineup import Terms
    from autoevol.data.seeds import Reading
    from autoevol.door import Door
    from autoevol.evolving.filters.choice import Filters
    from autoevol.evolving.ladder import Ladder
    from autoevol.learning.course import Course
    from autoevol.learning.presets import Preset
    from autoevol.methods import load_method
    from autoevol.types import Evolution, Failure, Method
    from autoevol.verbs.compare import compare
    from autoevol.verbs.evolve import evolve
    from autoevol.verbs.optimize import optimize

_HOMES = {
    "Cast": "autoevol.casting",
    "Course": "autoevol.learning.course",
    "Door": "autoevol.door",
    "Evolution": "autoevol.types",
    "Failure": "autoevol.types",
    "Filters": "autoevol.evolving.filters.choice",
    "Ladder": "autoevol.evolving.ladder",
    "Method": "autoevol.types",
    "Preset": "autoevol.learning.presets",
    "Reading": "autoevol.data.seeds",
    "Terms": "autoevol.comparing.lineup",
    "load_method": "autoevol.methods",
    "optimize": "autoevol.verbs.optimize",
    "compare": "autoevol.verbs.compare",
    "evolve": "autoevol.verbs.evolve",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'autoevol' has no attribute {name!r}")

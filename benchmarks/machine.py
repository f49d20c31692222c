"""What a figure was measured on."""

from __future__ import annotations

import os
import platform


def machine() -> dict[str, str | int | float | None]:
    """The system, and how busy it is at this moment (load of the last minute)."""
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
    }

"""The laboratories: plain functions from settings to a view, and a live panel on top of each.

Every lesson takes its lab from here. A lab is imported only when it is asked for, so that this
costs nothing; each stands in a module of its own, where it can be read.
"""

from importlib import import_module
from typing import Any

_HOMES = {
    "FLAGSHIP_SETTINGS": "flagship_lab",
    "flagship": "flagship_lab",
    "flagship_view": "flagship_lab",
    "gate_lab": "gate",
    "load_lab": "load",
    "servers_lab": "servers",
    "tail_lab": "tail",
}
"""The public names of the labs, and the module in which each stands: one line for a new one."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"There is no lab {name!r}: take one of {', '.join(_HOMES)}.")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(_HOMES)

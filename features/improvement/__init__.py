"""Improvement actions (PDCA): accepting a recommendation, moving the action on, keeping what was promised.

What keeps and records them needs the state database and the store, and is loaded when first asked for: the
web process imports this room at its start.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from features.improvement.action import Action, Status
from features.improvement.promise import Promise, Source
from features.improvement.refusals import ActionChanged, ActionRefused, UnknownActionError

if TYPE_CHECKING:
    from features.improvement.recording import accept, amend, move, recorded, settle
    from features.improvement.register import Register

_LATER = {
    "Register": "register",
    "accept": "recording",
    "amend": "recording",
    "move": "recording",
    "recorded": "recording",
    "settle": "recording",
}

__all__ = [
    "Action",
    "ActionChanged",
    "ActionRefused",
    "Promise",
    "Register",
    "Source",
    "Status",
    "UnknownActionError",
    "accept",
    "amend",
    "move",
    "recorded",
    "settle",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)

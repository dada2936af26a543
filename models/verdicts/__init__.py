"""Verdicts on improvement actions: what they did, how sure that is, and how promises have fared.

The estimators are loaded when first asked for: the web process reads what was published and imports no more.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from models.verdicts.published import Verdicts, publish_verdicts

if TYPE_CHECKING:
    from models.verdicts.judge import judge_actions
    from models.verdicts.rows import VerdictRow
    from models.verdicts.scores import ScoreRow, score_promises

_LATER = {"judge_actions": "judge", "VerdictRow": "rows", "ScoreRow": "scores", "score_promises": "scores"}

__all__ = ["ScoreRow", "VerdictRow", "Verdicts", "judge_actions", "publish_verdicts", "score_promises"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)

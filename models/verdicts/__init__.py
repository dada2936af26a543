"""Verdicts on improvement actions: what they did, how sure that is, and how promises have fared."""

from models.verdicts.judge import judge_actions
from models.verdicts.rows import VerdictRow

__all__ = ["VerdictRow", "judge_actions"]

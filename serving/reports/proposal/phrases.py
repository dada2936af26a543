"""What the proposal lets others say: sentences of the site's catalogues, so that each stands once.

The site knows the reports and not the other way round; whoever asks for a proposal hands the words over
(`serving.web.proposal_words`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from serving.reports.proposal.moves import Row

Parameters = Mapping[str, Row]
"""The records' rows of an enterprise's parameters, by id."""


class Phrases(Protocol):
    """Sentences in one language. A code that the catalogue does not know is said as it is published."""

    @property
    def language(self) -> str:
        """Return `zh` or `en`."""
        ...

    def reason(self, row: Row, parameters: Parameters) -> str:
        """Return why a lever, or without `parameter_id` an enterprise, gets no advice."""
        ...

    def next_step(self, row: Row, parameters: Parameters) -> str:
        """Return what would settle it, empty where nothing is known to."""
        ...

    def level(self, row: Row) -> str:
        """Return which official level a move changes and when, or what comes nearest; empty if unknown."""
        ...

    def why(self, row: Row, parameters: Parameters) -> list[str]:
        """Return what a move rests on and what was tried to refute it."""
        ...

    def measures(self, row: Row, parameters: Parameters) -> list[str]:
        """Return what to record while a move is made."""
        ...

    def method(self, row: Row) -> list[str]:
        """Return the method of the trade that fits, why, and the task of the document that it serves."""
        ...

    def assumption(self, row: Row) -> str:
        """Return something that a table of benefits takes for granted."""
        ...

    def driver(self, row: Row, parameters: Parameters) -> tuple[str, str]:
        """Return a driver of a forecast and its value."""
        ...

"""What pages and API ask for. `Library` answers from the store; tests of single pages may answer by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from serving.web.kept import Answer

Row = Mapping[str, Any]
Kind = Literal["forecasts", "drivers", "attainment", "recommendations"]


class UnknownEnterpriseError(LookupError):
    """No enterprise of that id stands in the store."""


@dataclass(frozen=True)
class State:
    """What every answer depends on: the data (empty: no record yet) and the outlook (empty: none).

    `outlook_fingerprint` is that of the records which the outlook was computed from.
    """

    fingerprint: str = ""
    outlook_id: str = ""
    model_version: str = ""
    created_at: str = ""
    outlook_fingerprint: str = ""


@dataclass(frozen=True)
class Graded:
    """An official grade (`Grade.to_dict()`) with the evidence file that it rests on."""

    grade: Row
    evidence: Row


class Reading(Protocol):
    """The questions. All answers are plain rows; none may be changed by the asker."""

    def state(self) -> State:
        """Return the present state; cheap enough for every request."""
        ...

    def at_hand(self, name: Literal["state", "enterprises"]) -> Any:  # noqa: ANN401 - as the method of that name
        """Return what `state()` or `enterprises()` would, if nobody has to wait for it; else None."""
        ...

    def enterprises(self) -> Mapping[str, Row]:
        """Return the rows of `enterprises` by id, in order of id."""
        ...

    def grades(self) -> Mapping[str, Graded]:
        """Return every official grade on its default window; an enterprise without evidence is absent."""
        ...

    def grade(self, enterprise_id: str, as_of: str | None) -> Graded | None:
        """Return one official grade, None without evidence; raises UnknownEnterpriseError."""
        ...

    def overview(self) -> Mapping[str, Row]:
        """Return by enterprise what the overview says: `grade` (summary), `nearest` forecasts by target,
        `reached_by` a year ahead, the first `action`; whatever there is.
        """
        ...

    def parameters(self) -> Mapping[str, Mapping[str, Row]]:
        """Return the rows of `parameters` by enterprise and by parameter id."""
        ...

    def history(self, enterprise_id: str) -> list[dict[str, Any]]:
        """Return what is known of the forecast targets: period, ftq, … cpk (NaN: not known), oldest first."""
        ...

    def outlook(self, kind: Kind, enterprise_id: str | None = None) -> list[dict[str, Any]]:
        """Return the published rows of one enterprise (None: of all); empty where nothing was published."""
        ...

    def body(self, kind: Kind, enterprise_id: str, target: str | None = None) -> bytes:
        """Return the same rows of one enterprise as JSON, comma-separated, without brackets."""
        ...

    def once(self, name: object, compute: Callable[[], Answer]) -> Answer:
        """Return what `compute` made of the present state, making it if this is the first question."""
        ...

"""What the API says of improvement actions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

OneLine = Annotated[
    str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*$")
]
State = Literal["planned", "doing", "checking", "done", "dropped"]
Version = Annotated[
    str | None,
    Field(
        pattern=r"^[0-9a-f]{20}$",
        description="`version` as you read it: refused (409) if the action has changed since. "
        "`If-Match` says the same (412).",
    ),
]


class ImprovementAction(BaseModel):
    """An action as the records have it, what was promised for it, and the last verdict on it."""

    action_id: str
    enterprise_id: str
    title: str
    parameter_id: str | None
    from_value: float | None = Field(description="in the parameter's unit")
    to_value: float | None
    started_on: date = Field(description="planned start while it is planned")
    finished_on: date | None
    cost: Decimal | None = Field(description="what the change itself cost, CNY once; null: not stated")
    status: State
    version: str = Field(description="changes whenever anything of the action changes")
    may: list[State] = Field(description="states that it may move to")
    promised: dict[str, Any] | None = Field(
        description="the recommendation as it was accepted, kept for good"
    )
    promised_on: str | None
    verdict: str | None = Field(description="of the verdicts published last")


class ActionChange(BaseModel):
    """One field of an action, changed."""

    version: int
    act: str
    field: str
    old: Any
    new: Any
    who: str
    at: str = Field(description="UTC")


class ActionWhole(ImprovementAction):
    """An action with every change that was made to it here."""

    history: list[ActionChange]


class _Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Acceptance(_Wish):
    """Which published recommendation is accepted."""

    rank: int = Field(default=1, ge=1, le=100)
    title: OneLine | None = Field(default=None, description="by default the lever and its move")
    start: date | None = Field(default=None, description="planned start; by default today (UTC)")
    outlook: str | None = Field(
        default=None,
        max_length=100,
        description="id of the publication in which you read it: refused (409) if a newer one has come",
    )


class ActionMove(_Wish):
    """Where an action moves to."""

    to: Literal["doing", "checking", "done", "dropped"]
    on: date | None = Field(default=None, description="the day; by default today (UTC)")
    version: Version = None


class Amendment(_Wish):
    """What is put right; what is absent stays."""

    title: OneLine | None = None
    cost: Decimal | None = Field(default=None, ge=0, le=10**12, decimal_places=2, description="CNY, once")
    version: Version = None

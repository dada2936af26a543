"""Warnings and subscriptions as the API has them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from serving.warnings.finding import LEAST_CHANCE, USUAL_CHANCE, Channel, Kind, Rhythm

Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class Warning_(BaseModel):  # noqa: N801 - the word itself is a class of Python
    """Something to look at, said once; it resolves itself when the trouble is gone."""

    model_config = ConfigDict(title="Warning")

    id: int
    kind: Kind
    enterprise_id: str | None = Field(description="null: about the model or the whole store")
    state: Literal["open", "acknowledged", "resolved"]
    period: str = Field(description="The month that it is about", examples=["2025-03"])
    weight: float = Field(
        description="How bad it is: of `forecast` and `level` a probability, of `chart` and `drift` −log₁₀ "
        "of a p-value, of `stale` months"
    )
    title: str = Field(description="In the language asked for")
    detail: str
    facts: dict[str, Any] = Field(description="The same without words; keys by kind")
    raised_at: str
    acknowledged_at: str | None
    acknowledged_by: str | None
    note: str | None
    resolved_at: str | None
    version: int = Field(description="Goes up with every change by people; hand it back in `If-Match`")


class Acknowledgement(BaseModel):
    """What whoever has seen a warning says about it."""

    note: str = Field("", max_length=2000, examples=["Tool changed, first lots are being measured"])


class NewSubscription(BaseModel):
    """What to be told of, and how."""

    model_config = ConfigDict(extra="forbid")

    channel: Channel = Field(description="`page` chooses what the page shows; one of them a person")
    address: str = Field(
        "", max_length=1000, description="A mail address, or the https address of a webhook; else empty"
    )
    kinds: list[Kind] = Field([], max_length=5, description="Empty: all")
    enterprises: list[Id] = Field([], max_length=1000, description="Empty: all that one may see")
    chance: float = Field(
        USUAL_CHANCE,
        ge=LEAST_CHANCE,
        le=0.95,
        description="Forecasts and levels are told from this probability on",
    )
    rhythm: Rhythm = Rhythm.AT_ONCE
    language: Literal["zh", "en"] = "zh"
    endings: bool = Field(True, description="Tell also when a warning has resolved itself")
    active: bool = True


class Subscription(NewSubscription):
    """A subscription as it is kept."""

    id: int
    created_at: str
    version: int


class Secret(BaseModel):
    """What signs the messages of a webhook (Standard Webhooks, HMAC-SHA256)."""

    secret: str = Field(examples=["whsec_…"])


class Delivery(BaseModel):
    """One thing that was, or is to be, said to a subscription."""

    id: int
    warning_id: int
    what: str = Field(description="`raised`, `worse`, `back`, `resolved` or `test`")
    state: str = Field(description="`waiting`, `sent`, `given_up` (after three days) or `dropped`")
    attempts: int
    due_at: str
    sent_at: str | None
    fault: str | None
    message: str | None = Field(description="Id that the message keeps through all attempts")

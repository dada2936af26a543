"""The kinds of jobs: what each takes, who may ask for it, and which function does it.

A room that has work to do outside the requests adds one entry. The function is named, not imported: it is
loaded in the process that runs the job, with whatever heavy it needs. It takes a `Task` and its checked
arguments, and returns what is kept as the result. It must bear being begun again after it was killed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from serving.access import Role

Id = Annotated[str, Field(min_length=1, max_length=200)]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="`YYYY-MM`")]
MODELS = "models"
"""The lane of everything that makes, chooses or publishes models: one at a time."""


class Arguments(BaseModel):
    """What a kind of job takes; unknown names are refused."""

    model_config = ConfigDict(extra="forbid")


class Nothing(Arguments):
    """No arguments."""


class Import(Arguments):
    """Uploaded files (`serving.records.uploads`) to be checked, or imported."""

    upload: Id
    step: Literal["check", "import"] = "import"
    on_conflict: Literal["report", "replace"] = "report"


class Train(Arguments):
    """A training: records up to `as_of` (default: all), and how many refits the backtest makes."""

    as_of: Month | None = None
    refits: int = Field(default=4, ge=1, le=24)
    seed: int | None = Field(default=None, ge=0, lt=2**31)


class Retrain(Train):
    """A training if it is due, or anyhow with `force`."""

    months: float = Field(default=3.0, gt=0, lt=1200)
    force: bool = False


class Evaluate(Arguments):
    """Score a version (number, alias or model's name) on the records since its training."""

    version: Id = "champion"
    as_of: Month | None = None


class Promote(Arguments):
    """Serve a version, newer or older (to roll back), if the gate opens; `force` needs a `reason`."""

    version: Id = "challenger"
    reason: str = Field(default="", max_length=1000)
    force: bool = False


class Publish(Arguments):
    """Compute anew what the pages show."""


class Report(Arguments):
    """A file about one enterprise: its self-declaration, its workbook, or the improvement proposal."""

    enterprise_id: Id
    report: Literal["declaration", "workbook", "proposal"] = "declaration"
    format: Literal["pdf", "docx", "html", "xlsx"] = "pdf"
    language: Literal["zh", "en"] = "zh"
    as_of: Month | None = None


class PlanAssumption(Arguments):
    """A management item's level from a month on."""

    item: Id
    level: int = Field(ge=1, le=5)
    since: Month


class Plan(Arguments):
    """The cheapest set of actions that reaches `level` by the month `by` with a probability."""

    enterprise_id: Id
    level: int = Field(ge=1, le=5)
    by: Month
    probability: float = Field(default=0.8, gt=0, lt=1)
    scope: Literal["grade", "performance"] = "grade"
    held: bool = False
    budget: float | None = Field(default=None, ge=0, le=1e13, description="CNY")
    at_once: int | None = Field(default=None, ge=1, le=50)
    start: Month | None = None
    assumed: list[PlanAssumption] = Field(default=[], max_length=100)
    as_of: Month | None = None


class Scenario(Arguments):
    """A kept scenario (its id), to be computed on the current publication."""

    scenario: Id


@dataclass(frozen=True)
class Kind:
    """A kind of job.

    Attributes:
        name: as people and programs call it; `jobs.kind.<name>` is its message.
        run: `module:function`, loaded by the process that runs it.
        arguments: what it takes.
        roles: who may ask for it by `POST /api/v1/jobs`, and sees those of others; () means that only rooms
            put it into the queue.
        lane: of all jobs of a lane one runs at a time; None: as many as there are workers.
        key: jobs of this key that wait are one; whoever puts it into the queue may say another.
    """

    name: str
    run: str
    arguments: type[Arguments]
    roles: tuple[Role, ...] = ()
    lane: str | None = None
    key: str | None = None


_ALL = (
    Kind("import", "serving.records.work:work", Import, lane="records"),
    Kind("publish", "serving.acts.models:publish", Publish, (Role.SCIENTIST,), MODELS, "outlook"),
    Kind("train", "serving.acts.models:train", Train, (Role.SCIENTIST,), MODELS),
    Kind("retrain", "serving.acts.models:retrain", Retrain, (Role.SCIENTIST,), MODELS),
    Kind("evaluate", "serving.acts.models:evaluate", Evaluate, (Role.SCIENTIST,), MODELS),
    Kind("promote", "serving.acts.models:promote", Promote, (Role.SCIENTIST,), MODELS),
    Kind("review", "serving.acts.models:review", Nothing, (Role.SCIENTIST,), MODELS, "review"),
    Kind(
        "verdicts",
        "serving.acts.models:verdicts",
        Nothing,
        (Role.ENGINEER, Role.SCIENTIST),
        MODELS,
        "verdicts",
    ),
    Kind("warn", "serving.acts.warnings:look", Nothing, (Role.SCIENTIST,), key="warn"),
    Kind("report", "serving.acts.reports:write", Report, (Role.ENGINEER, Role.PLANNER, Role.ASSESSOR)),
    Kind("plan", "serving.acts.plans:plan", Plan, (Role.ENGINEER, Role.PLANNER)),
    Kind("scenario", "serving.acts.scenarios:compute", Scenario, lane="scenarios"),
)
KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}
"""Every kind by name."""

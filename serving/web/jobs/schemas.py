"""The answers about jobs."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field

from serving.jobs import Job as Kept
from serving.jobs import State, kinds
from serving.jobs.job import iso


class Job(BaseModel):
    """Work outside the requests; it is over when `state` is done, failed or cancelled."""

    id: str
    kind: str
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    who: str = Field(description="Who asked for it")
    enterprise_id: str | None = Field(description="The enterprise that it is about; null: all")
    arguments: dict[str, Any]
    queued_at: str = Field(description="ISO 8601, UTC")
    started_at: str | None
    finished_at: str | None
    stage: str = Field(description="What is being done at the moment")
    done: int = Field(description="Steps that are behind it")
    total: int = Field(description="Of how many; 0: not known")
    attempt: int = Field(description="How often it was begun; more than 1 after a worker was lost")
    cancelling: bool = Field(description="Somebody wants it to stop, and it has not yet")
    result: dict[str, Any] | None
    error: str | None = Field(description="Why it failed, in words")
    file: str | None = Field(description="Address of the file that it made")


class NewJob(BaseModel):
    """What is to be done. `arguments` are those of the kind."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"kind": "train", "arguments": {"refits": 4}}]}
    )

    kind: str = Field(
        max_length=40, description="publish, train, retrain, evaluate, promote, plan, report, …"
    )
    arguments: dict[str, Any] = Field(default={}, description="Of the kind; unknown names are refused")


class NewReport(kinds.Report):
    """Which file is wanted about which enterprise."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"enterprise_id": "E0001", "report": "declaration", "format": "pdf"}]
        },
    )


def shown(job: Kept) -> Job:
    """Return a job as the API tells it."""
    named = (job.result or {}).get("file") if job.state is State.DONE else None
    times = {name: iso(getattr(job, name)) for name in ("queued_at", "started_at", "finished_at")}
    fields = {name: getattr(job, name) for name in Job.model_fields if name != "file"}
    return Job(**fields | times | {"file": f"/api/v1/jobs/{quote(job.id)}/file" if named else None})

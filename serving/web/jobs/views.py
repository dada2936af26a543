"""Jobs in the reader's words: what it is, how far it is, and what came of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from serving.access import Person
from serving.jobs import KINDS, Job, State
from serving.jobs.job import iso
from serving.web.language import Language
from serving.web.model_words import said

SHOWN = ("as_of", "version", "reason", "level", "by", "report", "format", "language", "on_conflict")
"""Arguments that say what a job is about."""


def job_view(t: Language, job: Job, person: Person) -> dict[str, Any]:
    """Return what list and page show of a job."""
    return {
        "id": job.id,
        "url": f"/jobs/{job.id}",
        "name": t.either(f"jobs.kind.{job.kind}", job.kind),
        "about": about(t, job),
        "enterprise_id": job.enterprise_id,
        "enterprise_url": f"/enterprises/{quote(job.enterprise_id, safe='')}" if job.enterprise_id else "",
        "who": job.who,
        "state": job.state.value,
        "state_text": t("jobs.stopping")
        if _stopping(job)
        else t.either(f"jobs.state.{job.state}", job.state),
        "stage": stage_text(t, job) if job.state is State.RUNNING else "",
        "share": job.done / job.total if job.total and job.state is State.RUNNING else None,
        "steps": t("jobs.steps", done=t.number(job.done), total=t.number(job.total)) if job.total else "",
        "queued": moment(job.queued_at),
        "started": moment(job.started_at),
        "finished": moment(job.finished_at),
        "took": took(t, job),
        "attempt": t("jobs.attempt", number=job.attempt) if job.attempt > 1 else "",
        "error": said(t, job.error) if job.error else "",
        "came": came(t, job),
        "links": links(t, job),
        "cancel": not job.ended and not job.cancelling and may_cancel(person, job),
    }


def may_cancel(person: Person, job: Job) -> bool:
    """Who asked, who could ask for such a job, and administrators may stop it."""
    kind = KINDS.get(job.kind)
    return job.who == person.name or person.has(*(kind.roles if kind else ()))


def about(t: Language, job: Job) -> str:
    """Return what a job is about, from its arguments."""
    asked = [(name, job.arguments.get(name)) for name in SHOWN]
    words = [_argument(t, name, value) for name, value in asked if value not in (None, "", False)]
    return t.listing(words)


def _argument(t: Language, name: str, value: object) -> str:
    word = t.either(f"jobs.argument.{name}.{value}", str(value))
    return t(f"jobs.argument.{name}", value=word) if t.has(f"jobs.argument.{name}") else word


STEPS = ("checking", "comparing", "writing")
"""Steps of an import, which are told with the file or the table that they are at."""


def stage_text(t: Language, job: Job) -> str:
    """Return what is being done; a stage that the catalogue does not know is said as it is told."""
    step, _, at = job.stage.partition(" ")
    if at and step in STEPS:
        return t(f"jobs.stage.{step}.at", what=at)
    slug = re.sub(r"[^a-z]+", "_", job.stage.lower()).strip("_")
    if not slug:
        return t("jobs.stage.begins")
    learned = re.fullmatch(r"(\w+) (\w+) (\w+)", job.stage)
    if learned and t.has(f"target.{learned[3]}"):
        return t("jobs.stage.learns", target=t(f"target.{learned[3]}"))
    return t.either(f"jobs.stage.{slug}", job.stage)


def moment(seconds: float | None) -> dict[str, str] | None:
    """Return a time as this machine's clock shows it, and as programs read it."""
    if seconds is None:
        return None
    local = datetime.fromtimestamp(seconds).astimezone()
    return {"text": local.strftime("%Y-%m-%d %H:%M"), "iso": iso(seconds) or ""}


def took(t: Language, job: Job) -> str:
    """Return how long it took; nothing while it runs: that would be old on the next look."""
    if job.started_at is None or job.finished_at is None:
        return ""
    seconds = job.finished_at - job.started_at
    if seconds < 90:
        return t("jobs.seconds", number=t.number(seconds, 1 if seconds < 10 else 0))
    return t("jobs.minutes", number=t.number(seconds / 60, 1 if seconds < 600 else 0))


def came(t: Language, job: Job) -> list[str]:
    """Return what came of it, in sentences."""
    result = job.result or {}
    return _CAME.get(job.kind, _nothing)(t, result) if job.state is State.DONE else []


def links(t: Language, job: Job) -> list[dict[str, str]]:
    """Return where what came of it is to be seen."""
    result, found = job.result or {}, []
    if job.state is State.DONE and result.get("file"):
        found.append({"url": f"/api/v1/jobs/{job.id}/file", "text": t("jobs.file")})
    if following := result.get("publishing") or (result.get("training") or {}).get("publishing"):
        found.append({"url": f"/jobs/{following}", "text": t("jobs.publishing")})
    if job.kind == "plan" and job.state is State.DONE and job.enterprise_id:
        found.append({"url": f"/plans/{quote(job.enterprise_id, safe='')}", "text": t("jobs.plan")})
    if job.kind == "scenario" and job.state is State.DONE:
        url = f"/board/scenarios?scenario={result['scenario']}#side"
        found.append({"url": url, "text": t("jobs.scenario")})
    if job.kind in {"train", "retrain", "evaluate", "promote"} and job.ended:
        found.append({"url": "/models", "text": t("jobs.models")})
    return found


def _stopping(job: Job) -> bool:
    return job.cancelling and not job.ended


def _nothing(_t: Language, _result: dict[str, Any]) -> list[str]:
    return []


def _reasons(t: Language, result: dict[str, Any], name: str) -> list[str]:
    return [said(t, str(reason)) for reason in result.get(name) or []]


def _trained(t: Language, result: dict[str, Any]) -> list[str]:
    key = "jobs.came.promoted" if result.get("promoted") else "jobs.came.refused"
    return [t(key, version=result.get("model_version", "")), *_reasons(t, result, "reasons")]


def _retrained(t: Language, result: dict[str, Any]) -> list[str]:
    if result.get("training"):
        return [*_reasons(t, result, "reasons"), *_trained(t, result["training"])]
    return [t("jobs.came.not_due"), *_reasons(t, result, "well")]


def _promoted(t: Language, result: dict[str, Any]) -> list[str]:
    key = "jobs.came.forced" if result.get("forced") else "jobs.came.promoted"
    return [t(key, version=result.get("model_version", "")), *_reasons(t, result, "reasons")]


def _evaluated(t: Language, result: dict[str, Any]) -> list[str]:
    worse = _reasons(t, result, "reasons")
    first = t("jobs.came.evaluated", version=result.get("model_version", ""))
    return [first, *(worse or [t("jobs.came.not_worse")])]


def _published(t: Language, result: dict[str, Any]) -> list[str]:
    if not result.get("model_version"):
        return [t("jobs.came.no_model")]
    key = "jobs.came.current" if result.get("current") else "jobs.came.published"
    return [t(key, version=result["model_version"])]


def _imported(t: Language, result: dict[str, Any]) -> list[str]:
    tables = [row for row in result.get("tables") or [] if isinstance(row, dict)]
    rows = sum(int(row.get("rows") or 0) for row in tables)
    new = sum(int(row.get("new") or 0) for row in tables)
    return [t("jobs.came.imported", rows=t.number(rows), new=t.number(new))] if tables else []


def _planned(t: Language, result: dict[str, Any]) -> list[str]:
    return [t.either(f"jobs.came.planned.{result.get('outcome')}", str(result.get("outcome") or ""))]


def _computed(t: Language, _result: dict[str, Any]) -> list[str]:
    return [t("jobs.came.scenario")]


def _written(t: Language, result: dict[str, Any]) -> list[str]:
    size = t.number(int(result.get("bytes") or 0) / 1024)
    return [t("jobs.came.written", size=size), *map(str, result.get("warnings") or [])]


_CAME: dict[str, Callable[[Language, dict[str, Any]], list[str]]] = {
    "train": _trained,
    "retrain": _retrained,
    "promote": _promoted,
    "evaluate": _evaluated,
    "publish": _published,
    "import": _imported,
    "plan": _planned,
    "scenario": _computed,
    "report": _written,
}

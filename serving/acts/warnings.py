"""A look at what there is to warn of, in a job's own process: once a day also where no records came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from serving.jobs import kinds
    from serving.jobs.task import Task


def look(task: Task, _arguments: kinds.Nothing) -> dict[str, Any]:
    """Raise what is new, resolve what is gone; silence shows only if somebody looks while nothing comes."""
    from serving.warnings import look as look_now

    return look_now(task.settings)._asdict()

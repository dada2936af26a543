"""The job that writes a report: a declaration, its workbook, or an improvement proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serving.jobs import kinds
from serving.jobs.task import JobRefused

if TYPE_CHECKING:
    from features.store import Store
    from serving.jobs.task import Task


def write(task: Task, arguments: kinds.Report) -> dict[str, Any]:
    """Write the file into the job's folder; the result names it."""
    from features.evidence import NoRecordsError, UnknownEnterpriseError
    from features.store import Store
    from serving.reports.media import MEDIA_TYPES

    suffix = ".xlsx" if arguments.report == "workbook" else f".{arguments.format}"
    task.tell("reading the records", 0, 2)
    try:
        with Store.open(task.settings) as store:
            makers = {"proposal": _proposal}
            content, warnings = makers.get(arguments.report, _declaration)(task, store, arguments, suffix)
    except (NoRecordsError, UnknownEnterpriseError) as nothing:
        raise JobRefused(str(nothing)) from nothing
    file = task.folder() / f"{arguments.report}{suffix}"
    file.write_bytes(content)
    return {
        "file": file.name,
        "bytes": len(content),
        "media_type": MEDIA_TYPES[suffix],
        "warnings": list(warnings),
    }


def _declaration(
    task: Task, store: Store, arguments: kinds.Report, suffix: str
) -> tuple[bytes, tuple[str, ...]]:
    from serving.reports.declaration import declaration
    from serving.reports.facts import facts_from_store
    from serving.reports.writing import rendered

    facts = facts_from_store(store, arguments.enterprise_id, arguments.as_of, settings=task.settings)
    task.tell("writing", 1, 2)
    document = declaration(facts)
    return rendered(facts, document, suffix), document.warnings


def _proposal(
    task: Task, store: Store, arguments: kinds.Report, suffix: str
) -> tuple[bytes, tuple[str, ...]]:
    from serving.reports.proposal.document import proposal
    from serving.reports.proposal.facts import known_from_store
    from serving.reports.writing import PRINTED, printed
    from serving.web.proposal_words import site_words

    if suffix not in PRINTED:
        raise JobRefused(f"a proposal is {', '.join(PRINTED)}, not {suffix}")
    known = known_from_store(store, task.settings, arguments.enterprise_id)
    task.tell("writing", 1, 2)
    document = proposal(known, site_words(arguments.language))
    return printed(document, suffix), document.warnings

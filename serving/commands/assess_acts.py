"""What `zhuoyue assess` does: opens the register, catches up on what was interrupted, acts, prints."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import typer

from features.self_assessment import (
    Answer,
    Assessment,
    AssessmentRefused,
    Finding,
    Register,
    begin,
    declare,
    review,
    settle,
)
from features.self_assessment.checks import parse_link, tidy
from features.self_assessment.describing import changed, summary, whole
from features.settings import Settings
from serving.output import Format, emit

DONE, FAILED = 0, 1
_FINDING = re.compile(r"\s*([a-z_]+)\s*=\s*([0-9]{1,3})\s*(?::(.*))?", re.DOTALL)
LISTED = ("id", "enterprise_id", "as_of", "state", "answered", "declared_on", "reviewed_on")
LINE = ("item", "level", "why", "evidence", "found", "reason")


@dataclass(frozen=True)
class Desk:
    """The register and the records, as the acts need them."""

    register: Register
    settings: Settings

    def begin(self, enterprise_id: str, as_of: str, by: str) -> Assessment:
        """Begin a draft."""
        return begin(self.register, self.settings, enterprise_id, as_of, by)

    def fill(self, assessment_id: str, path: Path, by: str, version: int | None) -> Assessment:
        """Answer from a workbook."""
        from features.self_assessment.form_reading import read_workbook

        asked = self.register.get(assessment_id)
        answers = read_workbook(path, asked.edition, asked.pack_sha256)
        return self.register.answer(assessment_id, answers, by, version, "fill")

    def declare(self, assessment_id: str, by: str, role: str, on: date, version: int | None) -> Assessment:
        """Declare a draft."""
        return declare(self.register, self.settings, assessment_id, by, role, on, version)

    def review(
        self,
        assessment_id: str,
        by: str,
        organisation: str,
        on: date,
        differing: dict[str, Finding],
        version: int | None,
    ) -> Assessment:
        """Review a declared one."""
        return review(self.register, self.settings, assessment_id, by, organisation, on, differing, version)


@contextmanager
def opened() -> Iterator[Desk]:
    """Open the register; what an interrupted command left half done is finished first."""
    settings = Settings()
    with Register.open(settings) as register:
        for one in settle(register, settings):
            typer.echo(f"note: {one.id} was declared or reviewed and is now in the records too", err=True)
        yield Desk(register, settings)


def act(doing: Callable[[Desk], Assessment], fmt: str | None) -> None:
    """Do one thing and print the assessment that comes of it."""
    with opened() as desk:
        answer = whole(doing(desk))
    if not _for_people(fmt):
        emit(answer, fmt)
        return
    head = (
        "id",
        "enterprise_id",
        "as_of",
        "kind",
        "state",
        "version",
        "declared",
        "reviewed",
        "superseded_by",
    )
    emit([{"": name, " ": answer[name]} for name in head if answer[name] is not None], Format.table)
    emit([_line(item) for item in answer["items"]], Format.table, LINE)


def _line(item: dict[str, Any]) -> dict[str, Any]:
    links = "\n".join(f"{link['title']} | {link['link']}" for link in item["evidence"])
    return {**item, "level": item["level"] or "not yet answered", "evidence": links or None}


def _for_people(fmt: str | None) -> bool:
    return fmt == Format.table or (fmt is None and sys.stdout.isatty())


def answer_of(level: int, why: str, evidence: list[str]) -> Answer:
    """Return an answer from the command's options; raises AssessmentRefused."""
    return Answer(level, why.strip(), tuple(parse_link(text) for text in evidence))


def findings_of(texts: list[str]) -> dict[str, Finding]:
    """Return findings from `ITEM=LEVEL:REASON`; raises AssessmentRefused with all that is wrong."""
    found: dict[str, Finding] = {}
    faults = []
    for text in texts:
        match = _FINDING.fullmatch(text)
        if match is None:
            faults.append(f"item: found {text!r:.80}; allowed: ITEM=LEVEL:REASON")
        elif match.group(1) in found:
            faults.append(f"item: found {match.group(1)} twice; allowed: every item once")
        else:
            found[match.group(1)] = Finding(int(match.group(2)), tidy(match.group(3) or ""))
    if faults:
        raise AssessmentRefused(*faults)
    return found


def list_all(enterprise_id: str | None, fmt: str | None) -> None:
    """Print a line for every assessment."""
    with opened() as desk:
        emit([summary(one) for one in desk.register.all(enterprise_id)], fmt, LISTED)


def show_history(assessment_id: str, fmt: str | None) -> None:
    """Print every change; for people an act with its fields, for programs a row with its hash each."""
    with opened() as desk:
        changes = desk.register.history(assessment_id)
    if not _for_people(fmt):
        emit(map(changed, changes), fmt)
        return
    for (version, at, who, action), fields in groupby(
        changes, lambda one: (one.version, one.at, one.who, one.action)
    ):
        typer.echo(f"version {version}, {at.replace('T', ' ').removesuffix('+00:00')} UTC, {who}: {action}")
        for one in fields:
            typer.echo(f"  {one.field}: {_shown(one.old)} → {_shown(one.new)}")


def _shown(value: object) -> str:
    """Return a value of a change on one line."""
    if isinstance(value, list):
        return "; ".join(" | ".join(one) if isinstance(one, list) else str(one) for one in value) or "–"
    return "–" if value is None else tidy(str(value))


def check(known: str | None, fmt: str | None) -> int:
    """Print whether the history is whole, and return the exit status. It mends nothing."""
    with Register.open(Settings()) as register:
        verdict = register.verify(known)
    emit(
        {
            "changes": verdict.rows,
            "head": verdict.head,
            "whole": not verdict.faults,
            "faults": verdict.faults,
        },
        fmt,
    )
    return FAILED if verdict.faults else DONE

"""`zhuoyue report`: the self-declaration as Word, PDF or page, and the workbook of the calculation.

`zhuoyue report proposal` stands in `report_proposal`.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serving.output import FormatOption

if TYPE_CHECKING:
    from qm_rules import Policy
    from serving.reports.facts import Facts

DONE, BAD_INPUT = 0, 2


def register(app: typer.Typer) -> None:
    """Add the command `report` and what belongs to it."""
    from serving.commands.report_proposal import proposal

    group = typer.Typer(invoke_without_command=True)
    group.callback()(report)
    group.command()(proposal)
    app.add_typer(group, name="report")


def report(
    context: typer.Context,
    out: Annotated[
        list[Path] | None,
        typer.Option(help="FILE.docx, FILE.pdf, FILE.html or FILE.xlsx; may be given several times."),
    ] = None,
    enterprise: Annotated[str | None, typer.Option(help="An enterprise of the store.")] = None,
    evidence: Annotated[Path | None, typer.Option(help="An evidence file, FILE.json, instead.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Last month of the window, YYYY-MM.")] = None,
    policy: Annotated[
        list[str] | None, typer.Option(help="Another reading, NAME=VALUE; may be given several times.")
    ] = None,
    edition: Annotated[
        str | None, typer.Option(help="Of an evidence file: the edition, default the newest.")
    ] = None,
    day: Annotated[
        str | None,
        typer.Option("--date", help="Date of the declaration, YYYY-MM-DD; without it the line stays blank."),
    ] = None,
    fmt: FormatOption = None,
) -> None:
    """Write the self-declaration (自我声明) of one enterprise, Chinese first, English second."""
    if context.invoked_subcommand is not None:
        return
    from qm_rules import EvidenceError, PackError, PolicyError
    from serving.output import emit
    from serving.reports.writing import ReportError, check_kinds, write_reports

    try:
        out = out or []
        check_kinds(out)
        signed_on = _day(day)
        facts = _facts(enterprise, evidence, as_of, policy or [], edition)
        warnings = write_reports(facts, out, signed_on)
    except EvidenceError as refused:
        raise typer.Exit(_refuse("\n".join(f"{evidence}: {fault}" for fault in refused.faults))) from None
    except (ReportError, PackError, PolicyError) as refused:
        raise typer.Exit(_refuse(str(refused))) from None
    if warnings:
        _refuse(f"the font of the PDF lacks {', '.join(warnings)}; they are shown by their code")
    emit([_row(facts, path) for path in out], fmt)
    raise typer.Exit(DONE)


def _facts(
    enterprise: str | None, evidence: Path | None, as_of: str | None, policy: list[str], edition: str | None
) -> Facts:
    from qm_rules import Policy, load_pack
    from serving.commands.grade_evidence import read_evidence
    from serving.reports.facts import facts_from_evidence
    from serving.reports.writing import ReportError

    chosen = Policy.parse(policy)
    if evidence is not None:
        if enterprise is not None or as_of is not None:
            raise ReportError("--evidence: found --enterprise or --as-of beside it; allowed: the file alone")
        return facts_from_evidence(read_evidence(evidence), policy=chosen, pack=load_pack(edition))
    if enterprise is None:
        raise ReportError(
            "--enterprise: found nothing; needed: an enterprise of the store, or --evidence FILE"
        )
    if edition is not None:
        raise ReportError("--edition: found it beside --enterprise; allowed: with --evidence only")
    return _from_store(enterprise, as_of, chosen)


def _from_store(enterprise: str, as_of: str | None, policy: Policy) -> Facts:
    from features.evidence import NoRecordsError, UnknownEnterpriseError
    from features.periods import PeriodError
    from features.settings import Settings
    from features.store import Store
    from serving.reports.facts import facts_from_store
    from serving.reports.writing import ReportError

    try:
        settings = Settings()
        with Store.open(settings) as store:
            return facts_from_store(store, enterprise, as_of, policy, settings)
    except (NoRecordsError, UnknownEnterpriseError, PeriodError) as refused:
        raise ReportError(str(refused)) from refused


def _day(text: str | None) -> date | None:
    from serving.reports.writing import ReportError

    if text is None:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        raise ReportError(f"--date: found {text!r}; allowed: a day YYYY-MM-DD")
    return found


def _row(facts: Facts, path: Path) -> dict[str, object]:
    grade = facts.grade
    return {
        "file": str(path),
        "bytes": path.stat().st_size,
        "enterprise_id": grade.enterprise_id,
        "level": grade.level,
        "status": grade.status,
        "evidence_sha256": grade.evidence.sha256,
    }


def _refuse(message: str) -> int:
    """Say something to people on standard error, and return the exit status of bad input."""
    print(message, file=sys.stderr)  # noqa: T201 - a message for people
    return BAD_INPUT

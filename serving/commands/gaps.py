"""`zhuoyue gaps`: what each higher level still needs, in the units that people act on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serving.commands.grade_options import Language, Options
from serving.output import FormatOption

if TYPE_CHECKING:
    from serving.commands.gaps_answers import Gaps

DONE, BAD_INPUT = 0, 2


def register(app: typer.Typer) -> None:
    """Add the command `gaps`."""
    app.command("gaps")(gaps)


def gaps(
    evidence: Annotated[
        str | None,
        typer.Option(help="An evidence file: FILE.json, FILE.jsonl, or - for lines on standard input."),
    ] = None,
    enterprise: Annotated[str | None, typer.Option(help="This enterprise of the store only.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Last month of the window, YYYY-MM.")] = None,
    to_level: Annotated[int | None, typer.Option(min=2, max=5, help="Only what this level needs.")] = None,
    policy: Annotated[
        list[str] | None, typer.Option(help="Another reading, NAME=VALUE; may be given several times.")
    ] = None,
    unit_costs: Annotated[
        Path | None,
        typer.Option(help="CSV product_id,process_id,unit_cost: cost of one more first-pass unit; else 1."),
    ] = None,
    language: Annotated[
        Language | None, typer.Option(help="Of tables; default: zh.", show_default=False)
    ] = None,
    fmt: FormatOption = None,
) -> None:
    """Show what each higher level still needs: units, points of yield at which process, money, wordings."""
    from serving.commands.grade_evidence import refuse

    if evidence is not None and (enterprise or as_of) is not None:
        refuse("--evidence: found --enterprise or --as-of beside it; allowed: the file alone")
        raise typer.Exit(BAD_INPUT)
    options = Options(policy=policy or [], language=language, fmt=fmt)
    raise typer.Exit(_answer(evidence, enterprise, as_of, to_level, unit_costs, options))


def _answer(
    evidence: str | None,
    enterprise: str | None,
    as_of: str | None,
    to_level: int | None,
    costs: Path | None,
    options: Options,
) -> int:
    """Print the answer and return the exit status: 2, with what is wrong on standard error, for bad input."""
    from features.evidence import NoRecordsError, UnknownEnterpriseError
    from features.periods import PeriodError
    from qm_rules import EvidenceError, PackError, PolicyError
    from serving.commands.gaps_answers import Gaps
    from serving.commands.grade_evidence import refuse, stop_quietly
    from serving.unit_costs import read_unit_costs

    refused = (EvidenceError, PackError, PolicyError, UnknownEnterpriseError, NoRecordsError, PeriodError)
    try:
        given = None if costs is None else read_unit_costs(costs)
        found = Gaps(options, to_level, given)
        return found.of_file(evidence) if evidence is not None else _of_store(found, enterprise, as_of)
    except refused as error:
        return refuse(str(error))
    except BrokenPipeError:
        return stop_quietly()
    except OSError as error:
        return refuse(
            f"{error.filename or evidence}: found {error.strerror}; allowed: a file that can be read"
        )


def _of_store(found: Gaps, enterprise: str | None, as_of: str | None) -> int:
    from features.evidence import evidence_with_notes
    from features.settings import Settings
    from features.store import Store

    ids = None if enterprise is None else [enterprise]
    with Store.open(Settings()) as store:
        rows = evidence_with_notes(store, ids, as_of, found.forms.book.policy)
    found.print_all(((one.document, one.notes) for one in rows), single=enterprise is not None)
    return DONE

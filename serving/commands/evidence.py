"""`zhuoyue evidence`: the evidence behind the grades of the store, as files that anybody can grade again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from serving.output import Format, FormatOption

if TYPE_CHECKING:
    from features.evidence import RecordsEvidence

DONE, BAD_INPUT = 0, 2
LINES = ".jsonl"


def register(app: typer.Typer) -> None:
    """Add the command `evidence`."""
    app.command("evidence")(evidence)


def evidence(
    enterprise: Annotated[str | None, typer.Option(help="The evidence of this enterprise only.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Last month of the window, YYYY-MM.")] = None,
    policy: Annotated[
        list[str] | None, typer.Option(help="Another reading, NAME=VALUE; may be given several times.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write to FILE.json (one enterprise) or FILE.jsonl (one a line).")
    ] = None,
    fmt: FormatOption = None,
) -> None:
    """Print the evidence that the store gives, to take away and grade with `zhuoyue grade --evidence`."""
    raise typer.Exit(print_evidence(enterprise, as_of, policy or [], out, fmt))


def print_evidence(
    enterprise: str | None, as_of: str | None, policy: list[str], out: Path | None, fmt: str | None
) -> int:
    """Print the evidence of one enterprise, or of all, and return the exit status.

    One enterprise is a line of canonical JSON, many are one such line each (`jsonl`, the default where
    nobody looks), one array (`json`) or a summary (`table`). What only the records know, such as a process
    without inspection, has no place in an evidence file and is said on standard error; the grade of the
    file is the store's but for that note. Exit status 2 for an unknown enterprise, month or policy.
    """
    from features.evidence import NoRecordsError, UnknownEnterpriseError, evidence_with_notes
    from features.periods import PeriodError
    from features.settings import Settings
    from features.store import Store
    from qm_rules import Policy, PolicyError, load_pack
    from serving.progress import bar

    if out is not None and (fault := _fault(out, enterprise, fmt)):
        return _refuse(fault)
    try:
        rules = Policy.parse(policy).resolved(load_pack().policies)
        with bar("evidence"), Store.open(Settings()) as store:
            found = evidence_with_notes(store, None if enterprise is None else [enterprise], as_of, rules)
    except (UnknownEnterpriseError, NoRecordsError, PeriodError, PolicyError) as refused:
        return _refuse(str(refused))
    for one in found:
        _say_notes(one)
    if fmt == Format.table or (fmt is None and out is None and enterprise is None and sys.stdout.isatty()):
        _print_table(found)
    else:
        _write(_text(found, array=fmt == Format.json and enterprise is None), out)
    return DONE


def _fault(out: Path, enterprise: str | None, fmt: str | None) -> str | None:
    """Say what is wrong with the file that is asked for."""
    allowed = {LINES} if enterprise is None else {".json", LINES}
    if out.suffix.lower() not in allowed:
        names = " or ".join(f"FILE{suffix}" for suffix in sorted(allowed))
        many = "" if enterprise else " for several enterprises; one is chosen by --enterprise"
        return f"--out: found {str(out)!r}; allowed is {names}{many}"
    return f"--out: found --format {fmt} beside it; allowed: one of them" if fmt else None


def _text(found: list[RecordsEvidence], *, array: bool) -> str:
    from qm_rules import parse_evidence

    lines = [parse_evidence(one.document).canonical for one in found]
    return f"[{','.join(lines)}]\n" if array else "".join(f"{line}\n" for line in lines)


def _write(text: str, out: Path | None) -> None:
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(text.encode())
        return
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def _say_notes(one: RecordsEvidence) -> None:
    name = one.document["enterprise_id"]
    for note in one.notes:
        words = " ".join(f"{key}={value}" for key, value in note.items())
        print(f"{name}: {words}; first_pass is left out, the file cannot say why", file=sys.stderr)  # noqa: T201


def _print_table(found: list[RecordsEvidence]) -> None:
    from serving.output import emit

    emit([_row(one.document) for one in found], "table")


def _row(document: dict[str, Any]) -> dict[str, Any]:
    """Return how much stands behind each indicator: products, processes, characteristics, families of losses
    beside an output value, management items; and how many months lack something.
    """
    window = document["window"]
    missing = {month for months in document.get("missing_months", {}).values() for month in months}
    return {
        "enterprise_id": document["enterprise_id"],
        "window": f"{window['start']} – {window['end']}",
        "sigma": len(document.get("deliveries", ())),
        "ftq": len(document.get("first_pass", ())),
        "cpk": len(document.get("capability", ())),
        "losses": len(document.get("losses", ())) if "output_value" in document else 0,
        "items": len(document.get("management", ())),
        "missing": len(missing),
    }


def _refuse(message: str) -> int:
    print(message, file=sys.stderr)  # noqa: T201 - a message for people
    return BAD_INPUT

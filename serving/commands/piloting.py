"""`zhuoyue pilot`: where the data cannot decide, the pilot that would; when it is over, what it found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from serving.output import Format, FormatOption

if TYPE_CHECKING:
    from features.model_table import ModelTable
    from features.settings import Settings
    from models.pilots.design import Asked
    from models.pilots.rows import PilotDesign

COLUMNS = (
    "enterprise_id", "parameter_id", "from_", "to", "unit", "kind", "lines", "periods", "pairs", "block",
    "plausible", "detectable", "reaches", "worth", "reason_code",
)  # fmt: skip
SCHEDULE = ("period", "enterprise_id", "arm", "value", "counted")


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""
    app.command("pilot")(pilot)


def pilot(
    enterprise: Annotated[str | None, typer.Option(help="One enterprise; all of them without it.")] = None,
    lever: Annotated[str | None, typer.Option(help="This parameter, not the one most worth knowing.")] = None,
    power: Annotated[float, typer.Option(min=0.5, max=0.99, help="Chance to find what there is.")] = 0.8,
    most_periods: Annotated[
        int | None, typer.Option(min=2, help="Periods at most (24 months, 26 weeks, 60 days).")
    ] = None,
    lines: Annotated[int, typer.Option(min=1, max=8, help="Like plants that may take part.")] = 8,
    one_way: Annotated[
        bool, typer.Option("--one-way", help="Step over once, line after line: nothing is turned back.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the lots.")] = 1,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Use records up to this period only.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Put it on record and on the page.")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Give up the one on record for it.")] = False,
    result: Annotated[
        bool, typer.Option("--result", help="Judge the pilot on record by the records.")
    ] = False,
    language: Annotated[str, typer.Option(help="Language of the words: en or zh.")] = "en",
    fmt: FormatOption = None,
) -> None:
    """The pilot most worth running: lever, lines, schedule drawn by lot, power, worth, when to stop.

    The schedule and its test are fixed by the seed before anything is done; --keep puts both on record and
    --result, when the pilot is over, judges by them and by nothing else.
    """
    from features.model_table import build_model_table
    from features.settings import Settings
    from features.store import Store
    from models.pilots.design import Asked
    from models.pilots.outcome import result_of
    from serving.output import emit

    if (result or keep) and enterprise is None:
        raise typer.BadParameter("--result and --keep need --enterprise: a pilot on record is one plant's")
    settings = Settings()
    agreed = _on_record(settings, str(enterprise)) if result else None
    with Store.open(settings) as store:
        table = build_model_table(store, as_of=as_of)
        if agreed is not None:
            emit([result_of(table, agreed)], fmt)
            return
        asked = Asked(power, most_periods, lines, lever, one_way, seed)
        designs = _designs(store, table, enterprise, asked)
    if keep:
        from models.pilots.kept import keep as put_on_record

        designs = [put_on_record(settings, d, replace=replace) for d in designs]
    _tell(designs, fmt, language)


def _designs(store: object, table: ModelTable, enterprise: str | None, asked: Asked) -> list[PilotDesign]:
    from models.effects import fit_effects, readings_per_period
    from models.effects.roles import set_aside, suspected_outcomes
    from models.pilots.design import Designer
    from models.pilots.doubts import doubts_of
    from models.recommend import UnknownEnterpriseError, advise
    from serving.progress import bar

    known = sorted(set(table.frame.loc[table.frame["product_id"] == "", "enterprise_id"]))
    if enterprise is not None and enterprise not in known:
        some = ", ".join(known[:5])
        raise UnknownEnterpriseError(f"no records of enterprise {enterprise!r}; the store has {some}, …")
    wanted = known if enterprise is None else [enterprise]
    with bar("estimating effects") as progress:
        trusted = set_aside(table, suspected_outcomes(table))
        model = fit_effects(trusted, readings_per_period(store), progress=progress.update)  # type: ignore[arg-type]
    doubts = doubts_of(advise(trusted, model, wanted, top=3), trusted.parameters)
    designer = Designer(trusted, model)
    return [designer.design(e, doubts.get(e, {}), asked) for e in wanted]


def _tell(designs: list[PilotDesign], fmt: str | None, code: str) -> None:
    import sys

    from serving.output import emit
    from serving.web.language import language
    from serving.web.views.pilot import said

    shown = Format(fmt) if fmt else Format.table if sys.stdout.isatty() else Format.json
    if shown is not Format.table or len(designs) != 1:
        emit(designs, fmt, COLUMNS)
        return
    for sentence in said(language(code), designs[0].model_dump(), {}):
        typer.echo(sentence, err=True)
    emit(designs[0].schedule, fmt, SCHEDULE)


def _on_record(settings: Settings, enterprise: str) -> PilotDesign:
    from models.pilots.kept import kept

    design = kept(settings, enterprise)
    if design is None:
        raise typer.BadParameter(f"--result: no pilot of {enterprise!r} is on record; --keep puts one there")
    return design

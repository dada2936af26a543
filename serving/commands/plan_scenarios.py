"""`zhuoyue plan scenario`: what if, kept, computed, and compared side by side."""

from __future__ import annotations

from typing import Annotated

import typer

from serving.commands import plan_scenarios_answers as answers
from serving.commands.plan_group import Basis, Chain, Industry, OwnList, Region, Size, at_desk
from serving.output import FormatOption


def register(plan: typer.Typer) -> None:
    """Add the sub-application `scenario` to `plan`."""
    scenario = typer.Typer(help="Scenarios: what if, kept, computed, compared.", no_args_is_help=True)
    for act in (show, keep, compute, compare, remove):
        scenario.command(act.__name__)(act)
    plan.add_typer(scenario, name="scenario")


def show(fmt: FormatOption = None) -> None:
    """List the scenarios that are kept, and whether the current publication has them computed."""
    from serving.output import emit
    from serving.scenarios import every

    with answers.engine() as (settings, engine):
        outlook = answers.outlook_id(settings)
        emit([answers.row(settings, own, outlook) for own in every(engine)], fmt)


def keep(
    name: Annotated[str, typer.Option(help="How the scenario is called.")],
    start: Annotated[str, typer.Option(help="First month in which anything is otherwise, YYYY-MM.")],
    region: Region = "",
    industry: Industry = "",
    size: Size = "",
    chain: Chain = "",
    own_list: Annotated[str, typer.Option("--list", help="Id of an own list.")] = "",
    demand: Annotated[float, typer.Option(help="Factor on future quantities.")] = 1.0,
    internal_price: Annotated[float, typer.Option(help="Factor on the cost of internal failure.")] = 1.0,
    external_price: Annotated[float, typer.Option(help="Factor on the cost of external failure.")] = 1.0,
    option: Annotated[str, typer.Option(help="Actions each begins: best, best_two or all.")] = "",
    programme_start: Annotated[str, typer.Option(help="Month they begin in; default: --start.")] = "",
    share: Annotated[float, typer.Option(help="Share of the enterprises that take part.")] = 1.0,
    supplier: Annotated[list[str] | None, typer.Option(help="A supplier to tighten; several times.")] = None,
    supplier_factor: Annotated[float, typer.Option(help="Factor on their delivered ppm.")] = 0.5,
    item: Annotated[
        list[str] | None,
        typer.Option(help="A management item raised from a month on, item=level@YYYY-MM; several times."),
    ] = None,
    fmt: FormatOption = None,
) -> None:
    """Keep a scenario; one of the same name that you made is replaced. Then `compute` it."""
    from getpass import getuser

    from serving.output import emit
    from serving.scenarios import of_kept, register

    group = {"region": region, "industry": industry, "size": size, "chain": chain, "list": own_list}
    prices = {"demand": demand, "internal_price": internal_price, "external_price": external_price}
    programme = {"option": option, "start": programme_start or start, "share": share} if option else None
    tightened = {"suppliers": supplier, "factor": supplier_factor} if supplier else None
    items = [answers.item(text) for text in item or ()]
    acts = {"programme": programme, "tightened": tightened, "items": items}
    wish = answers.checked({"name": name, "start": start, **group, **prices, **acts})
    document, who = wish.model_dump(mode="json"), getuser()
    with answers.engine() as (settings, engine):
        kept = register(engine)
        old = [own for own in kept.all() if own.document["name"] == name and own.owner == who]
        found = kept.change(old[0].id, None, document, who) if old else kept.add(document, who)
        emit([answers.row(settings, of_kept(engine, found), answers.outlook_id(settings))], fmt)


def compute(
    scenario: Annotated[str, typer.Argument(help="Id or name of the scenario.")], fmt: FormatOption = None
) -> None:
    """Compute a scenario on the current publication: seconds for dozens of enterprises."""
    from models.outlook import Outlook
    from models.scenarios.keeping import keep as keep_result
    from serving.acts.scenarios import computing_of
    from serving.output import emit
    from serving.progress import bar

    with answers.engine() as (settings, engine):
        own, outlook = answers.found(engine, scenario), Outlook.load(settings)
        with bar("scenario") as progress:
            result = computing_of(own, outlook).result(lambda _, done, total: progress.update(done, total))
        keep_result(settings, own.id, own.stamp, outlook.folder.name, result)
        emit([answers.row(settings, own, outlook.folder.name)], fmt)


def compare(
    scenario: Annotated[list[str], typer.Argument(help="Ids or names; compared with the forecast as it is.")],
    basis: Basis = "grade",
    region: Region = "",
    industry: Industry = "",
    size: Size = "",
    chain: Chain = "",
    own_list: OwnList = "",
    fmt: FormatOption = None,
) -> None:
    """Compare scenarios over a group: who newly reaches each level, targets, the cost of helping.

    `more` is the difference to the forecast as it stands, path by path.
    """
    import numpy as np

    from serving.web.scenarios.answers import Asked, comparison

    with (
        answers.engine() as (settings, engine),
        at_desk(basis, region, industry, size, chain, own_list) as (desk, wished, targets),
    ):
        outlook = answers.outlook_id(settings)
        found = [
            (own, answers.result(settings, own, outlook))
            for own in (answers.found(engine, one) for one in scenario)
        ]
        own = np.ones(len(desk.portfolio), dtype=np.bool_)
        answers.printed(comparison(Asked(desk, wished, found, targets, own), outlook), fmt)


def remove(
    scenario: Annotated[str, typer.Argument(help="Id or name of the scenario.")], fmt: FormatOption = None
) -> None:
    """Take a scenario back, with what was computed of it; the journal keeps what it said."""
    from getpass import getuser

    from models.scenarios.keeping import forget
    from serving.output import emit
    from serving.scenarios import register

    with answers.engine() as (settings, engine):
        own = answers.found(engine, scenario)
        register(engine).remove(own.id, None, getuser(), any_owner=True)
        forget(settings, own.id)
        emit([{"id": own.id, "name": own.wish.name, "owner": own.owner}], fmt)

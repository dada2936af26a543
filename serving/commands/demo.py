"""`zhuoyue demo`: the whole path on a simulated province, one screen, then the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from features.settings import Settings
    from serving.demo.path import Outcome, Province
    from serving.progress import Bar


def register(app: typer.Typer) -> None:
    """Add `demo` to the command line."""
    app.command("demo")(demo)


def demo(
    enterprises: Annotated[int, typer.Option(help="Number of simulated plants.", min=5, max=2000)] = 40,
    months: Annotated[int, typer.Option(help="Months of history.", min=24, max=240)] = 60,
    seed: Annotated[int, typer.Option(help="Everything simulated follows from it.")] = 249,
    serve: Annotated[bool, typer.Option(help="Serve the pages afterwards, until Ctrl-C.")] = True,
    language: Annotated[str, typer.Option(help="Language of the screen: en or zh.")] = "en",
    port: Annotated[int, typer.Option(help="Port of the pages.", min=0, max=65535)] = 8000,
) -> None:
    """Simulated province → import, grade, train, forecast, recommend, then the pages."""
    from rich.console import Console

    from features.settings import Settings
    from serving.demo.path import Province
    from serving.demo.screen import show
    from serving.web.language import language as speaking

    settings, words = Settings(), speaking(language)
    outcome = _walk(settings, Province(seed, enterprises, months))
    show(outcome, Console(), words)
    if serve:
        from serving.web.running.server import run

        run(settings, "127.0.0.1", port, open_to_all=True)


def _walk(settings: Settings, province: Province) -> Outcome:
    """Take every step with its own progress bar; the grades come first because they need no model."""
    from features.store import Store
    from serving.demo import path
    from serving.progress import bar
    from serving.web.library import Library

    path.claim(settings, province)
    with Store.open(settings) as store:
        with bar("records") as shown:
            records = path.bring_records(settings, store, province, _teller(shown))
        with bar("official grades", total=1) as shown:
            grades = path.grade_all(store)
            shown.update(1)
        with bar("training") as shown:
            outlook = path.learn(settings, store, _teller(shown))
    return path.Outcome(province, records, grades, outlook, Library(settings).parameters())


def _teller(shown: Bar) -> Callable[[str, int, int], None]:
    return lambda what, done, total: shown.update(done, total, what)

"""`zhuoyue publish`: compute anew what pages and API read, from the present records and the champion."""

from __future__ import annotations

import typer

from serving.commands.forecast_options import AsOf, Home
from serving.output import FormatOption


def register(app: typer.Typer) -> None:
    """Add `publish` to the command line."""
    app.command()(publish)


def publish(as_of: AsOf = None, home: Home = "", fmt: FormatOption = None) -> None:
    """Compute forecasts, drivers, chances of levels and advice of everybody, and make them what is read."""
    from serving.commands.forecast_options import opened, settings_of, told
    from serving.output import emit
    from serving.publishing import publish_outlook

    settings = settings_of(home)
    with opened(settings) as store, told("outlook") as progress:
        outlook = publish_outlook(settings, store, as_of or None, progress)
    names = ("model_version", "fingerprint", "created_at", "as_of")
    facts: dict[str, object] = {name: getattr(outlook, name) for name in names}
    emit(facts | {"outlook": outlook.folder.name}, fmt)

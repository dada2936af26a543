"""A warning on standard error: parameters whose role the data contradict."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from models.recommend.rows import RecommendationRow


def warn_of_suspects(rows: Iterable[RecommendationRow]) -> None:
    """Say once per parameter which ones look like outcomes, how sure that is and in how many enterprises."""
    found: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        for s in row.evidence.get("suspected_outcomes") or ():
            found.setdefault((s["parameter_id"], s["kind"]), []).append(float(s["follows"]))
    for (name, kind), shares in sorted(found.items()):
        stated = "actionable" if kind == "actionable" else "context (or left out)"
        typer.echo(
            f"warning: {name} is stated {stated} but looks like an outcome ({len(shares)} of the "
            f"enterprises shown): quality of the same period explains {max(shares):.0%} of its surprises, "
            "and it has no memory of its own. Nothing is advised on it; mark it `outcome` if it only shows "
            "quality.",
            err=True,
        )

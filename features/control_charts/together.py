"""Hotelling's T² of several characteristics of one enterprise that were measured on the same pieces."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import narwhals as nw
import numpy as np
import pandas as pd

from features.aggregates.measured import SUBGROUP, with_subgroups
from features.aggregates.resident import collect_pandas
from features.aggregates.scope import Scope
from features.capability.samples import Flags
from features.control_charts.basis import WHOLE, Basis
from features.control_charts.chart import Chart, Points, about, drawn
from features.control_charts.hotelling import hotelling
from features.control_charts.lines import Lines
from features.control_charts.reading import ChartError, known_enterprise, scope_of
from features.tables import Tables

PIECE = [*SUBGROUP, "lot_id", "piece"]
"""What tells a piece apart: subgroup and day (or the very moment), lot, and its number in them."""


def together_chart(
    tables: Tables,
    enterprise_id: str,
    characteristic_ids: Sequence[str],
    since: date | None = None,
    until: date | None = None,
    basis: Basis = WHOLE,
) -> Chart:
    """Return the T² chart of two or more characteristics, a point per piece on which all were measured.

    Points of the baseline are held against the limit of phase I, later ones against that of phase II.

    Raises:
        ChartError: no such enterprise or characteristic, or fewer than two different ones.
    """
    known_enterprise(tables, enterprise_id)
    names = list(dict.fromkeys(characteristic_ids))
    if basis.centre is not None or basis.sigma is not None:
        raise ChartError("centre, sigma: allowed for one characteristic, not for several together")
    if len(names) < 2:
        raise ChartError(f"characteristic: found {names}; allowed are two or more different ones for T2")
    scope = scope_of(enterprise_id, since, until)
    _refuse_unknown(tables, scope, names)
    rows = _pieces(tables, scope, names)
    baseline = basis.baseline(rows["at"], complete=False)
    values = rows[names].to_numpy(dtype=np.float64)
    found = hotelling(values[baseline], values[~baseline], confidence=basis.width.confidence)
    lines = _in_time(found.lines, baseline)
    points = Points(
        tuple(rows["at"].dt.strftime("%Y-%m-%d %H:%M:%S")),
        tuple((rows["subgroup_id"].astype(str) + " " + rows["piece"].astype(str)).str.strip()),
        np.ones(len(rows)),
        baseline,
    )
    return drawn("T2", " + ".join(names), None, lines, points, "none", about(lines, baseline))


def _in_time(lines: Lines, baseline: Flags) -> Lines:
    """Put the points back in the order of time, after those of the baseline came first."""
    order = np.argsort(np.concatenate([np.flatnonzero(baseline), np.flatnonzero(~baseline)]))
    points = lines.series
    ordered = points.having(points.values[order])  # noqa: PD011 - an array of our own
    return Lines(ordered, lines.centre, lines.lcl, lines.ucl[order], lines.error)


def _refuse_unknown(tables: Tables, scope: Scope, names: list[str]) -> None:
    listed = collect_pandas(scope.of_enterprises(tables.table("characteristics")).select("characteristic_id"))
    unknown = [name for name in names if name not in set(listed["characteristic_id"])]
    if unknown:
        raise ChartError(
            f"characteristic: found {', '.join(unknown)}; allowed are those of table characteristics"
        )


def _pieces(tables: Tables, scope: Scope, names: list[str]) -> pd.DataFrame:
    """Return a row per piece with every characteristic, in the order of time (`at`: first measured)."""
    values = scope.timed(tables, "measurements", "measured_at").filter(
        nw.col("characteristic_id").is_in(names)
    )
    rows = collect_pandas(with_subgroups(values).select("characteristic_id", *PIECE, "measured_at", "value"))
    pieces = rows.groupby(PIECE, dropna=False)
    rows = rows.assign(number=pieces.ngroup(), at=pieces["measured_at"].transform("min"))
    wide = rows.pivot_table(index="number", columns="characteristic_id", values="value", aggfunc="mean")
    wide = wide.reindex(columns=names).dropna()
    about_piece = rows.drop_duplicates("number").set_index("number")[["at", "subgroup_id", "piece"]]
    return wide.join(about_piece).sort_values(["at", "subgroup_id", "piece"], ignore_index=True)

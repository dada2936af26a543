"""Chains as part of a publication: written once with the outlook, read by pages and the API."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from features.periods import first_day, last_day
from models.chains.ahead import ahead
from models.chains.carrying import Carry, carried
from models.chains.links import Links, read_links, weights
from models.chains.lots import lot_contrasts
from models.chains.mending import Mended, Stakes, mend
from models.chains.months import YEAR, Array, Months, months_of

if TYPE_CHECKING:
    from models.outlook import Publication

FILE = "chains.json"
HALVED = float(np.log(0.5))
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Chains:
    """What is known of everybody's supply links in one publication.

    `plants` by id: ppm, units, output, internal, failures, ftq of the last twelve months, best_ppm (the best
    twelve months it ever had), deviation (log of the latest month's rate over its usual one). `links` carry
    supplier_id, customer_id, material, share and the contrast of their lots. `ahead` are the customers'
    forecasts with incoming quality carried in.
    """

    period: str
    carry: Mapping[str, Carry]
    plants: Mapping[str, Row]
    links: Sequence[Row]
    ahead: Mapping[str, Sequence[Row]] = field(default_factory=dict)

    @cached_property
    def neighbours(self) -> Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]]:
        """Numbers of the links by which each enterprise is supplied, and by which it supplies."""
        found: dict[str, tuple[list[int], list[int]]] = {}
        for at, link in enumerate(self.links):
            found.setdefault(link["customer_id"], ([], []))[0].append(at)
            found.setdefault(link["supplier_id"], ([], []))[1].append(at)
        return {name: (tuple(into), tuple(out)) for name, (into, out) in found.items()}

    def mended(self, ids: Sequence[str], *, to_best: bool = False) -> dict[str, Mended]:
        """Return what mending each supplier among `ids` gives the others among them, and nobody else.

        Mending halves its rate of nonconforming deliveries, or (`to_best`) brings it back to its own best
        twelve months; one that is as good as it ever was has nothing to be mended then.
        """
        links = pd.DataFrame(list(self.links), columns=["supplier_id", "customer_id", "share"])
        links["share"] = links["share"].astype("float64")
        own = [self.plants.get(name, {}) for name in ids]
        stakes = Stakes(_column(own, "internal"), _column(own, "failures"))
        change = _to_best(own) if to_best else np.full(len(ids), HALVED)
        found = mend(weights(ids, links), self.carry, stakes, change)
        supplying = set(links["supplier_id"])
        return {name: one for name, one in zip(ids, found, strict=True) if name in supplying}


def _column(rows: Sequence[Row], name: str) -> Array:
    return np.array([np.nan if row.get(name) is None else float(row[name]) for row in rows])


def _to_best(rows: Sequence[Row]) -> Array:
    """Return the change of each log rate back to its best year; 0 where either is unknown."""
    now, best = _column(rows, "ppm"), _column(rows, "best_ppm")
    with np.errstate(invalid="ignore", divide="ignore"):
        change = np.log((best + 0.01) / (now + 0.01))
    return np.asarray(np.minimum(np.nan_to_num(change, nan=0.0), 0.0))


def keep_chains(made: Publication) -> None:
    """Write the chains of a publication; without a link that is an empty graph."""
    from models.outlook_files import read_rows

    months = months_of(made.table.frame)
    links = read_links(made.tables, months.ids)
    carry = carried(months, links)
    yields, rates = (_whole(read_rows(made.folder, "forecasts", target)) for target in ("ftq", "ppm"))
    told = {
        "period": months.last if len(months.units) else "",
        "carry": {name: asdict(one) for name, one in carry.items()},
        "plants": _plants(months),
        "links": _links(made, months, links),
        "ahead": _by_enterprise(ahead(months, links, carry["ftq"], yields, rates)),
    }
    text = json.dumps(_plain(told), ensure_ascii=False, allow_nan=False)
    (made.folder / FILE).write_text(text, encoding="utf-8")


def kept_chains(folder: Path) -> Chains | None:
    """Return what `keep_chains` wrote; None for an outlook of an earlier version."""
    file = folder / FILE
    if not file.exists():
        return None
    told = json.loads(file.read_bytes())
    told["carry"] = {name: Carry(**_numbers(one)) for name, one in told["carry"].items()}
    return Chains(**told)


def _whole(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if not row["product_id"] and len(row["period"]) == len("YYYY-MM")]


def _by_enterprise(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["enterprise_id"], []).append(
            {k: v for k, v in row.items() if k != "enterprise_id"}
        )
    return found


def _plants(months: Months) -> dict[str, dict[str, Any]]:
    """Return the last twelve months of every enterprise."""
    if not len(months.units):
        return {}
    rate, best = _rates(months)
    year = slice(-YEAR, None)
    known = np.isfinite(months.outcomes["ftq"][year])
    with np.errstate(invalid="ignore", divide="ignore"):
        log_loss = np.nansum(np.where(known, np.exp(months.outcomes["ftq"][year]), 0.0), axis=0)
        ftq = np.where(known.any(axis=0), np.exp(-log_loss / np.maximum(known.sum(axis=0), 1)), np.nan)
        columns = {
            "ppm": rate[-1] * 1e6,
            "best_ppm": best * 1e6,
            "units": _sum(months.units[year]),
            "output": _sum(months.output[year]),
            "internal": _sum(months.internal[year]),
            "ftq": ftq,
            "failures": (1 - ftq) * _sum(months.units[year]),
            "deviation": np.where(np.isfinite(months.usual), months.deviation[-1], np.nan),
        }
    return {
        name: {column: float(values[at]) for column, values in columns.items()}
        for at, name in enumerate(months.ids)
    }


def _rates(months: Months) -> tuple[Array, Array]:
    """Return the rate of nonconforming deliveries over twelve months up to each, and the best whole year."""
    known = np.isfinite(months.units) & np.isfinite(months.nonconforming)
    units, bad, count = (_rolling(grid) for grid in (months.units, months.nonconforming, known.astype(float)))
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.where(units > 0, bad / units, np.nan)
        whole = np.where((count == YEAR) & np.isfinite(rate), rate, np.inf)
        best = whole.min(axis=0)
    return rate, np.where(np.isfinite(best), best, np.nan)


def _rolling(grid: Array) -> Array:
    """Return sums of what is known over twelve months; NaN before there are so many rows."""
    sums = np.cumsum(np.nan_to_num(grid), axis=0)
    rolled = np.full_like(sums, np.nan)
    if len(sums) >= YEAR:
        rolled[YEAR - 1 :] = sums[YEAR - 1 :] - np.vstack([np.zeros((1, grid.shape[1])), sums[:-YEAR]])
    return rolled


def _sum(grid: Array) -> Array:
    """Sum the months that are known; NaN where none is."""
    return np.where(np.isfinite(grid).any(axis=0), np.nansum(grid, axis=0), np.nan)


def _links(made: Publication, months: Months, links: Links) -> list[dict[str, Any]]:
    end = months.first + len(months.units) - 1
    days = (first_day(end - YEAR + 1, "month"), last_day(end, "month")) if len(links.rows) else None
    lots = lot_contrasts(made.tables, *days) if days else {}
    rows = []
    for row in links.rows.to_dict("records"):
        contrast = lots.get((row["supplier_id"], row["customer_id"]))
        told = {name: row[name] for name in ("supplier_id", "customer_id", "material", "share")}
        rows.append(told | {"lots": contrast._asdict() if contrast else None})
    return rows


def _numbers(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a carry as it was: null stands for a number that is none."""
    return {name: np.nan if value is None else value for name, value in row.items()}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return plain JSON: null for what is no number."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    return value.item() if isinstance(value, np.generic) else value

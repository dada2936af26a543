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
from models.chains.ahead import ahead, arriving
from models.chains.carrying import Carry, carried
from models.chains.links import Links, read_links, weights
from models.chains.lots import lot_contrasts
from models.chains.mending import Mended, Stakes, mend
from models.chains.months import YEAR, Array, Months, months_of
from models.chains.plants import plants_of

if TYPE_CHECKING:
    from models.outlook import Publication

FILE = "chains.json"
HALVED = float(np.log(0.5))
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Chains:
    """What is known of everybody's supply links in one publication.

    `plants` by id: what `models.chains.plants` says, and `pace`, the frequency of the periods in which
    effects on it were estimated. `links` carry supplier_id, customer_id, material, share and the contrast of
    their lots. `ahead` are the customers' forecasts with incoming quality carried in, `levels` their chances
    of levels before and after.
    """

    period: str
    carry: Mapping[str, Carry]
    plants: Mapping[str, Row]
    links: Sequence[Row]
    ahead: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    levels: Mapping[str, Sequence[Row]] = field(default_factory=dict)

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
        "plants": _paced(plants_of(months), made),
        "links": _links(made, months, links),
        "ahead": _by_enterprise(ahead(months, links, carry["ftq"], yields, rates)),
        "levels": _levels(made, carry, arriving(months, links, rates)),
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


def _levels(
    made: Publication, carry: Mapping[str, Carry], more: Mapping[str, Mapping[int, float]]
) -> dict[str, list[dict[str, Any]]]:
    from models.attainment.level_model import LevelModel
    from models.chains.levels import level_chances

    if made.begun is None or not more:
        return {}
    return level_chances(made.begun, LevelModel.from_dict(made.model.levels), carry, more)


def _paced(plants: dict[str, dict[str, Any]], made: Publication) -> dict[str, dict[str, Any]]:
    """Add to each plant in which periods the effects on it were estimated."""
    for panel in made.fitted.model.panels:
        for name in panel.enterprises:
            if name in plants:
                plants[name]["pace"] = panel.frequency
    return plants


def _whole(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if not row["product_id"] and len(row["period"]) == len("YYYY-MM")]


def _by_enterprise(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["enterprise_id"], []).append(
            {k: v for k, v in row.items() if k != "enterprise_id"}
        )
    return found


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

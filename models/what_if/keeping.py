"""At publication: what a what-if needs, written beside the outlook's rows.

`plants.arrow` holds a row a plant; `shared.npz` and `shared.json` what all have in common. Error paths are
the same for everybody up to a plant's own scale, and effects are a sector's up to a line's own, so that a
plant costs some ten kilobytes, not the half megabyte that its paths would take.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from features.model_table import finest
from models.attainment.known import Array
from models.attainment.sample import Drawn
from models.attainment.start import Start
from models.effects.panel import Panel, paced
from models.plans.following import learn_following
from models.recommend.loss_links import loss_links
from models.recommend.money import yearly_losses
from models.recommend.promises import base_levels
from models.what_if.files import Numbers, write_plants
from models.what_if.known import numbers_of, path_numbers, shared_errors
from models.what_if.levers import Place, places
from models.what_if.sectors import line_numbers, shared_numbers

if TYPE_CHECKING:
    from models.outlook import Publication

FOLDER: Final = "what_if"
PLANTS, SHARED, FACTS = "plants.arrow", "shared.npz", "shared.json"


def keep_what_if(made: Publication) -> None:
    """Write the files; none where no level can be foretold for anybody."""
    begun = made.begun
    if begun is None:
        return
    folder = made.folder / FOLDER
    folder.mkdir()
    np.savez(folder / SHARED, **_shared(made, begun))  # type: ignore[arg-type]  # names of arrays
    (folder / FACTS).write_text(json.dumps(_facts(made, begun)), encoding="utf-8")
    write_plants(folder / PLANTS, list(_Keeping(made, begun).plants()))


def _shared(made: Publication, begun: Start) -> dict[str, Array]:
    found: dict[str, Array] = {"shock": begun.sample.shock.astype(np.float64)}
    for target, drawn in _drawn(begun).items():
        found |= {f"errors.{target}.{name}": value for name, value in shared_errors(drawn).items()}
    for number, panel in enumerate(made.fitted.model.panels):
        for target, effects in made.fitted.model.of(panel).items():
            for name, value in shared_numbers(effects).items():
                found[f"sectors.{number}.{target}.{name}"] = value
    return found


def _facts(made: Publication, begun: Start) -> dict[str, Any]:
    model = made.fitted.model
    return {
        "model_version": made.model.version,
        "levels": made.model.levels,
        "following": asdict(learn_following(made.table)),
        "seed": begun.sample.seed,
        "months": begun.sample.months,
        "links": {target: drawn.outlook.model.link.to_dict() for target, drawn in _drawn(begun).items()},
        "beyond": {target: drawn.outlook.model.beyond.to_dict() for target, drawn in _drawn(begun).items()},
        "sectors": [
            {"frequency": panel.frequency, "levers": panel.levers, "targets": list(model.of(panel))}
            for panel in model.panels
        ],
    }


def _drawn(begun: Start) -> dict[str, Drawn]:
    return {target: own for target, own in begun.sample.drawn.items() if isinstance(own, Drawn)}


@dataclass(frozen=True)
class _Keeping:
    """Rows of everybody, read from the model table once."""

    made: Publication
    begun: Start

    @cached_property
    def _lines(self) -> dict[str, tuple[int, Panel, int]]:
        """By enterprise: the panel's number, the panel, and the line in it."""
        panels = self.made.fitted.model.panels
        return {name: (n, p, i) for n, p in enumerate(panels) for i, name in enumerate(p.enterprises)}

    @cached_property
    def _paths(self) -> dict[str, Array]:
        return path_numbers(self.begun)

    @cached_property
    def _suspects(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one in self.made.fitted.suspects:
            for name in one.enterprises:
                found.setdefault(name, []).append(one.parameter_id)
        return found

    def plants(self) -> Iterator[tuple[str, str, Numbers]]:
        """Id, facts and numbers of each, in the order of the sample."""
        whole = self.made.table.frame[self.made.table.frame["product_id"] == ""]
        own, rows = _by_enterprise(finest(whole)), _by_enterprise(paced(whole))
        parameters = dict(list(self.made.table.parameters.groupby("enterprise_id")))
        links, nothing = loss_links(self.made.table), self.made.table.parameters.iloc[:0]
        for row, name in enumerate(self.begun.sample.enterprise_ids):
            number, panel, line = self._lines[name]
            facts = {
                "origin": int(self.begun.sample.origin[row]),
                "state": asdict(self.begun.states[row]),
                "losses": asdict(yearly_losses(own[name], links)),
                "bases": dict(base_levels(rows[name])),
                "sector": number,
                "levers": [asdict(place) for place in self._places(name, parameters.get(name, nothing))],
            }
            yield name, json.dumps(facts, ensure_ascii=False), self._numbers(row, panel, line)

    def _places(self, name: str, parameters: pd.DataFrame) -> list[Place]:
        _, panel, line = self._lines[name]
        return places(self.made.fitted.model, panel, line, parameters, self._suspects.get(name, ()))

    def _numbers(self, row: int, panel: Panel, line: int) -> Mapping[str, Array]:
        found = numbers_of(self.begun, self._paths, row)
        for target, effects in self.made.fitted.model.of(panel).items():
            for name, value in line_numbers(effects, line).items():
                found[f"effects.{target}.{name}"] = value
        return found


def _by_enterprise(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    return {str(name): rows.sort_values("t") for name, rows in frame.groupby("enterprise_id")}

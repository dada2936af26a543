"""Everything that a proposal says, gathered once: the official grade, what was published, what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import narwhals as nw

from features.aggregates.resident import collect
from qm_rules.words import label
from serving.reports.facts import Facts, official_facts
from serving.reports.proposal.moves import Move, Row, read_moves

if TYPE_CHECKING:
    from features.settings import Settings
    from features.tables import Tables


@dataclass(frozen=True, eq=False)
class Published:
    """The outlook of one enterprise, as rows; `until` is the last period with records that it knew."""

    model_version: str
    created_at: str
    until: str
    forecasts: tuple[Row, ...]
    attainment: tuple[Row, ...]
    drivers: tuple[Row, ...]
    recommendations: tuple[Row, ...]


@dataclass(frozen=True, eq=False)
class Known:
    """What a proposal rests on.

    `official` is the grade on its default window; `published` None where nothing was published; `parameters`
    and `processes` are the records' rows by id; `history` the known values of the forecast targets, oldest
    first; `actions` the enterprise's rows of the record table `actions`, oldest first, with the published
    `verdicts` on them and the row that each `promises`, by action id.
    """

    official: Facts
    published: Published | None
    parameters: Mapping[str, Row]
    processes: Mapping[str, str]
    history: tuple[Row, ...] = ()
    actions: tuple[Row, ...] = ()
    verdicts: Mapping[str, Row] = field(default_factory=dict)
    promises: Mapping[str, Row] = field(default_factory=dict)

    @property
    def moves(self) -> tuple[Move, ...]:
        """Return the published recommendations, best first."""
        return read_moves(self.published.recommendations) if self.published else ()

    def lever(self, parameter_id: str, otherwise: object = None) -> str:
        """Return the plant's own name of a lever, else what is published, else its id, on one line."""
        name = self.parameters.get(parameter_id, {}).get("name") or otherwise or parameter_id
        return label(str(name))

    def unit(self, move: Move) -> str:
        """Return the unit of a move's lever, empty for none."""
        return label(str(self.parameters.get(move.parameter_id, {}).get("unit") or move.text("unit")))

    def process(self, move: Move) -> str:
        """Return where a lever stands: the name of its process, else its id, empty for none."""
        found = self.parameters.get(move.parameter_id, {}).get("process_id") or move.text("process_id")
        return label(str(self.processes.get(str(found)) or move.text("process_name") or found or ""))


def known_from_store(
    tables: Tables,
    settings: Settings,
    enterprise_id: str,
    history: Sequence[Row] | None = None,
) -> Known:
    """Return what is known of one enterprise: nothing is fitted, forecast or published here.

    `history` spares reading it again where somebody has it. Raises what `features.evidence` raises
    (`UnknownEnterpriseError`, `NoRecordsError`).
    """
    official = official_facts(tables, enterprise_id)
    published = _published(settings, enterprise_id)
    rows = _history(tables, enterprise_id) if history is None and published else history or ()
    actions = sorted(_rows(tables, "actions", enterprise_id), key=lambda row: str(row["started_on"]))
    return Known(
        official,
        published,
        {str(row["parameter_id"]): row for row in _rows(tables, "parameters", enterprise_id)},
        {process: name for (_, process), name in official.names.processes.items()},
        tuple(rows),
        tuple(actions),
        _verdicts(settings) if actions else {},
        _promises(settings, enterprise_id) if actions else {},
    )


def _published(settings: Settings, enterprise_id: str) -> Published | None:
    from models.outlook import NoOutlookError, Outlook

    try:
        outlook = Outlook.load(settings)
    except NoOutlookError:
        return None
    forecasts = [row for row in outlook.forecasts(enterprise_id) if not row["product_id"]]
    recommendations = outlook.recommendations(enterprise_id)
    if not forecasts and not recommendations:
        return None
    return Published(
        outlook.model_version,
        outlook.created_at,
        max((str(row["origin"]) for row in forecasts), default=""),
        tuple(forecasts),
        tuple(outlook.attainment(enterprise_id)),
        tuple(row for row in outlook.drivers(enterprise_id) if not row["product_id"]),
        tuple(recommendations),
    )


def _verdicts(settings: Settings) -> dict[str, Row]:
    from models.verdicts import Verdicts

    return {str(row["action_id"]): row for row in Verdicts.load(settings).verdicts}


def _promises(settings: Settings, enterprise_id: str) -> dict[str, Row]:
    from features.improvement import Register

    with Register.open(settings) as register:
        return {name: promise.row for name, promise in register.promises(enterprise_id).items()}


def _history(tables: Tables, enterprise_id: str) -> list[dict[str, Any]]:
    from features.model_table import build_model_table
    from models.results import TARGETS

    frame = build_model_table(tables, enterprise_ids=[enterprise_id]).frame
    whole = frame.loc[frame["product_id"] == "", ["period", *TARGETS]]
    return [{str(name): value for name, value in row.items()} for row in whole.to_dict("records")]


def _rows(tables: Tables, table: str, enterprise_id: str) -> list[dict[str, Any]]:
    rows = tables.table(table).filter(nw.col("enterprise_id") == enterprise_id)
    found: list[dict[str, Any]] = collect(rows).to_pylist()
    return found

"""The observation layer: from true months to the records that plants would keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from features.records.schema import TABLES
from features.simulator.observed.management import actions_table, assessments
from features.simulator.observed.measuring import characteristics_table, measurements
from features.simulator.observed.readings import parameters_table, process_data
from features.simulator.observed.recording import draw_recording
from features.simulator.observed.register import declarations, enterprises, processes, products, supply_links
from features.simulator.observed.shopfloor import defects, draw_lots, inspections
from features.simulator.observed.statements import deliveries, draw_ledger, output_values, quality_costs

if TYPE_CHECKING:
    from features.simulator.world import World

_LIVED = ("z", "stress", "nonconforming", "escape", "output", "external", "caught", "downtime", "process")


def record_tables(world: World) -> dict[str, pa.Table]:
    """Every table that the world's plants keep, typed as the schema says; `plan_targets` is the planner's."""
    seed, first, months, plants, levers = world.seed, world.first, world.months, world.plants, world.levers
    lived = {name: world.history.stacked(name) for name in _LIVED}
    kept = draw_recording(seed, months, plants.base.maturity, world.scenario)
    lots = draw_lots(seed, plants, lived["nonconforming"], kept)
    ledger = draw_ledger(seed, plants, lived)
    tables = {
        "enterprises": enterprises(seed, plants, world.scenario),
        "products": products(plants),
        "processes": processes(plants),
        "inspections": inspections(seed, first, months, plants, lots),
        "defects": defects(seed, first, months, plants, lots),
        "deliveries": deliveries(first, plants, kept, ledger),
        "characteristics": characteristics_table(plants, kept),
        "measurements": measurements(seed, first, plants, kept, lived["stress"], lived["process"]),
        "parameters": parameters_table(plants, levers),
        "process_data": process_data(seed, first, plants, levers, kept, lived["z"]),
        "quality_costs": quality_costs(first, plants, kept, ledger),
        "output_values": output_values(first, plants, kept, ledger),
        "assessments": assessments(seed, first, months, plants, kept),
        "declarations": declarations(first, months, plants, kept),
        "supply_links": supply_links(plants),
        "actions": actions_table(seed, first, months, plants, levers, world.actions, kept),
    }
    return {
        name: table.select(list(TABLES[name].names)).cast(TABLES[name].arrow)
        for name, table in tables.items()
    }

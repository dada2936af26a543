"""Monthly sums of plants that keep only some of the records."""

from __future__ import annotations

import numpy as np

from features.simulator.world import World
from features.tables import FrameTables
from models.attainment.records import monthly_records


def test_a_plant_without_statements_has_months_of_nothing_known() -> None:
    kept = ("enterprises", "products", "processes", "inspections")
    world = World(5, enterprises=2, months=12)
    tables = FrameTables({name: rows for name, rows in world.tables().items() if name in kept})
    records = monthly_records(tables, world.enterprises, world.first, world.first + 11)
    for stated in records.stated:
        assert stated.shape == (2, 12)
        assert np.isnan(stated).all()
    assert np.isfinite(records.routes.submitted).any()

"""A small world with a model, and the known months of a plant that can be added up by hand."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from features.model_table import ModelTable, build_model_table
from features.simulator.world import World
from features.tables import FrameTables
from models.attainment.known import Characteristics, Known, Stages
from models.learning.fit import Fitted, fit
from models.learning.rolling import Settings


class Trained(NamedTuple):
    """A world's records, its model table, and what was fitted to it."""

    tables: FrameTables
    table: ModelTable
    fitted: Fitted


@pytest.fixture(scope="session")
def trained() -> Trained:
    tables = FrameTables(World(5, enterprises=12, months=40).tables())
    table = build_model_table(tables)
    return Trained(tables, table, fit(table, Settings(refits=2)))


@pytest.fixture
def known() -> Known:
    """One window of a plant with one product, two stages and two characteristics, every month alike."""
    flat = {"units": 1000.0, "bad": 2.0, "output": 100.0, "internal": 3.0, "external": np.nan}
    stages = Stages(
        np.array([0, 0]),
        np.array([0, 0]),
        np.array([True, False]),
        np.full((2, 12), 100.0),
        np.array([[90.0] * 12, [95.0] * 12]),
    )
    characteristics = Characteristics(
        np.array([0, 0]),
        np.array([-3.0, np.nan]),
        np.array([4.5, 3.0]),
        np.full((2, 12), 25.0),
        np.zeros((2, 12)),
        np.array([[1.0] * 12, [0.5] * 12]),
        np.full((2, 12), 20.0),
    )
    return Known(*(np.full((1, 12), value) for value in flat.values()), stages, characteristics)

"""Learning rows of a small simulated province."""

import pytest

from features.model_table import ModelTable, build_model_table
from features.simulator import World
from features.tables import FrameTables
from models.estimators import LearningRows, learning_rows


@pytest.fixture(scope="session")
def table() -> ModelTable:
    return build_model_table(FrameTables(World(seed=11, enterprises=14, months=40).tables()))


@pytest.fixture(scope="session")
def rows(table) -> LearningRows:
    return learning_rows(table, "ftq", horizon=2)

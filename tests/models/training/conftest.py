"""One small world and one training through MLflow, shared by the tests of this room: both take their time."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from features.model_table import ModelTable, build_model_table
from features.settings import Settings
from features.simulator.world import World
from features.tables import FrameTables
from models.learning.rolling import Settings as Effort
from models.training import TrainingReport, train

QUICK = Effort(refits=2)


@dataclass(frozen=True)
class Trained:
    """A home with a champion, and what was told on the way."""

    settings: Settings
    report: TrainingReport
    told: list[tuple[str, int, int]]


@pytest.fixture(scope="session")
def quick() -> Effort:
    return QUICK


@pytest.fixture(scope="session")
def tables() -> FrameTables:
    return FrameTables(World(7, enterprises=9, months=48).tables())


def months_only(whole: ModelTable) -> ModelTable:
    rows = (whole.frame["frequency"] == "month") & (whole.frame["product_id"] == "")
    return replace(whole, frame=whole.frame[rows].reset_index(drop=True))


@pytest.fixture(scope="session")
def later(tables) -> ModelTable:
    """All records, six months more than the champion was trained on."""
    return months_only(build_model_table(tables))


@pytest.fixture(scope="session")
def table(tables, later) -> ModelTable:
    periods = sorted(later.frame["period"].unique())
    return months_only(build_model_table(tables, periods[-7]))


@pytest.fixture(scope="session")
def trained(tables, table, tmp_path_factory) -> Trained:
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    told: list[tuple[str, int, int]] = []
    report = train(tables, settings, progress=lambda *said: told.append(said), effort=QUICK, table=table)
    return Trained(settings, report, told)

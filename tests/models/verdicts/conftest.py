"""A small world whose actions are judged, and hands that make promises and verdicts."""

from datetime import date

import pytest

from features.improvement.promise import Promise, Source
from features.model_table import build_model_table
from features.simulator import World
from features.tables import FrameTables
from models.verdicts.judge import Judges
from models.verdicts.rows import EffectSeen, MoneySeen, VerdictRow
from models.verdicts.windows import Act


@pytest.fixture(scope="session")
def judges():
    """Judges of a world of one sector, and its actions on record."""
    tables = FrameTables(World(21, 12, 60, sectors=("machining",)).tables())
    return Judges(build_model_table(tables), tables.arrow["actions"].to_pandas())


@pytest.fixture
def act():
    def make(name="A1", enterprise="E1", started="2024-01-05", finished="2024-02-01", **other):
        given = {"title": "t", "parameter_id": None, "from_value": None, "to_value": None, "status": "done"}
        ended = date.fromisoformat(finished) if finished else None
        return Act(
            action_id=name,
            enterprise_id=enterprise,
            started_on=date.fromisoformat(started),
            finished_on=ended,
            **{**given, **other},
        )

    return make


@pytest.fixture
def promise():
    def make(name="AC-0001", low=0.004, high=0.02, **other):
        given = {
            "enterprise_id": "E1",
            "parameter_id": "temp",
            "from_value": 1.0,
            "to_value": 2.0,
            "target": "ftq",
            "benefit": 100_000.0,
            "cost": 1_000.0,
            "given_on": "2025-03-01T00:00:00+00:00",
            "given_to": "Li",
            "source": Source("o", "m", "f", "2025-03-01", None),
            "key": name,
            "row": {"effect": {"estimate": (low + high) / 2, "low": low, "high": high}},
        }
        return Promise(action_id=name, low=low, high=high, **{**given, **other})

    return make


@pytest.fixture
def verdict():
    def make(
        name="AC-0001", estimate=0.01, half=0.01, money=80_000.0, money_half=50_000.0, link=-0.1, **other
    ):
        effect = EffectSeen(
            target="ftq", estimate=estimate, low=estimate - half, high=estimate + half, naive=0.03,
            link_estimate=link, link_low=link - 0.1, link_high=link + 0.1, link_sd=0.1 / 1.6449,
            p_value=0.04, periods=12, placebos=40, like_lines=9, share=0.4, fit_before=0.1,
        )  # fmt: skip
        saved = money and MoneySeen(
            estimate=money, low=money - money_half, high=money + money_half, naive=1.0
        )
        row = {
            "action_id": name, "enterprise_id": "E1", "title": "t", "parameter_id": "temp",
            "started_on": "2025-04-01", "finished_on": "2025-05-01", "verdict": "worked", "target": "ftq",
            "effects": (effect,), "money": saved,
        }  # fmt: skip
        return VerdictRow(**{**row, **other})

    return make

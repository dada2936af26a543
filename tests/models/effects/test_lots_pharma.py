"""The tablet plant, where it lies beside the checkout: what docs/real-plants.md says of it holds."""

import numpy as np
import pytest

from models.effects.lots import lot_effects, lots_of
from tests.benchmarks import lots_pharma as plant

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not plant.PHARMA.exists(), reason=f"{plant.PHARMA} is not on this machine"),
]


@pytest.fixture(scope="module")
def table():
    return plant.lot_table()


def test_no_setting_is_proven_and_speed_is_nearest(table):
    effects = lot_effects(lots_of(table, plant.SETTINGS, plant.context_of()))
    low, high = effects.interval()
    assert ((low < 0) & (high > 0)).all()
    assert np.argmax(np.abs(effects.theta / effects.error())) == plant.SETTINGS.index("tbl_speed_mean")
    first = plant.actions(table, effects)[0]
    assert first.setting == "tbl_speed_mean"
    assert first.after < first.before
    assert first.low < first.effect < 0 < first.high


def test_taking_results_for_levers_would_find_effects_that_nobody_can_set(table):
    levers = plant.SETTINGS + plant.RESULTS
    low, high = lot_effects(lots_of(table, levers, plant.context_of())).interval()
    found = {lever for lever, a, b in zip(levers, low, high, strict=True) if a > 0 or b < 0}
    assert found
    assert found <= set(plant.RESULTS)

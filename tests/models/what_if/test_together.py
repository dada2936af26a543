"""Plants read together are the plants read one by one."""

import json

import numpy as np
import pytest

from models.attainment.level_model import LevelModel
from models.attainment.levels import path_levels
from models.forecast.links import Link
from models.rules_numpy import ArrayRules
from models.what_if.known import CHARACTERISTICS, STAGES, SUMS, Errors, SharedPaths, start_of
from models.what_if.together import together
from tests.models.portfolio.starts import MIDDLE, begun

MONTHS, PATHS = 24, 30
LINKS = {
    target: Link("cloglog") if target == "ftq" else Link("log", offset=0.0 if target == "cpk" else 1e-4)
    for target in MIDDLE
}


@pytest.fixture(scope="module")
def shared():
    rng = np.random.default_rng(3)
    errors = {target: Errors(link, *rng.normal(0, 0.2, (2, PATHS, MONTHS))) for target, link in LINKS.items()}
    return SharedPaths(errors, rng.integers(0, 5, PATHS), 7, MONTHS)


def kept(rows=9):
    """Plants as they are kept, of one to three stages and characteristics; one was never seasoned."""
    rng, start = np.random.default_rng(5), begun(rows, 1, 1)
    for row, name in enumerate(start.sample.enterprise_ids):
        own = start.known.take(slice(row, row + 1))
        numbers = {f"known.{sums}": getattr(own, sums) for sums in SUMS}
        numbers |= {f"stages.{column}": getattr(own.stages, column) for column in STAGES}
        numbers |= {f"characteristics.{c}": getattr(own.characteristics, c) for c in CHARACTERISTICS}
        for target, link in LINKS.items():
            numbers[f"{target}.facts"] = np.array([row != 2, row != 3, 900.0 + row])
            numbers[f"{target}.point"] = link.forward(np.full(MONTHS, MIDDLE[target])) + rng.normal(0, 0.3)
            numbers[f"{target}.scale"] = np.full(MONTHS, rng.uniform(0.5, 2.0))
        flat = {column: np.asarray(values, dtype=np.float64).ravel() for column, values in numbers.items()}
        state = start.states[row]
        facts = {"origin": 24300 + row, "state": vars(state)}
        yield name, json.loads(json.dumps(facts)), flat


def test_paths_levels_and_months_are_those_of_each_alone(shared):
    rows, rules, learned = list(kept()), ArrayRules(), LevelModel()
    whole = together(rows, shared)
    levels = path_levels(rules, whole, slice(0, len(rows)), learned.admission)
    assert len(np.unique(levels.window)) > 2
    for row, (name, facts, numbers) in enumerate(rows):
        alone, here = start_of(name, facts, numbers, shared, MONTHS), slice(row, row + 1)
        assert whole.sample.enterprise_ids[row] == name
        assert whole.sample.origin[row] == alone.sample.origin[0]
        assert whole.states[row] == alone.states[0]
        for target, drawn in alone.sample.drawn.items():
            assert (whole.sample.drawn[target].paths(here) == drawn.paths(slice(0, 1))).all()
            assert whole.sample.forecasts(target, row) == alone.sample.forecasts(target, 0)
        own = path_levels(rules, alone, slice(0, 1), learned.admission)
        assert (levels.window[row] == own.window[0]).all()
        assert (levels.month[row] == own.month[0]).all()

"""What a portfolio keeps of paths is read off the level paths, and is the same whoever asks."""

import numpy as np
import pytest

from models.attainment.admission import Admission
from models.attainment.blend import Blend
from models.attainment.level_model import LevelModel
from models.attainment.levels import graded, path_levels
from models.attainment.portfolio import own_paths
from models.attainment.sample import FEWER, MANY, PATHS, enough
from models.portfolio.bases import BASES
from models.portfolio.firsts import NEVER, in_calendar
from models.portfolio.horizon import AHEAD
from models.portfolio.paths import KEPT_PATHS, kept_firsts, levels_ahead
from models.rules_numpy import ArrayRules
from tests.models.portfolio.starts import begun

RULES = ArrayRules()
LEARNED = LevelModel(
    Admission(lost=0.01, regained=0.1),
    Blend(np.array([0.3, 0.3, 0.1, 0, 0.2, 0.2, 0, 0, 0.9, 0.1, 0.5, 0.2])),
)


def levels_of(start):
    """Everybody's level paths at once, by reading."""
    everybody = slice(0, len(start.states))
    window = LEARNED.blended(
        path_levels(RULES, start, everybody, LEARNED.admission), start.sample.enterprise_ids
    )
    return {"grade": graded(RULES, window, start.states), "performance": window}


def today(start):
    return dict.fromkeys(BASES, np.arange(len(start.states)).astype(np.int8) % 6)


def test_first_months_and_chances_are_those_of_the_level_paths():
    start = begun(rows=20, paths=60, months=36)
    found, now = levels_ahead(start, LEARNED, today(start)), today(start)
    for basis, levels in levels_of(start).items():
        joint = own_paths(levels, start.sample.shock, start.sample.enterprise_ids)
        for place, step in enumerate((2, 3, 4, 5)):
            for row in range(20):
                whens = [np.flatnonzero(path >= step) for path in joint[row]]
                expected = [int(when[0]) + 1 if len(when) else NEVER for when in whens]
                assert found.first[basis][place, row].tolist() == expected
        for at, ahead in enumerate(AHEAD):
            reached = [(levels[:, :, :ahead] >= step).any(axis=2).mean(axis=1) for step in (2, 3, 4, 5)]
            assert found.reach[basis][:, :, at] == pytest.approx(np.array(reached).T, abs=1e-6)
            fallen = (levels[:, :, ahead - 1] < now[basis][:, None]).mean(axis=1)
            fallen[now[basis] == 0] = np.nan
            assert found.fall[basis][:, at] == pytest.approx(fallen, abs=1e-6, nan_ok=True)


def test_threads_and_parts_change_nothing():
    start = begun(rows=70, paths=30, months=24)
    one, two = (levels_ahead(start, LEARNED, today(start), threads) for threads in (1, 2))
    for basis in BASES:
        assert (one.first[basis] == two.first[basis]).all()
        assert np.array_equal(one.reach[basis], two.reach[basis], equal_nan=True)
        assert np.array_equal(one.fall[basis], two.fall[basis], equal_nan=True)
    assert np.isnan(one.reach["grade"][:, :, AHEAD.index(36)]).all()


def test_an_unchanged_plant_keeps_its_first_months():
    paths = 2 * KEPT_PATHS
    start = begun(rows=3, paths=paths, months=12)
    whole = levels_ahead(start, LEARNED, today(start))
    assert whole.paths == KEPT_PATHS
    late = np.array([0, 2, 0])
    for basis, levels in levels_of(start).items():
        own = kept_firsts(levels[1:], start.sample, start.sample.enterprise_ids[1:], late[1:])
        assert (own == in_calendar(whole.first[basis], late)[:, 1:]).all()


def test_nobody_without_a_start():
    from models.portfolio.paths import ahead_of

    nothing = ahead_of(None, None, {})
    assert nothing.first_months("grade", ["A"]).tolist() == [[[NEVER]]] * 4


def test_of_very_many_enterprises_fewer_paths_are_drawn():
    assert [enough(count) for count in (1, MANY, MANY + 1)] == [PATHS, PATHS, FEWER]
    assert FEWER <= KEPT_PATHS < PATHS

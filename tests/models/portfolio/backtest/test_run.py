"""The whole backtest on the smallest world that can be judged, and records that are too short."""

import numpy as np
import pandas as pd
import pytest

from features.simulator import World
from features.tables import FrameTables
from models.learning.rolling import Settings
from models.portfolio.backtest import TooShortError, backtest
from models.portfolio.backtest.past import from_rows
from models.portfolio.backtest.run import origins_of

EMPTY = pd.DataFrame(columns=["enterprise_id", "month", "grade", "performance"])


@pytest.fixture(scope="module")
def judged():
    told = []
    tables = FrameTables(World(57, enterprises=8, months=46, sectors=["machining"]).tables())
    return backtest(tables, Settings(refits=1), lambda *what: told.append(what), every=6, share=0.8), told


def test_it_says_where_it_is_and_from_when_it_judged(judged):
    found, told = judged
    assert len(found.origins) == len(told) - 1
    assert found.origins[0] < found.end


def test_every_origin_has_counts_of_all_readings(judged):
    counts = judged[0].cases.counts
    for _, own in counts.groupby("origin"):
        assert set(own["reading"]) == {"performance", "grade", "held"}
    assert (counts["came"] <= counts["open"]).all()
    assert np.isfinite(counts.select_dtypes("number")).all().all()


def test_joint_paths_and_coins_expect_the_same(judged):
    counts = judged[0].cases.counts
    assert counts["joint"].to_numpy() == pytest.approx(counts["coins"].to_numpy(), abs=1e-9)


def test_records_without_a_level_are_too_short():
    with pytest.raises(TooShortError, match="found official levels of 0 months"):
        origins_of(from_rows(EMPTY))


def test_records_of_two_years_of_levels_are_too_short():
    rows = [("A", 24_000 + at, 1, 1) for at in range(26)]
    past = from_rows(pd.DataFrame(rows, columns=EMPTY.columns))
    with pytest.raises(TooShortError, match="26 months"):
        origins_of(past)
    rows = [("A", 24_000 + at, 1, 1) for at in range(27)]
    assert list(origins_of(from_rows(pd.DataFrame(rows, columns=EMPTY.columns)))) == [24_023]

"""Plans really carried out in a small simulated province: what they promise comes as often as they say."""

from __future__ import annotations

import pytest

from features.simulator import World
from tests.benchmarks.judge_plans import AHEAD, judged


@pytest.mark.slow
def test_promised_probabilities_come_true_on_average() -> None:
    # Some thirty plants of one small world: a rough check, the benchmark over whole worlds is the fine one.
    rows = judged(World(23, 40, 60 + AHEAD), 60, futures=2)
    acted = rows[rows["steps"] > 0]
    assert len(acted) >= 10
    assert abs(acted["promised reached"].mean() - acted["came reached"].mean()) < 0.25
    assert acted["came reached"].mean() >= acted["came alone reached"].mean()
    assert (acted["promised reached"] >= acted["alone reached"]).all()

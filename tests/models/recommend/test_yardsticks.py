"""The other ways to choose are read as their readers would, and judged by what really happens."""

import pandas as pd
import pytest

from features.simulator import World
from features.simulator.judging import actionable
from models.recommend.yardsticks import READINGS, Judge, chosen_by_effects, chosen_by_shap

LEVERS = pd.DataFrame(
    [
        ("E1", "heat", "14", 10.0, 5.0, 12.0),
        ("E1", "speed", "14", 1.0, 0.0, 4.0),
        ("E2", "heat", "14", 6.0, 5.0, 12.0),
        ("E2", "speed", "14", 3.0, 0.0, 4.0),
    ],
    columns=["enterprise_id", "parameter_id", "sector", "now", "low", "high"],
)


def drivers(target="ftq", sign=1.0):
    """Heat helps by 0.01 a unit and matters most, speed harms by 0.004 a unit; their means are 8 and 2."""
    rows = [
        (e, "", target, f"param.{lever}.{part}", value, sign * slope * (value - mean))
        for e, lever, value, slope, mean in (
            ("E1", "heat", 10.0, 0.01, 8.0),
            ("E1", "speed", 1.0, -0.004, 2.0),
            ("E2", "heat", 6.0, 0.01, 8.0),
            ("E2", "speed", 3.0, -0.004, 2.0),
        )
        for part in ("last", "ew3")
    ]
    rows += [("E1", "", target, "param.heat.sd", 1.0, -9.0), ("E2", "", target, "age", 60.0, -9.0)]
    rows += [("E2", "P1", target, "param.speed.last", 3.0, -9.0)]
    names = ["enterprise_id", "product_id", "target", "feature", "value", "contribution"]
    return pd.DataFrame(rows, columns=names)


@pytest.mark.parametrize("target", ["ftq", "internal_loss"])
def test_readings_by_hand(target):
    told = drivers(target, 1.0 if target == "ftq" else -1.0)
    found = {r: chosen_by_shap(told, LEVERS, r).set_index("enterprise_id") for r in READINGS}
    assert found["importance"]["parameter_id"].to_dict() == {"E1": "heat", "E2": "heat"}
    assert found["importance"]["to"].to_dict() == {"E1": 12.0, "E2": 12.0}
    # E1's heat already helps: what pulls it down most is speed, by nothing at all, and less of it helps
    assert found["contribution"]["parameter_id"].to_dict() == {"E1": "speed", "E2": "heat"}
    assert found["contribution"]["to"].to_dict() == {"E1": 0.0, "E2": 12.0}
    assert found["promise"]["parameter_id"].to_dict() == {"E1": "heat", "E2": "heat"}


@pytest.fixture(scope="module")
def judge():
    world = World(seed=3, enterprises=6, months=24)
    moves = world.gains("loss", futures=8)
    span = moves.groupby(["enterprise_id", "parameter_id"], as_index=False).agg(
        now=("from_value", "first"), low=("to_value", "min"), high=("to_value", "max")
    )
    assert actionable(world).sum() == len(span)
    return world, span, Judge(world, span.assign(sector="")), moves


def test_the_best_move_gets_all_and_its_opposite_harms(judge):
    _, span, seen, moves = judge
    ends = moves.merge(span, on=["enterprise_id", "parameter_id"])
    ends = ends[(ends["to_value"] == ends["low"]) | (ends["to_value"] == ends["high"])].assign(
        to=lambda f: f["to_value"]
    )
    best = ends.loc[ends.groupby("enterprise_id")["gain"].idxmax()]
    told = seen.verdict(best[["enterprise_id", "parameter_id", "now", "to"]])
    assert told["right way"] == 1.0
    assert told["harmful"] == 0.0
    assert 0.8 < told["money"] <= 1.0
    worst = best.assign(to=lambda f: f["low"].where(f["to"] == f["high"], f["high"]))
    told = seen.verdict(worst[["enterprise_id", "parameter_id", "now", "to"]])
    assert told["right way"] == 0.0
    assert told["money"] < 0.3
    assert told["lever"] > 0.8


def test_chance_goes_the_right_way_half_of_the_time_and_silence_gains_nothing(judge):
    seen = judge[2]
    lot = seen.chance()
    assert lot["right way"] == 0.5
    assert lot["plant"] < lot["lever"] < 1
    nobody = seen.verdict(chosen_by_effects([]))
    assert (nobody["moved"], nobody["money"]) == (0.0, 0.0)

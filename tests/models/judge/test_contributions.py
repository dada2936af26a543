"""SHAP of a forecast is read as its readers would: three readings, worked out by hand."""

import pandas as pd
import pytest

from models.judge.choice import Lever
from models.judge.contributions import READINGS, chosen_by_shap

LEVERS = [
    Lever("E1", "heat", "14", 10.0, 5.0, 12.0),
    Lever("E1", "speed", "14", 1.0, 0.0, 4.0),
    Lever("E2", "heat", "14", 6.0, 5.0, 12.0),
    Lever("E2", "speed", "14", 3.0, 0.0, 4.0),
]


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
    found = {
        r: {(c.enterprise_id, c.rank): (c.parameter_id, c.to) for c in chosen_by_shap(told, LEVERS, r)}
        for r in READINGS
    }
    heat, speed = ("heat", 12.0), ("speed", 0.0)
    assert found["importance"] == {("E1", 1): heat, ("E1", 2): speed, ("E2", 1): heat, ("E2", 2): speed}
    # E1's heat already helps: what pulls it down most is speed, by nothing at all, and less of it helps
    assert found["contribution"] == {("E1", 1): speed, ("E1", 2): heat, ("E2", 1): heat, ("E2", 2): speed}
    assert found["promise"] == {("E1", 1): heat, ("E1", 2): speed, ("E2", 1): heat, ("E2", 2): speed}

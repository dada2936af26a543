"""Practices from records, each against pandas on the same tables."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from features.aggregates import Scope
from features.model_table import build_model_table
from features.simulator import World
from features.tables import FrameTables
from models.chains.links import Links
from models.practices.process import COLUMNS, empty, process_practices
from models.practices.recorded import recorded_practices
from models.practices.supply import supply_practices

SINCE, ACTIONS = date(2021, 7, 1), date(2021, 1, 1)


@pytest.fixture(scope="module")
def frames():
    return {name: table.to_pandas() for name, table in World(1240, 5, 18).tables().items()}


@pytest.fixture(scope="module")
def tables(frames):
    return FrameTables(World(1240, 5, 18).tables())


@pytest.fixture(scope="module")
def found(tables):
    rows = recorded_practices(tables, Scope("month", None, SINCE), ACTIONS)
    assert list(rows.columns) == list(COLUMNS)
    return rows.set_index(["kind", "enterprise_id"])["value"]


def year(frame, moment):
    return frame[frame[moment] >= pd.Timestamp(SINCE)]


def same(found, kind, expected):
    own = found.loc[kind] if kind in found.index.get_level_values(0) else pd.Series(dtype=float)
    expected = expected.astype(float).replace([np.inf, -np.inf], np.nan).dropna()
    assert sorted(own.index) == sorted(expected.index)
    assert own.sort_index().to_numpy() == pytest.approx(expected.sort_index().to_numpy())


def test_lots_and_who_supplied_them(frames, found):
    lots = year(frames["inspections"], "inspected_at")
    first = lots[lots["submission"] == 1]
    by = first.groupby("enterprise_id")
    same(found, "lot_size", by["submitted"].sum() / by.size())
    same(found, "supplier_named", first["supplier_id"].notna().groupby(first["enterprise_id"]).mean())


def test_what_is_inspected_again_and_what_has_a_code(frames, found):
    lots = year(frames["inspections"], "inspected_at")
    first = lots[lots["submission"] == 1]
    failed = (first["submitted"] - first["passed"]).groupby(first["enterprise_id"]).sum()
    again = lots[lots["submission"] > 1].groupby("enterprise_id")["submitted"].sum()
    same(found, "reinspected", again.reindex(failed.index).fillna(0) / failed)
    defects = frames["defects"].query("submission == 1")
    key = ["enterprise_id", "product_id", "process_id", "lot_id"]
    mine = defects.merge(first[key].drop_duplicates(), on=key)
    counts = mine.groupby("enterprise_id")["count"].sum()
    same(found, "defects_coded", counts.reindex(failed.index).fillna(0) / failed)


def test_what_is_measured_and_how_well_gauges_are_known(frames, found):
    values = year(frames["measurements"], "measured_at")
    counts = values.groupby(["enterprise_id", "characteristic_id"]).size().groupby("enterprise_id").mean()
    same(found, "measured", counts / 12)
    gauges = pd.concat(
        [frames[name][["enterprise_id", "gauge_sd"]] for name in ("characteristics", "parameters")]
    )
    same(found, "gauge_known", gauges["gauge_sd"].notna().groupby(gauges["enterprise_id"]).mean())


def test_where_losses_are_found(frames, found):
    costs = frames["quality_costs"]
    costs = costs[(costs["period"] >= "2021-07") & (costs["amount"].astype(float) > 0)]
    inside = ["scrap", "rework", "downgrade", "downtime", "incident", "other_internal"]
    amount = costs["amount"].astype(float)
    internal = amount.where(costs["category"].isin(inside), 0.0).groupby(costs["enterprise_id"]).sum()
    share = internal / amount.groupby(costs["enterprise_id"]).sum()
    # Who records one side only has no share: it may not keep the other.
    same(found, "loss_inside", share.where((share > 0) & (share < 1)))
    same(found, "loss_categories", costs.groupby("enterprise_id")["category"].nunique())


def test_actions_done(frames, found):
    actions = frames["actions"]
    done = actions["status"].eq("done") & (pd.to_datetime(actions["finished_on"]) >= pd.Timestamp(ACTIONS))
    same(found, "actions_done", done.groupby(actions["enterprise_id"]).sum())


def test_levers_over_the_last_year(frames, tables):
    rows = process_practices(build_model_table(tables)).set_index(["kind", "enterprise_id", "subject"])[
        "value"
    ]
    data = frames["process_data"]
    data = data.assign(month=data["observed_at"].dt.to_period("M"))
    kinds = frames["parameters"].set_index(["enterprise_id", "parameter_id"])["kind"]
    monthly = data.groupby(["enterprise_id", "parameter_id", "month"])["value"].mean()
    checked = 0
    for (enterprise, parameter), values in monthly.groupby(level=[0, 1]):
        recent = values[values.index.get_level_values("month") >= "2021-07"]
        if kinds[enterprise, parameter] != "actionable":
            assert ("level", enterprise, parameter) not in rows.index
        elif len(recent) == 12:
            assert rows["level", enterprise, parameter] == pytest.approx(recent.mean())
            assert rows["evenness", enterprise, parameter] == pytest.approx(recent.std())
            checked += 1
    assert checked > 10


def test_another_unit_is_not_compared():
    """Two plants of three measure in °C, one in K: only the two have a level."""
    who = ["A", "B", "C"]
    parameters = pd.DataFrame(
        {"enterprise_id": who, "parameter_id": "temp", "kind": "actionable", "unit": ["℃", "℃", "K"]}
    )
    frame = pd.DataFrame(
        {
            "enterprise_id": np.repeat(who, 12),
            "product_id": "",
            "frequency": "month",
            "t": np.tile(np.arange(12), 3),
            "industry_code": "C3410",
            "param.temp.last": np.arange(36.0),
            "param.temp.sd": 1.0,
        }
    )

    class Table:
        pass

    table = Table()
    table.frame, table.parameters = frame, parameters
    found = process_practices(table)
    assert set(found["enterprise_id"]) == {"A", "B"}
    assert set(found["kind"]) == {"level", "evenness", "spread"}


def test_incoming_quality_by_hand():
    links = Links(
        ("A", "B", "C", "D"),
        pd.DataFrame(
            {
                "supplier_id": ["A", "B", "D", "B"],
                "customer_id": ["C", "C", "C", "A"],
                "material": ["m", "m", "n", "m"],
                "share": [0.3, 0.1, 0.5, np.nan],
            }
        ),
    )
    delivered = pd.DataFrame(
        {"units": [1000.0, 1000.0, 0.0], "nonconforming": [1.0, 9.0, 0.0]}, index=["A", "B", "D"]
    )
    found = supply_practices(links, delivered).set_index(["kind", "enterprise_id"])["value"].to_dict()
    assert found == pytest.approx(
        {
            ("incoming_ppm", "C"): (0.3 * 1000 + 0.1 * 9000) / 0.4,
            ("sources", "C"): 1.5,
            ("sources", "A"): 1.0,
        }
    )
    assert supply_practices(Links((), links.rows.iloc[:0]), delivered).equals(empty())

"""Charts from the records: which chart, which points, which baseline, and what is refused."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from features.control_charts import (
    Basis,
    ChartError,
    chart,
    defect_pareto,
    delivery_chart,
    overview,
    process_chart,
    together_chart,
)
from features.control_charts.from_arrays import individuals_chart
from features.tables import FrameTables
from tests.features.control_charts.plant_e import FOURS, INSPECTIONS, LOTS, SINGLES, START, TWELVES


def test_the_data_choose_the_chart(tables):
    found = {name: chart(tables, "E", name) for name in ("fours", "twelves", "singles")}
    assert [(one.kind, one.beside.kind) for one in found.values()] == [
        ("xbar", "R"),
        ("xbar", "S"),
        ("I", "MR"),
    ]
    np.testing.assert_allclose(found["fours"].statistic, FOURS.mean(axis=1))
    np.testing.assert_allclose(found["fours"].beside.statistic, np.ptp(FOURS, axis=1))
    np.testing.assert_allclose(found["twelves"].beside.statistic, TWELVES.std(axis=1, ddof=1))
    np.testing.assert_allclose(found["singles"].statistic, SINGLES[:, 0])
    np.testing.assert_allclose(found["singles"].beside.statistic[1:], np.abs(np.diff(SINGLES[:, 0])))
    one = found["fours"]
    assert (one.labels[0], one.names[0], one.size[0], one.unit) == ("2024-01-01 08:01:00", "G0", 4, "mm")
    assert len(one.labels) == len(one.names) == len(one.ucl) == len(one.completes) == 40


def test_limits_of_the_textbook(tables):
    """X̄ ± A2 R̄ and D3 R̄, D4 R̄ (Montgomery, appendix VI, n = 4: 0.729, 0, 2.282)."""
    one = chart(tables, "E", "fours")
    mean_range = np.ptp(FOURS, axis=1).mean()
    assert one.ucl[0] == pytest.approx(FOURS.mean() + 0.729 * mean_range, rel=1e-3)
    assert one.beside.ucl[0] == pytest.approx(2.282 * mean_range, rel=1e-3)
    assert one.beside.lcl[0] == 0
    assert one.beside.centre[0] == pytest.approx(mean_range)


def test_a_baseline_and_a_span_of_days(tables):
    until = date(2024, 1, 20)
    phased = chart(tables, "E", "fours", basis=Basis(until))
    short = chart(tables, "E", "fours", until=until)
    assert phased.baseline.sum() == len(short.labels) == 20
    assert phased.ucl[39] == short.ucl[0]
    assert chart(tables, "E", "fours", since=until).labels[0].startswith("2024-01-20")


def test_values_taken_apart_and_charts_with_a_memory(tables):
    assert len(chart(tables, "E", "fours", "i_mr").labels) == 160
    average = chart(tables, "E", "fours", "ewma")
    assert average.statistic[0] == pytest.approx(0.2 * FOURS[0].mean() + 0.8 * FOURS.mean())
    sums = chart(tables, "E", "singles", "cusum")
    assert (sums.ucl[0], sums.beside.lcl[0]) == (5, -5)
    assert (sums.statistic >= 0).all()
    assert (sums.beside.statistic <= 0).all()


def test_rules_are_an_option(tables):
    assert chart(tables, "E", "fours").rule_numbers == (1, 2, 3, 4)
    assert chart(tables, "E", "fours", rules="nelson").completes.shape == (40, 8)
    assert chart(tables, "E", "fours", rules="none").rule_numbers == ()
    nelson = chart(tables, "E", "singles", rules="nelson")
    for point in range(50):
        assert nelson.rules_at(point) == tuple(1 + np.flatnonzero(nelson.completes[point]))


def test_a_characteristic_without_a_value(tables):
    empty = chart(tables, "E", "empty")
    assert (empty.labels, [note.code for note in empty.notes]) == ((), ["no_points"])


def first_submissions(process):
    rows = INSPECTIONS[(INSPECTIONS["process_id"] == process) & (INSPECTIONS["submission"] == 1)]
    return rows.sort_values("inspected_at")


def test_first_submissions_by_lot(tables):
    found, rows = process_chart(tables, "E", "10"), first_submissions("10")
    bad = rows["submitted"] - rows["passed"]
    assert found.kind == "p"
    np.testing.assert_allclose(found.statistic, bad / rows["submitted"])
    assert found.centre[0] == pytest.approx(bad.sum() / rows["submitted"].sum())
    assert found.names[:2] == ("L0", "L1")
    assert not [note for note in found.notes if note.code == "overdispersed"]


def test_lots_that_vary_more_than_chance_get_laneys_limits(tables):
    found, plain = process_chart(tables, "E", "20"), process_chart(tables, "E", "20", kind="p")
    assert found.kind == "p_laney"
    assert [note.code for note in found.notes] == [note.code for note in plain.notes] == ["overdispersed"]
    assert found.notes[0].value > 1
    assert (found.ucl > plain.ucl).all()


@pytest.mark.parametrize(("by", "points"), [("month", 2), ("week", 9), ("day", 60)])
def test_first_submissions_by_period(tables, by, points):
    found = process_chart(tables, "E", "10", by=by)
    assert len(found.labels) == points
    assert found.size.sum() == first_submissions("10")["submitted"].sum()
    assert found.labels[0] == {"month": "2024-01", "week": "2024-W01", "day": "2024-01-01"}[by]


def test_defects_per_unit_and_per_lot(tables):
    per_unit, per_lot = (process_chart(tables, "E", "20", kind=kind) for kind in ("u", "c"))
    expected = [3 + 1 + day % 3 if day % 2 == 0 else 0 for day, _ in LOTS]
    np.testing.assert_allclose(per_lot.statistic, expected)
    np.testing.assert_allclose(per_unit.statistic, np.array(expected) / 100)
    np.testing.assert_allclose(per_unit.ucl * 100, per_lot.ucl)


def test_deliveries_by_month(tables):
    found = delivery_chart(tables, "E")
    assert found.labels[0] == "2023-01"
    np.testing.assert_allclose(found.statistic, [(5 + month % 4) / 5_000 for month in range(1, 13)])
    assert delivery_chart(tables, "E", basis=Basis(date(2023, 6, 30))).baseline.sum() == 6


def test_the_few_defects_that_are_most_of_them(tables):
    rows = defect_pareto(tables, "E", "20")
    assert [row.name for row in rows] == ["scratch", "dent"]
    assert rows[0].events == 90
    assert rows[-1].cumulative_share == 1
    assert defect_pareto(tables, "E", "10") == ()


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda t: chart(t, "X", "fours"), "enterprise: found 'X'"),
        (lambda t: chart(t, "E", "nine"), "characteristic: found 'nine'"),
        (lambda t: chart(t, "F", "fours"), "characteristic: found 'fours'"),
        (lambda t: chart(t, "E", "fours", "pie"), "kind: found 'pie'"),
        (lambda t: chart(t, "E", "singles", "xbar_r"), "without subgroups"),
        (lambda t: chart(t, "E", "fours", rules="many"), "rules: found 'many'"),
        (lambda t: process_chart(t, "E", "99"), "process: found '99'"),
        (lambda t: process_chart(t, "E", "10", "Q"), "process: found '10 of product Q'"),
        (lambda t: process_chart(t, "E", "10", kind="xbar"), "kind: found 'xbar'"),
        (lambda t: process_chart(t, "E", "10", by="year"), "by: found 'year'"),
        (lambda t: process_chart(t, "E", "10", kind="c"), "lots of different size"),
        (lambda t: delivery_chart(t, "E", kind="u"), "kind: found 'u'"),
        (lambda t: defect_pareto(t, "X"), "enterprise: found 'X'"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(tables, ask, message):
    with pytest.raises(ChartError, match=message):
        ask(tables)


def test_a_process_without_an_inspection(tables):
    empty = process_chart(tables, "E", "30")
    assert (len(empty.labels), [note.code for note in empty.notes]) == (0, ["no_points"])
    assert process_chart(tables, "E", "30", by="month").labels == ()


def test_the_awkward_plants(plants):
    """Mixed frequencies, subgroups of unequal size, constant characteristics, gaps."""
    tables = FrameTables(plants)
    for enterprise in ("M1", "W1", "D1"):
        assert chart(tables, enterprise, "grouped").kind == "xbar"
        assert chart(tables, enterprise, "single", rules="nelson").kind == "I"
        assert chart(tables, enterprise, "constant").notes[0].code == "no_spread"
        assert len(process_chart(tables, enterprise, "10", by="week").labels)


def pieces():
    """Return two characteristics of the same pieces: `b` follows `a`, one piece breaks the pattern."""
    rng = np.random.default_rng(6)
    a = rng.normal(0, 1, 60)
    b = a + 0.1 * rng.normal(size=60)
    b[50] = a[50] + 2
    rows = []
    for at in range(60):
        moment = START + timedelta(hours=at)
        rows.append(["E", "a", moment, f"G{at // 4}", at % 4 + 1, a[at]])
        if at != 7:
            rows.append(["E", "b", moment + timedelta(minutes=3), f"G{at // 4}", at % 4 + 1, b[at]])
    return pd.DataFrame(
        rows, columns=["enterprise_id", "characteristic_id", "measured_at", "subgroup_id", "piece", "value"]
    )


def test_characteristics_of_the_same_pieces_together():
    listed = [["E", name, 0.0, 1.0] for name in ("a", "b", "c")]
    tables = FrameTables(
        {
            "enterprises": pd.DataFrame({"enterprise_id": ["E"]}),
            "characteristics": pd.DataFrame(
                listed, columns=["enterprise_id", "characteristic_id", "lsl", "usl"]
            ),
            "measurements": pieces(),
        }
    )
    found = together_chart(tables, "E", ["a", "b"])
    assert (found.kind, found.subject, len(found.labels)) == ("T2", "a + b", 59)
    assert found.labels[np.argmax(found.statistic)] == "2024-01-03 10:00:00"
    assert np.flatnonzero(found.beyond).tolist() == [49]
    assert "G12 3" in found.names
    phased = together_chart(tables, "E", ["a", "b"], basis=Basis(date(2024, 1, 2)))
    assert len(set(phased.ucl)) == 2
    assert phased.ucl[-1] > phased.ucl[0]
    empty = together_chart(tables, "E", ["a", "c"])
    assert (empty.labels, empty.notes[0].code) == ((), "no_points")
    for names, message in ((["a", "a"], "two or more different"), (["a", "z"], "found z")):
        with pytest.raises(ChartError, match=message):
            together_chart(tables, "E", names)


def test_the_overview_says_what_each_chart_says(tables):
    rows = overview(tables, "E", rules="nelson").set_index("characteristic_id")
    assert rows["chart"].to_dict() == {
        "fours": "xbar_r",
        "twelves": "xbar_s",
        "singles": "i_mr",
        "pairs": "i_mr",
        "empty": "i_mr",
    }
    for name in ("fours", "twelves", "singles"):
        one = chart(tables, "E", name, rules="nelson")
        signalling = one.completes.any(axis=1) | one.beyond
        expected = [len(one.labels), one.beyond.sum(), signalling.sum(), one.beside.beyond.sum()]
        assert rows.loc[name, ["points", "beyond", "signalling", "spread_beyond"]].tolist() == expected
        assert rows.loc[name, "centre"] == pytest.approx(one.centre[0])
    assert rows.loc["empty", "points"] == 0


def test_the_overview_of_the_awkward_plants_agrees_with_every_chart(plants):
    tables = FrameTables(plants)
    rows = overview(tables, "M1")
    assert len(rows) == 3
    for row in rows.itertuples():
        one = chart(tables, "M1", row.characteristic_id)
        assert (row.points, row.beyond) == (len(one.labels), one.beyond.sum())


def test_a_moving_range_needs_neighbours():
    with pytest.raises(ValueError, match="k: found 1"):
        individuals_chart("MR", [1.0, 2.0], k=1)

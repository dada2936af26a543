"""Bouts and their table, with choosers whose worth is known beforehand."""

from dataclasses import replace

import pytest

from models.judge.choice import Choice
from models.judge.choosers import LOTS, Chooser
from models.judge.report import report, shown
from models.judge.tournament import ALL, Plan, SeedsError, figures, seeds_of, tournament

LOT = replace(LOTS["lot"], draws=4)


def knowing(best):
    """Makes every plant's best sound move, or its worst of all."""

    def ask(_province, truth, _rng):
        grid = truth.grid()
        moves = grid[~grid["leaks"]].sort_values("net", ascending=False) if best else grid.sort_values("gain")
        first = moves.groupby("enterprise_id").head(1)
        return {
            "best" if best else "worst": [
                Choice(m.enterprise_id, 1, m.parameter_id, 0.0, m.to, benefit=2 * m.gain)
                for m in first.itertuples()
            ]
        }

    return Chooser(ask)


@pytest.fixture(scope="module")
def bouts():
    who = {"best": knowing(True), "worst": knowing(False), "lot": LOT}
    told = []
    plan = Plan((7, 8), plants=5, months=24, futures=4)
    fought = tournament(plan, who, lambda *step: told.append(step))
    assert [step for _, step, _ in told] == list(range(8))
    assert {steps for _, _, steps in told} == {8}
    return fought


@pytest.fixture(scope="module")
def table(bouts):
    return report(bouts)


def test_the_table_knows_the_best_and_the_worst(table):
    rows = {(row["world"], row["chooser"]): row for row in table}
    assert set(rows) == {(w, c) for w in ("7", "8", ALL) for c in ("best", "worst", "lot")}
    for world in ("7", "8", ALL):
        best, worst, lot = (rows[world, name] for name in ("best", "worst", "lot"))
        assert best["of_best_plant"] == pytest.approx(1.0)
        assert best["leaks"] == 0.0
        assert (best["harmful"], worst["harmful"]) == (0.0, 1.0)
        assert best["promised_over_realised"] == pytest.approx(2.0)
        assert worst["of_best_plant"] < lot["of_best_plant"] < 1.0
        assert best["coverage_90"] is None


def test_standard_errors_are_over_worlds_and_all_is_of_all_plants(bouts, table):
    each = [figures(bout).loc["lot"] for bout in bouts.values()]
    row = next(r for r in table if (r["world"], r["chooser"]) == (ALL, "lot"))
    assert row["plants"] == sum(x["plants"] for x in each)
    half = abs(each[0]["of_best_plant"] - each[1]["of_best_plant"]) / 2
    assert row["se_of_best_plant"] == pytest.approx(half)  # s / √2 of two values
    weights = [x["plants"] * x["moved"] for x in each]
    mean = sum(w * x["of_best_plant"] for w, x in zip(weights, each, strict=True)) / sum(weights)
    assert row["of_best_plant"] == pytest.approx(mean)
    alone = report({7: bouts[7]})
    assert all(r.get("se_of_best_plant") is None for r in alone)
    assert [r["of best, plant %"] for r in shown([row])] == [
        f"{100 * mean:.0f}±{100 * half:.0f}".replace("-", "−")
    ]


def test_the_same_seed_gives_the_same_figures(bouts):
    again = tournament(Plan((7,), plants=5, months=24, futures=4), {"lot": LOT}, lambda *_: None)
    one, other = (
        figures(b).loc["lot"].drop(["seconds", "of_best_money", "of_best_plant"])
        for b in (again[7], bouts[7])
    )
    assert one.to_dict() == pytest.approx(other.to_dict(), nan_ok=True)


def test_seeds():
    assert seeds_of(["21-23", "5", "22"]) == (21, 22, 23, 5)
    for words in (["x"], ["3-"], ["5-3"]):
        with pytest.raises(SeedsError, match="21-24"):
            seeds_of(words)

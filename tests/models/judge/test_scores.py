"""The arithmetic of the figures on cases made by hand, and choosers whose worth is known beforehand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.judge.choice import Choice
from models.judge.scores import done, judged, possible

GRID = pd.DataFrame(
    [
        ("A", "a", 1.0, 100.0, False), ("A", "a", 2.0, 50.0, False), ("A", "b", 1.0, 90.0, False),
        ("A", "c", 1.0, 30.0, False), ("A", "d", 1.0, 500.0, True), ("A", "d", 2.0, 20.0, False),
        ("B", "a", 1.0, 40.0, False), ("B", "b", 1.0, -5.0, False), ("C", "a", 1.0, -1.0, False),
    ],
    columns=["enterprise_id", "parameter_id", "to", "net", "leaks"],
)  # fmt: skip
LOSS = pd.Series({"A": 1000.0, "B": 1000.0, "C": 1000.0})


def acted(*rows):
    """(enterprise, lever, to, rank, gain, net, effect, estimate, low, high, promised) → a frame of `done`."""
    names = [
        "enterprise_id",
        "parameter_id",
        "to",
        "rank",
        "gain",
        "net",
        "effect",
        "estimate",
        "low",
        "high",
        "promised",
    ]
    return pd.DataFrame(rows, columns=names).assign(target="ftq", leaks=False)


def test_the_best_is_over_levers_and_never_a_leak():
    best = possible(GRID, []).set_index(["enterprise_id", "parameter_id"])
    assert best.loc[("A", "a"), "net"] == 100.0
    assert best.loc[("A", "d"), "net"] == 20.0
    assert best.loc["A", "place"].to_dict() == {"a": 1, "b": 2, "c": 3, "d": 4}
    named = GRID.iloc[[0]].assign(to=9.0, net=130.0)
    assert (
        possible(GRID, [named]).set_index(["enterprise_id", "parameter_id"]).loc[("A", "a"), "net"] == 130.0
    )


def test_every_figure_by_hand():
    told = judged(
        acted(
            ("A", "b", 1.0, 1, 95.0, 90.0, 0.01, 0.02, 0.005, 0.03, 190.0),
            ("A", "d", 2.0, 2, 25.0, 20.0, 0.02, 0.01, 0.00, 0.015, 10.0),
            ("A", "c", 9.0, 3, -5.0, -9.0, -0.01, 0.01, -0.02, 0.03, 10.0),
            ("B", "b", 1.0, 1, -10.0, -20.0, -0.01, -0.01, -0.02, 0.00, 10.0),
            ("C", "a", 1.0, 1, -9.0, -9.0, 0.0, 0.1, 0.1, 0.2, 99.0),  # nothing to gain there: left out
        ),
        possible(GRID, []),
        LOSS,
    )
    assert told["plants"] == 2
    assert (told["moved"], told["abstained"]) == (1.0, 0.0)
    assert told["of_best_money"] == pytest.approx((90 - 20) / (100 + 40))
    assert told["of_best_plant"] == pytest.approx((0.9 - 0.5) / 2)
    assert told["precision_at_3"] == pytest.approx(1 / 4)  # b of A; d is fourth, c and B's b lose money
    assert told["worth_at_3"] == pytest.approx(2 / 4)
    assert told["sign_right"] == pytest.approx(3 / 4)
    assert told["useless"] == pytest.approx(1 / 2)  # 10 of 1000
    assert told["harmful"] == pytest.approx(1 / 2)
    assert told["leaks"] == 0.0
    assert told["coverage_90"] == pytest.approx(3 / 4)
    assert told["promised_over_realised"] == pytest.approx(200 / 85)


def test_shares_are_cut_and_silence_is_abstention():
    told = judged(
        acted(("B", "b", 1.0, 1, -900.0, -900.0, 0.0, 0.1, np.nan, np.nan, np.nan)), possible(GRID, []), LOSS
    )
    assert told["of_best_plant"] == -2.0
    assert told["of_best_money"] == pytest.approx(-900 / 40)
    assert told["abstained"] == 0.5
    assert np.isnan(told["coverage_90"])
    assert np.isnan(told["promised_over_realised"])


@settings(max_examples=25)
@given(st.lists(st.integers(0, 8), min_size=1, max_size=3, unique=True))
def test_no_choice_among_the_possible_beats_the_best(picked):
    rows = GRID.iloc[picked]
    rows = rows[~rows["leaks"]].drop_duplicates("enterprise_id")
    frame = acted(
        *(
            (r.enterprise_id, r.parameter_id, r.to, 1, r.net, r.net, 1.0, 1.0, 0.0, 2.0, 1.0)
            for r in rows.itertuples()
        )
    )
    told = judged(frame, possible(GRID, [frame]), LOSS)
    assert not told["of_best_money"] > 1.0
    assert not told["of_best_plant"] > 1.0


def of_truth(moves):
    """The first row of each plant as its only choice."""
    first = moves.groupby("enterprise_id").head(1)
    return [Choice(r.enterprise_id, 1, r.parameter_id, np.nan, r.to) for r in first.itertuples()]


def test_who_knows_the_truth_gets_all_and_who_does_the_worst_harms_everybody(truth):
    grid = truth.grid()
    sound = grid[~grid["leaks"]].sort_values("net", ascending=False)
    loss = pd.Series(truth.alone.loss, truth.world.enterprises)
    best, worst = (done(truth, of_truth(moves)) for moves in (sound, grid.sort_values("gain")))
    could = possible(grid, [best, worst])
    told = judged(best, could, loss)
    assert told["of_best_money"] == pytest.approx(1.0)
    assert told["of_best_plant"] == pytest.approx(1.0)
    assert (told["precision_at_3"], told["worth_at_3"], told["harmful"]) == (1.0, 1.0, 0.0)
    told = judged(worst, could, loss)
    assert told["harmful"] == 1.0
    assert told["of_best_plant"] < 0
    assert told["precision_at_3"] == 0.0


def test_coverage_is_of_the_named_target_in_its_unit(truth):
    move = truth.grid().iloc[3]
    lever = (move["enterprise_id"], 1, move["parameter_id"], 0.0, move["to"])
    for target in ("ftq", "ppm"):
        true = move[f"effect.{target}"]
        around, beside = (true, true - 1e-3, true + 1e-3), (true, true + 1e-3, true + 2e-3)
        hit, missed = done(truth, [Choice(*lever, target, None, e) for e in (around, beside)])[
            ["low", "effect", "high"]
        ].to_numpy()
        assert hit[0] <= hit[1] <= hit[2]
        assert missed[1] == pytest.approx(true)
        assert missed[1] < missed[0]

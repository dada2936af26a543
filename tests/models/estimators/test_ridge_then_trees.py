"""One regressor, the product's two parts: the same numbers, unknown values, and few rows."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from models.estimators import RidgeThenTrees, RollingOrigin, TargetLink
from models.forecast import booster
from models.forecast.design import fit_design
from models.forecast.panel import panels
from models.learning.relief import relief
from models.learning.ridge import PENALTIES, solve, sums


def of_yield(**parameters):
    return TransformedTargetRegressor(RidgeThenTrees(**parameters), transformer=TargetLink("ftq"))


@pytest.fixture(scope="module")
def learned(table):
    """The panel's rows with a known next yield, and that yield on the model scale."""
    panel = next(
        p for p in panels(table.frame, table.features) if p.scope == "enterprise" and p.frequency == "month"
    )
    y = TargetLink("ftq").fit_transform(panel.future(panel.scored["ftq"])[:, :1])[:, 0]
    known = np.isfinite(y)
    return panel.take(known), y[known]


def test_it_answers_what_the_products_ridge_and_booster_answer(learned):
    panel, y = learned
    design = fit_design(panel)
    linked = design.linked(panel)
    matrix = design.ridge_matrix(linked)
    carried = np.array([relief("ftq", design.names[j]) for j in design.groups()])
    line = solve(sums(matrix, y), 0.3, carried)
    trees = booster.fit(booster.dataset(linked), (y - line.predict(matrix))[:, None], 7, 1)
    theirs = line.predict(matrix) + trees.predict(linked, num_threads=1)

    x = pd.DataFrame(panel.raw, columns=list(panel.names))
    ours = RidgeThenTrees(target="ftq", penalty=0.3, random_state=7).fit(x, y)
    np.testing.assert_allclose(ours.predict(x), theirs, rtol=0, atol=1e-9)
    assert np.abs(ours.predict(x) - line.predict(matrix)).max() > 1e-3  # the trees do say something


def test_without_trees_it_is_the_ridge_of_a_textbook():
    rng = np.random.default_rng(3)
    x = rng.uniform(-1.7, 1.7, (80, 5)) * [1, 10, 0.1, 3, 1] + 4  # within three deviations
    y = x @ [1.0, -0.2, 3.0, 0.0, 0.5] + rng.normal(size=80)
    z = np.hstack([(x - x.mean(0)) / x.std(0), np.ones((80, 1))])
    punished = np.diag([0.5 * 80] * 5 + [0.0])
    expected = z @ np.linalg.solve(z.T @ z + punished, z.T @ y)
    np.testing.assert_allclose(
        RidgeThenTrees(penalty=0.5, trees=0.0).fit(x, y).predict(x), expected, atol=1e-9
    )


def test_a_penalty_that_nobody_gave_is_one_of_the_products(rows):
    model = RidgeThenTrees().fit(rows.x, rows.y)
    assert model.penalty_ in PENALTIES


def test_what_is_unknown_or_never_varies_does_no_harm():
    rng = np.random.default_rng(5)
    x = rng.normal(size=(300, 3))
    y = x[:, 0] + 0.1 * rng.normal(size=300)
    holed = np.column_stack(
        [np.where(rng.random((300, 3)) < 0.2, np.nan, x), np.full(300, 7.0), np.full(300, np.nan)]
    )
    assert RidgeThenTrees().fit(holed, y).score(holed, y) > 0.5
    nothing = RidgeThenTrees().fit(np.ones((50, 2)), y[:50])
    np.testing.assert_allclose(nothing.predict(np.ones((2, 2))), y[:50].mean())


@pytest.mark.parametrize(
    "wrong", [{"penalty": -1.0}, {"penalty": float("nan")}, {"trees": 1.5}, {"target": "yield"}]
)
def test_a_parameter_out_of_range_is_refused_by_name(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        RidgeThenTrees(**wrong).fit(np.eye(5), np.arange(5.0))


def test_threads_do_not_change_the_answer(rows):
    one, two = (RidgeThenTrees(penalty=1.0, n_jobs=n).fit(rows.x, rows.y).predict(rows.x) for n in (1, 2))
    np.testing.assert_array_equal(one, two)


def test_scikit_learns_tools_work_on_it(rows):
    search = GridSearchCV(
        of_yield(target="ftq"),
        {"regressor__penalty": [0.1, 10.0], "regressor__trees": [0.0, 1.0]},
        cv=RollingOrigin(2, horizon=rows.horizon),
        scoring="neg_mean_absolute_error",
    ).fit(rows.x, rows.y, groups=rows.t)
    best = search.best_estimator_
    assert set(search.best_params_) == {"regressor__penalty", "regressor__trees"}
    piped = make_pipeline(FunctionTransformer(), clone(best)).fit(rows.x, rows.y)
    np.testing.assert_array_equal(piped.predict(rows.x), best.predict(rows.x))


def test_it_learns_more_than_the_mean_of_everybody(rows):
    scores = cross_val_score(
        of_yield(target="ftq"), rows.x, rows.y, groups=rows.t, cv=RollingOrigin(2, horizon=2)
    )
    assert scores.min() > 0.1

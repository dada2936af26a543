"""Tennessee Eastman, where it lies beside the checkout: the published table holds."""

import pytest

from tests.benchmarks import judge_faults as judge

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not judge.TEP.exists(), reason=f"{judge.TEP} is not on this machine"),
]
FAULTS = [1, 2, 4, 5, 6, 7, 8, 10, 11, 12, 14, 21]


@pytest.fixture(scope="module")
def runs():
    return judge.Runs("test")


def test_the_first_hours_point_to_where_a_fault_entered(runs):
    scores = {
        method: judge.summary(judge.places(runs, method, 65, FAULTS))
        for method in judge.METHODS
        if not method.startswith("SHAP")
    }
    ours = scores.pop("ours")
    assert ours["mrr"] >= 0.90
    assert ours["top 1"] >= 11 / 12
    assert all(other["mrr"] < ours["mrr"] - 0.1 for other in scores.values()), scores


def test_what_nobody_can_see_is_not_called_an_episode(runs):
    seen = {fault: judge.ours(runs, fault, 65).seen for fault in (0, 3, 15, *FAULTS)}
    assert not any(seen[fault] for fault in (0, 3, 15))
    assert all(seen[fault] for fault in FAULTS)


def test_product_compositions_are_never_named(runs):
    named = {row.variable for row in judge.ours(runs, 1, 65).rows}
    assert not named & set(judge.OUTCOMES)

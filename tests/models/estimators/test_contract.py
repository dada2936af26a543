"""scikit-learn's own checks of an estimator, every one of them, on every estimator."""

from sklearn.utils.estimator_checks import parametrize_with_checks

from models.estimators import RidgeThenTrees, TargetLink
from models.results import TARGETS


@parametrize_with_checks(
    [RidgeThenTrees(), RidgeThenTrees(penalty=0.1, trees=0.0), *map(TargetLink, TARGETS)]
)
def test_scikit_learns_contract_holds(estimator, check):
    check(estimator)

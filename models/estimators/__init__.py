"""The forecaster's own parts as scikit-learn estimators: for data scientists, notebooks and comparisons.

rows = learning_rows(table, "ftq", horizon=3)
model = TransformedTargetRegressor(RidgeThenTrees(target="ftq"), transformer=TargetLink("ftq"))
cross_val_score(model, rows.x, rows.y, groups=rows.t, cv=RollingOrigin(horizon=3))
"""

from models.estimators.learning_rows import LearningRows, NothingToLearnFromError, learning_rows
from models.estimators.paired import against, paired
from models.estimators.ridge_then_trees import RidgeThenTrees
from models.estimators.rolling_origin import RollingOrigin
from models.estimators.target_link import TargetLink

__all__ = [
    "LearningRows",
    "NothingToLearnFromError",
    "RidgeThenTrees",
    "RollingOrigin",
    "TargetLink",
    "against",
    "learning_rows",
    "paired",
]

"""Training as an act: train, retrain when it is due, evaluate on what came since, promote, roll back."""

from models.training.champion import champion_errors, point_to, pointer
from models.training.evaluation import Evaluation, evaluate
from models.training.identity import content_version
from models.training.promotion import Promotion, promote
from models.training.retraining import Retraining, retrain
from models.training.run import TrainingReport, backtest, train

__all__ = [
    "Evaluation",
    "Promotion",
    "Retraining",
    "TrainingReport",
    "backtest",
    "champion_errors",
    "content_version",
    "evaluate",
    "point_to",
    "pointer",
    "promote",
    "retrain",
    "train",
]

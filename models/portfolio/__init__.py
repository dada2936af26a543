"""Many enterprises together: where each stands officially, how levels were reached by month, joint paths of
the months ahead, targets, and benchmarks. Written at publication (`publishing`, which is heavy), read
by the planner's pages (the rest, which loads NumPy and no engine).
"""

from models.portfolio.kept import NoPortfolioError, Portfolio
from models.portfolio.targets import Progress, Target, document_targets, progress

__all__ = [
    "NoPortfolioError",
    "Portfolio",
    "Progress",
    "Target",
    "document_targets",
    "progress",
]

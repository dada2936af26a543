"""Many enterprises together: where each stands officially, how levels were reached by month, joint paths of
the months ahead as bits, targets, and benchmarks. Written at publication, read by the planner's pages.
"""

from models.portfolio.kept import NoPortfolioError, Portfolio
from models.portfolio.publishing import publish_portfolio
from models.portfolio.targets import Progress, Target, document_targets, progress

__all__ = [
    "NoPortfolioError",
    "Portfolio",
    "Progress",
    "Target",
    "document_targets",
    "progress",
    "publish_portfolio",
]

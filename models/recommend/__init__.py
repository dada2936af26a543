"""Which lever to move, how far, what it is worth, and when nobody can say."""

from models.recommend.advice import UnknownEnterpriseError, advise, recommend
from models.recommend.rows import Effect, RecommendationRow

__all__ = ["Effect", "RecommendationRow", "UnknownEnterpriseError", "advise", "recommend"]

"""Which lever to move, how far, what it is worth, and when nobody can say.

The rows are light; what computes them is imported when it is first asked for, so that the web process, which
only reads rows, does not carry it.
"""

from typing import TYPE_CHECKING, Any

from models.recommend.rows import Effect, RecommendationRow

if TYPE_CHECKING:
    from models.recommend.advice import UnknownEnterpriseError, advise, recommend

__all__ = ["Effect", "RecommendationRow", "UnknownEnterpriseError", "advise", "recommend"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - what `advice` exports
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from models.recommend import advice

    return getattr(advice, name)

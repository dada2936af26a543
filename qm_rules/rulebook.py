"""A rulebook: one pack read under one policy, compiled once and used for any number of grades."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from qm_rules.ladder import Ladder
from qm_rules.pack import Pack
from qm_rules.policy import Policy

LOSSES = ("internal_loss", "external_loss")
HIGHEST = 5


class Rulebook:
    """The ladders, the order of everything, and how levels are put together."""

    def __init__(self, pack: Pack, policy: Policy) -> None:
        self.pack = pack
        self.policy = policy.resolved(pack.policies)
        self.literal = self.policy["level2_loss"] == "literal"
        self.ladders = {
            name: Ladder(steps, is_loss=name in LOSSES, literal=self.literal)
            for name, steps in pack.thresholds_for(self.policy["sigma_method"]).items()
        }
        self.aggregation = self.policy["aggregation"]
        self.min_values = int(self.policy["min_values"])
        self.few_values = int(self.policy["few_values"])
        self.window_months = int(self.policy["window_months"])
        self.items = tuple(pack.items)
        self.names = {level.level: (level.id, level.name) for level in pack.levels}
        self.members = {name: dimension.members for name, dimension in pack.dimensions.items()}

    def supports(self, name: str, own: int, level: int) -> bool:
        """Say whether an indicator or item of the own level supports a level of its dimension."""
        ladder = self.ladders.get(name)
        return own >= level if ladder is None else ladder.supports(own, level)

    def dimension_level(self, own: Mapping[str, int | None], members: Sequence[str]) -> int:
        """Return the highest level that every supplied member supports (5 where none is supplied).

        That is the lowest of them. Only by `level2_loss: literal` may it be less: in the hole between the
        printed levels 2 and 3 nothing but level 1 is left.
        """
        lowest = min([own[name] or HIGHEST for name in members])
        return 1 if lowest == 2 and self.literal and self._is_in_the_hole(own, members) else lowest

    def together(self, dimensions: Mapping[str, int]) -> int:
        """Return the level of the four dimensions together, by the policy `aggregation`."""
        if self.aggregation == "lowest":
            return min(dimensions.values())
        if self.aggregation == "performance_only":
            return dimensions["performance"]
        return sorted(dimensions.values())[(len(dimensions) - 1) // 2]

    def _is_in_the_hole(self, own: Mapping[str, int | None], members: Sequence[str]) -> bool:
        known = [(name, level) for name in members if (level := own[name]) is not None]
        return not all(self.supports(name, level, 2) for name, level in known)


@lru_cache(maxsize=64)
def rulebook(pack: Pack, policy: Policy) -> Rulebook:
    """Return the compiled rulebook; raises PolicyError for a policy that the pack does not know."""
    return Rulebook(pack, policy)

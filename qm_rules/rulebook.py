"""A rulebook: one pack read under one policy, compiled once and used for any number of grades."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from qm_rules.ladder import Ladder
from qm_rules.pack.contents import Pack
from qm_rules.pack.policy import Policy

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
        self.order = (*self.ladders, *self.items)
        self.members = {name: dimension.members for name, dimension in pack.dimensions.items()}
        self._spans = _spans(self.members)

    def supports(self, name: str, own: int, level: int) -> bool:
        """Say whether an indicator or item of the own level supports a level of its dimension."""
        ladder = self.ladders.get(name)
        return own >= level if ladder is None else ladder.supports(own, level)

    def dimensions(self, own: Sequence[int | None]) -> dict[str, int]:
        """Return each dimension's highest level that all of its supplied members support (5 if none is).

        `own` are the own levels in `order`. That is the lowest of them; only by `level2_loss: literal` may it
        be less: in the hole between the printed levels 2 and 3 nothing but level 1 is left.
        """
        possible = [level or HIGHEST for level in own]
        found = {name: min(possible[span]) for name, span in self._spans}
        if self.literal and 2 in found.values():
            return {
                name: 1 if level == 2 and self._is_hole(own, name) else level for name, level in found.items()
            }
        return found

    def known(self, own: Sequence[int | None], possible: Mapping[str, int]) -> dict[str, int | None]:
        """Return the dimensions' levels, None for each in which something is not supplied."""
        return {name: None if None in own[span] else possible[name] for name, span in self._spans}

    def together(self, dimensions: Mapping[str, int]) -> int:
        """Return the level of the four dimensions together, by the policy `aggregation`."""
        if self.aggregation == "lowest":
            return min(dimensions.values())
        if self.aggregation == "performance_only":
            return dimensions["performance"]
        return sorted(dimensions.values())[(len(dimensions) - 1) // 2]

    def _is_hole(self, own: Sequence[int | None], dimension: str) -> bool:
        levels = dict(zip(self.order, own, strict=True))
        known = [(name, level) for name in self.members[dimension] if (level := levels[name]) is not None]
        return not all(self.supports(name, level, 2) for name, level in known)


def _spans(members: Mapping[str, Sequence[str]]) -> tuple[tuple[str, slice], ...]:
    """Return where each dimension's members stand in the order of everything (a pack lists them in it)."""
    spans, start = [], 0
    for name, names in members.items():
        spans.append((name, slice(start, start + len(names))))
        start += len(names)
    return tuple(spans)


@lru_cache(maxsize=64)
def rulebook(pack: Pack, policy: Policy) -> Rulebook:
    """Return the compiled rulebook; raises PolicyError for a policy that the pack does not know."""
    return Rulebook(pack, policy)

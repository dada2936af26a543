"""Paths of a target as arrays alone: what many enterprises' are made of, here or on another machine."""

from __future__ import annotations

from dataclasses import dataclass

from models.attainment.known import Array, Mask
from models.forecast.links import Link, widen_yield


@dataclass(frozen=True)
class ArrayPaths:
    """One target of R enterprises on P paths of M months, on the scale of its link.

    `points` and `scale` R × M: what an enterprise's errors are added to, and what they are multiplied by;
    `errors` are P × M of scale one, and those of an enterprise that never showed the target (`seasoned` R
    says who did). `submitted` R units say how coarse yields are, `answered` R who is forecast at all.
    """

    link: Link
    points: Array
    scale: Array
    errors: tuple[Array, Array]
    seasoned: Mask
    submitted: Array
    answered: Mask

    def paths(self, rows: slice) -> Array:
        """Rows × P × M in the target's unit."""
        seasoned, cold = self.errors
        own = seasoned * self.scale[rows, None]
        own[~self.seasoned[rows]] = cold
        own += self.points[rows, None]
        plain = self.link.inverse(own)
        return widen_yield(plain, self.submitted[rows, None, None]) if self.link.falling else plain

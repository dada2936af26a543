"""A rule pack: one edition of the official document as data, found by id or date, read from its folder."""

from qm_rules.pack.contents import Bound, IndicatorRule, Pack, bare
from qm_rules.pack.loading import EDITIONS, edition_ids, edition_in_force, load_pack

__all__ = [
    "EDITIONS",
    "Bound",
    "IndicatorRule",
    "Pack",
    "bare",
    "edition_ids",
    "edition_in_force",
    "load_pack",
]

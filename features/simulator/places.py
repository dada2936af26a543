"""Addresses and registration numbers of plants that do not exist (Zhejiang's city codes of GB/T 2260)."""

import numpy as np

CITIES = (
    ("330100", "杭州"), ("330200", "宁波"), ("330300", "温州"), ("330400", "嘉兴"),
    ("330500", "湖州"), ("330600", "绍兴"), ("330700", "金华"), ("330800", "衢州"),
    ("330900", "舟山"), ("331000", "台州"), ("331100", "丽水"),
)  # fmt: skip
CITY_WEIGHTS = np.array([0.16, 0.18, 0.13, 0.1, 0.07, 0.1, 0.09, 0.03, 0.02, 0.1, 0.02])

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def social_credit_code(region_code: str, number: int) -> str:
    """A well-formed 统一社会信用代码 (GB 32100-2015) that no enterprise bears.

    The registrar `Y` (others) with category `1` keeps it apart from real enterprises (`91…`); both check
    characters, the inner one of the organisation code (GB 11714) and the outer one, are right.
    """
    organisation = f"{number:08d}"
    inner = (11 - sum(int(c) * w for c, w in zip(organisation, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))) % 11
    body = f"Y1{region_code}{organisation}{'0123456789X'[inner]}"
    weighted = sum(_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + _ALPHABET[(31 - weighted) % 31]

"""Words in the two languages of the product: Chinese, which governs, and English."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    """The same thing said in Chinese and in English."""

    zh: str
    en: str

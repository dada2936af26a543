"""Secrets that machines remember: sessions, keys, and the token that a form carries against forgery."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

KEY_MARK: Final = "zy_"
"""How every API key begins, so that scanners of repositories recognise one."""
BYTES: Final = 32
DAYS: Final = (30, 90, 365)
"""How long a key may last; a page offers these, and there is none without an end."""
DAY_SECONDS: Final = 24 * 3600


def new_token() -> str:
    """Return 256 random bits as text."""
    return secrets.token_urlsafe(BYTES)


def new_key() -> str:
    """Return an API key."""
    return KEY_MARK + new_token()


def digest(token: str) -> str:
    """Return what is stored instead of a token: SHA-256; 256 random bits need no salt."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def form_token(token: str) -> str:
    """Return the token that forms of the session `token` carry; it does not give the session away."""
    return hmac.new(token.encode("utf-8", "surrogateescape"), b"form", hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare in a time that tells nothing."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))

"""The check digit of the unified social credit code (GB 32100-2015, 统一社会信用代码), as SQL."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""31 characters: no I, O, S, V, Z. A character's value is its place."""
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
"""GB 32100, table 2: 3^(i-1) mod 31."""
ALLOWED = "18 characters of GB 32100 whose last one is the right check digit"


def valid_sql(column: str) -> str:
    """Return an SQL condition that holds where `column` is a code whose 18th character checks the others.

    C18 = 31 − (Σ Ci·Wi mod 31), where 31 counts as 0.
    """
    terms = " + ".join(
        f"{weight} * (instr('{ALPHABET}', substr({column}, {place}, 1)) - 1)"
        for place, weight in enumerate(WEIGHTS, start=1)
    )
    check = f"substr('{ALPHABET}', 1 + ((31 - (({terms}) % 31)) % 31), 1)"
    return f"(regexp_full_match({column}, '[{ALPHABET}]{{18}}') AND right({column}, 1) = {check})"

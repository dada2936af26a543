"""Arrow columns from NumPy: text by lookup, money exactly, times without a zone."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from features.simulator.streams import Array, Whole

MONEY = pa.decimal128(18, 2)
Moments = npt.NDArray[np.datetime64]


def text(words: Iterable[str], codes: Whole) -> pa.Array:
    """Strings `words[codes]`."""
    return pa.array(list(words), pa.string()).take(pa.array(codes))


def same(word: str | None, rows: int) -> pa.Array:
    """One string (or null) in every row."""
    return pa.repeat(pa.scalar(word, pa.string()), rows)


def money(amounts: Array) -> pa.Array:
    """CNY rounded to the fen, as exact decimals; amounts are not negative and below 9e16."""
    fen = np.rint(amounts * 100).astype(np.int64)
    words = np.zeros((fen.size, 2), dtype=np.int64)
    words[:, 0] = fen
    return pa.Array.from_buffers(MONEY, fen.size, [None, pa.py_buffer(words.tobytes())])


def moments(times: Moments) -> pa.Array:
    """Local times to the microsecond."""
    return pa.array(times.astype("datetime64[us]"), pa.timestamp("us"))


def rounded(values: Array, sizes: Array) -> Array:
    """Values as an instrument prints them: a hundredth of `sizes`, in a power of ten."""
    step = 10.0 ** (2.0 - np.floor(np.log10(sizes)))
    return np.asarray(np.round(values * step) / step)

"""Named random streams: one generator per purpose, so that nothing reshuffles anything else."""

import hashlib

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]


def stream(seed: int, *purpose: str | int) -> np.random.Generator:
    """The generator of one purpose of one world: same seed and purpose, same numbers."""
    words = "/".join(str(part) for part in (seed, *purpose))
    digest = hashlib.sha256(words.encode()).digest()
    return np.random.Generator(np.random.PCG64DXSM(int.from_bytes(digest[:16], "little")))

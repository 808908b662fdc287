"""The chance of a measurement: one number for each patient, finding and hour, whoever else is in the run."""

from hashlib import blake2b

import numpy as np
from scipy.special import ndtri

from aldes.trial.chart import Numbers


def normals(seed: int, what: str, hour: float, numbers: range) -> Numbers:
    """Standard normal numbers of the patients of these numbers: the same in any chunk, in any order, in every arm."""
    digest = blake2b(f"{seed}\x1f{what}\x1f{hour:.4f}".encode(), digest_size=16).digest()
    generator = np.random.Philox(key=int.from_bytes(digest, "big"))
    words = generator.random_raw(numbers.stop)[numbers.start :]
    uniform = ((words >> np.uint64(11)).astype(np.float64) + 0.5) / 2**53
    found: Numbers = ndtri(uniform)
    return found

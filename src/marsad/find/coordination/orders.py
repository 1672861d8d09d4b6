"""The order of many numbers, found by sorting them together with their places.

A number and its place in one word of 64 bits are sorted as one, which takes a quarter of the time
of a stable `np.argsort` at ten million: that one goes to and fro in memory, and ever more so the
larger the numbers' table is, so that twice as many take more than twice as long. Of wide numbers
that often agree in their first bits (a second's shares of one object) it takes a third more.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


def places(values: Ints) -> Ints:
    """The places of values in ascending order, equal ones in the order they stand in: what
    ``np.argsort(values, kind="stable")`` gives."""
    if not len(values):
        return np.zeros(0, np.int64)
    bits = len(values).bit_length()
    least, most = int(values.min()), int(values.max())
    cut = max(0, (most - least).bit_length() + bits - 64)
    # modulo 2⁶⁴, where differences are right whatever their size
    lead = (values.astype(np.uint64) - np.uint64(least % 2**64)) >> np.uint64(cut)
    packed = lead << np.uint64(bits) | np.arange(len(values), dtype=np.uint64)
    packed.sort()
    found = (packed & np.uint64((1 << bits) - 1)).astype(np.int64)
    return _put_right(values, packed >> np.uint64(bits), found) if cut else found


def _put_right(values: Ints, lead: npt.NDArray[np.uint64], found: Ints) -> Ints:
    """Sorts those again that no more than the bits cut off tell apart: of wide numbers, few."""
    ordered = values[found]
    wrong = np.flatnonzero(ordered[1:] < ordered[:-1])
    if len(wrong):
        run = np.cumsum(np.diff(lead, prepend=lead[:1]) != 0)
        mixed = np.zeros(run[-1] + 1, bool)
        mixed[run[wrong]] = True
        some = mixed[run]
        # whoever leads by the bits that were kept does so by all: no run leaves its places
        again = np.sort(found[some])
        found[some] = again[np.argsort(values[again], kind="stable")]
    return found


def numbered(values: Ints) -> tuple[Ints, Ints]:
    """The values that occur, ascending, and the place of each among them, as `np.unique` gives."""
    order = places(values)
    ordered = values[order]
    fresh = np.ones(len(values), bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    place = np.empty(len(values), np.int64)
    place[order] = np.cumsum(fresh) - 1
    return ordered[fresh], place

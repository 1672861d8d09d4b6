"""Directed ties between accounts, and what is counted along them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Ties:
    """Ties from ``source`` to ``target``, accounts by number from 0; each pair once, none to
    oneself (see `distinct`). ``accounts`` is how many accounts there are."""

    source: Ints
    target: Ints
    accounts: int

    @classmethod
    def distinct(cls, source: Ints, target: Ints, accounts: int) -> Ties:
        """Of ties in any order those between two accounts, each pair once."""
        codes = np.unique((source * accounts + target)[source != target])
        return cls(codes // max(accounts, 1), codes % max(accounts, 1), accounts)

    def __len__(self) -> int:
        return len(self.source)

    def between(self, members: Bools) -> Ties:
        """The ties of which both ends are members."""
        kept = members[self.source] & members[self.target]
        return Ties(self.source[kept], self.target[kept], self.accounts)

    def answered(self) -> Bools:
        """Which ties have one the other way, too."""
        there = self.source * self.accounts + self.target
        back = self.target * self.accounts + self.source
        return np.isin(back, there)

    def counted(self, chosen: Bools) -> Ints:
        """Of each account the chosen ties that go out from it."""
        return np.bincount(self.source[chosen], minlength=self.accounts)

    def audience(self, members: Bools, inside: Bools) -> int:
        """Accounts not ``inside`` that have a tie to a member."""
        followers = self.source[members[self.target] & ~inside[self.source]]
        return len(np.unique(followers))

    def largest_part(self, members: Bools) -> Bools:
        """The members of the largest part that hangs together, whichever way ties point; of parts
        of one size that of the lowest number. None where there is no member."""
        from scipy import sparse

        inside = self.between(members)
        graph = sparse.coo_array(
            (np.ones(len(inside), np.int8), (inside.source, inside.target)),
            shape=(self.accounts, self.accounts),
        )
        _, part = sparse.csgraph.connected_components(graph, directed=False)
        sizes = np.bincount(part[members], minlength=1)
        return np.asarray(members & (part == int(np.argmax(sizes))))

    def deepest_core(self, members: Bools) -> int:
        """The largest k for which some members have k ties or more with one another (Seidman 1983,
        *Social Networks* 5, 269), whichever way they point; 0 without ties."""
        import networkit  # takes a second to load

        inside = self.between(members)
        low, high = (
            np.minimum(inside.source, inside.target),
            np.maximum(inside.source, inside.target),
        )
        codes = np.unique(low * self.accounts + high)
        if not len(codes):
            return 0
        ends = codes // self.accounts, codes % self.accounts
        graph = networkit.GraphFromCoo(ends, n=self.accounts)
        return int(networkit.centrality.CoreDecomposition(graph).run().maxCoreNumber())

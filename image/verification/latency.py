"""How much slower one colour is than the other, by samples that were taken side by side, on however busy a machine."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# Standard errors within which a mean is in doubt: with 95 % certainty it is no further off.
_DOUBT = 1.96
_RESAMPLINGS = 2000
_CHANCE = 0.01


@dataclass(frozen=True)
class Turn:
    """Latencies of as many requests to either colour, sent one colour right after the other."""

    target: Sequence[float]
    reference: Sequence[float]


class Comparison:
    """How many times the reference's latency the target's is."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self._target = np.array([turn.target for turn in turns])
        self._reference = np.array([turn.reference for turn in turns])
        # Turn by turn: what is slow for a while is slow for both.
        self._logs = np.log(self._target / self._reference).mean(axis=1)

    @property
    def slowdown(self) -> float:
        """The geometric mean over all turns, which a few outliers hardly move."""
        return float(np.exp(self._logs.mean()))

    def is_clear(self, limit: float) -> bool:
        """Whether more samples would hardly change on which side of the limit it is."""
        if len(self._logs) == 1:
            return False
        doubt = _DOUBT * self._logs.std(ddof=1) / math.sqrt(len(self._logs))
        return bool(abs(self._logs.mean() - math.log(limit)) > doubt)

    def slowdown_of(self, part: float) -> tuple[float, float]:
        """
        Of a quantile, and what it is at least with 99 % certainty.

        The slowest of a few samples vary a lot. By how much is estimated by drawing the turns anew many times (the
        bootstrap); the same turns always give the same.
        """
        draws = np.random.default_rng(0).integers(0, len(self._logs), (_RESAMPLINGS, len(self._logs)))
        target = np.quantile(self._target[draws].reshape(_RESAMPLINGS, -1), part, axis=1)
        reference = np.quantile(self._reference[draws].reshape(_RESAMPLINGS, -1), part, axis=1)
        ratio = np.quantile(self._target, part) / np.quantile(self._reference, part)
        return float(ratio), float(np.quantile(target / reference, _CHANCE))

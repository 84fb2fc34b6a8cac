"""How much slower one colour is than the other, told from few samples with noise."""

from __future__ import annotations

import numpy as np
import pytest

from verification.latency import Comparison, Turn

LIMIT = 1.5


def samples(times: float, turns: int, noise: float, seed: int) -> Comparison:
    """
    Two requests a turn to each of two Pods; the machine is slow for a turn or quick, and so is each request.

    :param times: How many times the reference's latency the target's is.
    """
    random = np.random.default_rng(seed)

    def side(factor: float, machine: float) -> list[float]:
        seconds = 0.3 * factor * machine * random.lognormal(0, noise, 2)
        queued = random.random() < 0.5
        return [float(seconds[0]), float(seconds.sum() if queued else seconds[1])]

    machines = [float(random.lognormal(0, noise)) for _ in range(turns)]
    return Comparison([Turn(side(times, machine), side(1, machine)) for machine in machines])


def test_an_equal_version_is_not_slower_on_a_busy_machine() -> None:
    comparisons = [samples(1, turns=15, noise=0.4, seed=seed) for seed in range(200)]

    assert sum(comparison.slowdown > LIMIT for comparison in comparisons) == 0
    assert sum(comparison.slowdown_of(0.95)[1] > LIMIT for comparison in comparisons) <= 1


def test_a_version_that_takes_twice_as_long_is_slower_on_a_busy_machine() -> None:
    comparisons = [samples(2, turns=15, noise=0.4, seed=seed) for seed in range(200)]

    assert sum(comparison.slowdown <= LIMIT for comparison in comparisons) <= 10
    # Where it might have been missed, more samples are asked for.
    assert not any(comparison.is_clear(LIMIT) for comparison in comparisons if comparison.slowdown <= LIMIT)


def test_it_is_in_doubt_near_the_limit_and_with_a_single_turn() -> None:
    assert samples(1, turns=15, noise=0.1, seed=0).is_clear(LIMIT)
    assert samples(3, turns=15, noise=0.1, seed=0).is_clear(LIMIT)
    assert not samples(1.45, turns=15, noise=0.3, seed=0).is_clear(LIMIT)
    assert not samples(3, turns=1, noise=0, seed=0).is_clear(LIMIT)


def test_a_few_slow_answers_are_seen_in_p95_alone() -> None:
    quick = [1.0, 1.01]
    turns = [Turn([1.0, 6.0] if number % 3 == 0 else quick, quick) for number in range(45)]
    comparison = Comparison(turns)

    assert comparison.slowdown < LIMIT
    ratio, at_least = comparison.slowdown_of(0.95)
    assert ratio == pytest.approx(6, abs=0.1)
    assert at_least > LIMIT


def test_one_slow_answer_proves_nothing() -> None:
    quick = [1.0, 1.01]
    comparison = Comparison([Turn([1.0, 60.0] if number == 0 else quick, quick) for number in range(15)])

    assert comparison.slowdown < LIMIT
    assert comparison.slowdown_of(0.95)[1] < LIMIT

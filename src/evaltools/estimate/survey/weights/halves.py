"""Hadamard matrices: which half of each stratum goes into which balanced half-sample."""

from __future__ import annotations

import numpy as np

from evaltools.estimate.arrays import Floats


def hadamard(least: int) -> Floats:
    """A matrix of 1 and -1 with orthogonal rows, of the smallest order that is at least `least` and can be made.

    The first row is all 1. Orders 2 n by doubling (Sylvester 1867), p + 1 for primes p of the form 4 k + 3 (Paley
    1933): these leave no gap below 28.

    >>> hadamard(3).astype(int).tolist()
    [[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]
    """
    order = max(least, 1)
    while (found := _of_order(order)) is None:
        order += 1
    return found


def _of_order(order: int) -> Floats | None:
    if order == 1:
        return np.ones((1, 1))
    if order % 2:
        return None
    half = _of_order(order // 2)
    if half is not None:
        return np.asarray(np.kron(np.array([[1.0, 1.0], [1.0, -1.0]]), half))
    return _paley(order - 1) if order % 4 == 0 and _is_prime(order - 1) else None


def _is_prime(value: int) -> bool:
    return value > 1 and all(value % each for each in range(2, int(value**0.5) + 1))


def _paley(prime: int) -> Floats:
    """Built on who is a square modulo a prime; signs of rows are turned until the first row is all 1."""
    squares = {(each * each) % prime for each in range(1, prime)}
    place = np.arange(prime)
    difference = (place[:, None] - place) % prime
    sign = np.where(np.isin(difference, list(squares)), 1.0, -1.0)
    matrix = np.ones((prime + 1, prime + 1))
    matrix[1:, 1:] = np.where(difference == 0, -1.0, sign)
    return matrix

"""Base R that gives the lines of a chart again, one block for each phase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from evaltools.estimate.monitor.counts import Count, Counted
from evaltools.estimate.monitor.phases import Phase

_LIMITS: Final[Mapping[str, str]] = {
    "p_chart": "cl <- sum(r[b]) / sum(n[b]); s <- 3 * sqrt(cl * (1 - cl) / n)\n"
    "cbind(y = r / n, cl, lcl = pmax(cl - s, 0), ucl = pmin(cl + s, 1))",
    "p_prime_chart": "cl <- sum(r[b]) / sum(n[b]); s <- sqrt(cl * (1 - cl) / n)\n"
    "s <- 3 * s * mean(abs(diff(((r / n - cl) / s)[b]))) / 1.128\n"
    "cbind(y = r / n, cl, lcl = pmax(cl - s, 0), ucl = pmin(cl + s, 1))",
    "u_chart": "cl <- sum(r[b]) / sum(n[b]); s <- 3 * sqrt(cl / n)\n"
    "per * cbind(y = r / n, cl, lcl = pmax(cl - s, 0), ucl = cl + s)",
    "g_chart": "q <- qnbinom(c(0.5, 0.00135, 0.99865), n[1], sum(n[b]) / sum(n[b] + r[b]))\n"
    "cbind(y = r, cl = q[1], lcl = q[2], ucl = q[3])",
    "run_chart": "cl <- median((r / n)[b]); side <- sign(r / n - cl); side <- side[side != 0]; k <- length(side)\n"
    "cbind(y = per * r / n, cl = per * cl)\n"
    "c(longest = max(rle(side)$lengths), limit = round(log2(k) + 3), crossings = sum(diff(side) != 0),\n"
    "  limit = qbinom(0.05, max(k - 1, 0), 0.5))",
}


def r_of(verb: str, phases: Sequence[Phase], per: float, counted: Counted) -> str:
    """The code for each phase, with its numbers written out."""
    return "\n".join(_phase(verb, phase, per, counted) for phase in phases)


def _phase(verb: str, phase: Phase, per: float, counted: Counted) -> str:
    rows = [row for row in phase.rows if row.base is None or row.base > 0]
    first = sum(row.base is None or row.base > 0 for row in phase.baseline)
    alone = verb == "run_chart" and counted == "between"
    bases = ["1" if row.base is None or alone else f"{row.base:.15g}" for row in rows]
    head = f"r <- c({_numbers(rows)}); n <- c({', '.join(bases)}); b <- seq_len({first}); per <- {per:.15g}"
    return "\n".join([f"# {label}" for label in phase.labels] + [head, _LIMITS[verb]])


def _numbers(rows: Sequence[Count]) -> str:
    return ", ".join(f"{row.count:.15g}" for row in rows)

"""Bootstrap intervals: the units that were coded are drawn again, with a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from evaltools.errors import DesignError, Fault
from evaltools.estimate.agreement.codings import PLAIN, Codes, Codings
from evaltools.estimate.arrays import Floats
from evaltools.estimate.calls import Name, call, literal

_FEWEST: Final = 100
_CHUNK: Final = 250


@dataclass(frozen=True, slots=True)
class Resampled:
    """A percentile interval from `replicates` samples of units with replacement, drawn with `seed`."""

    replicates: int = 2000
    seed: int = 1


BY_DEFAULT: Final = Resampled()


def resampled_limits(
    units: int, of: Callable[[Floats], Floats], resampled: Resampled, level: float
) -> tuple[float, float, int]:
    """Percentile limits of a coefficient, and how many replicates had one. Efron (1979), Annals of Statistics 7.

    of : from how often each unit was drawn (replicates x units) to the coefficient of each replicate, not finite where
    it has none. Raises `DesignError`: TOO_FEW_REPLICATES, NO_VARIATION_IN_CODES.
    """
    if resampled.replicates < _FEWEST:
        problem = f"{resampled.replicates} replicates are too few for limits"
        raise DesignError(Fault("TOO_FEW_REPLICATES", "resampled", problem, f"Take at least {_FEWEST}."))
    chance = np.random.default_rng(np.random.SeedSequence(resampled.seed))
    parts = []
    for start in range(0, resampled.replicates, _CHUNK):
        size = min(_CHUNK, resampled.replicates - start)
        drawn = chance.multinomial(units, np.full(units, 1 / units), size=size).astype(float)
        parts.append(of(drawn))
    found = np.concatenate(parts)
    usable = found[np.isfinite(found)]
    if len(usable) < resampled.replicates / 2:
        raise no_variation()
    low, high = np.quantile(usable, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high), len(usable)


def call_code(
    verb: str, found: Codings, codes: Codes, resampled: Resampled | None, arguments: Mapping[str, object]
) -> str:
    """The call as code that gives the result again, with what differs from the defaults."""
    inner = "frame" if found.data is None else found.data.code
    said = dict(arguments)
    if codes != PLAIN:
        said["codes"] = Name(call("Codes", literal(codes.order), {"language": codes.language}, codes.missing))
    if resampled is not None and resampled != BY_DEFAULT:
        said["resampled"] = Name(f"Resampled({resampled.replicates}, {resampled.seed})")
    return call(verb, inner, said, list(found.coders))


def no_variation() -> DesignError:
    """What is said where all codes are the same: chance alone would agree as well, so that agreement tells nothing."""
    problem = "nearly all codes are the same, so that chance alone would agree as well"
    remedy = "Tell the share of units coded alike instead, or code units that differ."
    return DesignError(Fault("NO_VARIATION_IN_CODES", "coders", problem, remedy))

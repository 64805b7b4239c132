"""Seeded replicates spread over cores or machines: bootstraps, simulations, placebo runs.

Every replicate has a seed of its own, a child of one `SeedSequence`, and replicates are grouped in the same chunks
wherever they are made. So the result is the same to the last bit, in order, whether they are made one after another, in
threads, in processes or on a cluster. Where they are made is for joblib to know:

    with joblib.parallel_config(backend="loky", n_jobs=2):
        ev.rollout.power(...)

joblib comes with the extra `rollout` and is loaded when the first replicates are made.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, Final, TypeVar

from numpy.random import SeedSequence

from evaltools.errors import DesignError, Fault

Made = TypeVar("Made")
Seeds = Sequence[SeedSequence]
Progress = Callable[[int, int], None]
"""Told how many replicates are done, and of how many, after each chunk."""

CHUNK: Final = 25
"""Replicates that are made together: enough to outweigh sending them, few enough for a bar that moves."""
MOST: Final = 1_000_000


def replicated(
    make: Callable[[Seeds], Sequence[Made]],
    count: int,
    *,
    seed: int,
    progress: Progress | None = None,
) -> list[Made]:
    """`count` replicates in order.

    make : gets the seeds of one chunk and returns one result for each; a module's function, or a `partial` of one, so
    that it can be sent to another process. seed : gives the same replicates again. progress : is told after each chunk.

    Ctrl-C stops the work everywhere and is raised as `KeyboardInterrupt`.
    Raises `DesignError`: SPREADING_NOT_INSTALLED, REPLICATIONS_NOT_POSITIVE.

    >>> import numpy as np
    >>> def uniform(seeds):
    ...     return [float(np.random.default_rng(seed).uniform()) for seed in seeds]
    >>> replicated(uniform, 30, seed=1) == replicated(uniform, 40, seed=1)[:30]
    True
    """
    check_replications(count)
    joblib = _joblib()
    seeds = SeedSequence(seed).spawn(count)
    chunks = [seeds[start : start + CHUNK] for start in range(0, count, CHUNK)]
    made: list[Made] = []
    with closing(_parts(joblib, joblib.delayed(make), chunks)) as parts:
        for part in parts:
            made.extend(part)
            if progress is not None:
                progress(len(made), count)
    return made


@contextmanager
def over_processes(jobs: int) -> Iterator[None]:
    """Make the replicates inside in that many processes of this machine."""
    with _joblib().parallel_config(backend="loky", n_jobs=jobs):
        yield


def _parts(joblib: Any, delayed: Any, chunks: Sequence[Seeds]) -> Generator[Any, None, None]:
    """What each chunk gives, in order and as soon as it is there; all at the end where the backend can do no better."""
    try:
        parallel = joblib.Parallel(return_as="generator")
    except ValueError:
        parallel = joblib.Parallel()
    yield from parallel(delayed(chunk) for chunk in chunks)


def check_replications(count: int) -> None:
    """`DesignError` REPLICATIONS_NOT_POSITIVE unless it is a whole number from 1 to a million."""
    if isinstance(count, bool) or not isinstance(count, int) or not 0 < count <= MOST:
        problem = f"{count!r} is no number of replications"
        remedy = f"Give a whole number from 1 to {MOST}, such as 2000."
        raise DesignError(Fault("REPLICATIONS_NOT_POSITIVE", "replications", problem, remedy))


def _joblib() -> Any:
    """joblib, loaded now because it belongs to an extra that may be absent."""
    try:
        return importlib.import_module("joblib")
    except ImportError as error:
        problem, remedy = "simulations need joblib", 'Install it: pip install "evaltools[rollout]".'
        raise DesignError(Fault("SPREADING_NOT_INSTALLED", "replications", problem, remedy)) from error

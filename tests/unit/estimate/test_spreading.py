"""Replicates are the same to the last bit wherever they are made."""

from __future__ import annotations

import importlib
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import joblib
import numpy as np
import pytest
from numpy.random import SeedSequence

from evaltools.errors import DesignError
from evaltools.estimate import spreading
from evaltools.estimate.spreading import CHUNK, replicated
from refused import code_of


def drawn(seeds: Sequence[SeedSequence]) -> list[float]:
    """A number that shows every bit of difference: a sum of products of many draws."""
    return [float((np.random.default_rng(seed).normal(size=(40, 40)) ** 3).sum()) for seed in seeds]


def slow(seeds: Sequence[SeedSequence]) -> list[float]:
    time.sleep(0.2)
    return drawn(seeds)


ALONE = replicated(drawn, 210, seed=98)


@pytest.mark.parametrize(
    ("backend", "jobs"), [("sequential", 1), ("threading", 3), ("loky", 2), ("multiprocessing", 2)]
)
def test_one_after_another_threads_and_processes_agree_to_the_last_bit(backend: str, jobs: int) -> None:
    with warnings.catch_warnings(), joblib.parallel_config(backend=backend, n_jobs=jobs):
        warnings.simplefilter("ignore", DeprecationWarning)  # fork in a process with threads, as later Pythons say
        assert replicated(drawn, 210, seed=98) == ALONE


def test_a_cluster_of_dask_agrees_to_the_last_bit() -> None:
    distributed = pytest.importorskip("distributed", reason="dask is not installed")
    with (
        warnings.catch_warnings(),
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config(backend="dask"),
    ):
        warnings.simplefilter("ignore")  # what dask warns of while it closes is not ours
        assert replicated(drawn, 210, seed=98) == ALONE


def test_another_seed_gives_others_and_more_replicates_begin_with_the_same() -> None:
    assert replicated(drawn, 210, seed=99) != ALONE
    assert replicated(drawn, 230, seed=98)[:210] == ALONE
    assert len(set(ALONE)) == 210


def test_progress_is_told_after_each_chunk_and_ends_at_the_whole() -> None:
    told: list[tuple[int, int]] = []
    replicated(drawn, 60, seed=1, progress=lambda done, count: told.append((done, count)))
    assert told == [(CHUNK, 60), (2 * CHUNK, 60), (60, 60)]


@pytest.mark.parametrize("count", [0, -5, 2.5, True, 10**7])
def test_a_number_of_replications_that_is_none_is_refused(count: Any) -> None:
    assert code_of(lambda: replicated(drawn, count, seed=1)) == "REPLICATIONS_NOT_POSITIVE"


def test_without_joblib_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> ModuleType:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(DesignError, match=r'pip install "evaltools\[rollout\]"') as caught:
        replicated(drawn, 10, seed=1)
    assert caught.value.code == "SPREADING_NOT_INSTALLED"


def test_loading_the_room_loads_no_joblib() -> None:
    code = "import sys, evaltools.estimate.spreading; sys.exit('joblib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


STOPPED = """
import signal, sys
sys.path.append(sys.argv[2])
signal.signal(signal.SIGINT, signal.default_int_handler)
import joblib
from test_spreading import slow
from evaltools.estimate.spreading import replicated
def told(done, count):
    print(done, flush=True)
try:
    with joblib.parallel_config(backend=sys.argv[1], n_jobs=2):
        replicated(slow, 5000, seed=1, progress=told)
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


@pytest.mark.parametrize("backend", ["threading", "loky"])
def test_ctrl_c_stops_the_work_and_is_told_to_the_caller(backend: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STOPPED, backend, str(Path(__file__).parents[2])],
        cwd=Path(__file__).parent,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline().strip() == str(CHUNK)
        running.send_signal(signal.SIGINT)
        began = time.monotonic()
        assert running.stdout.read().splitlines()[-1] == "stopped"
        assert running.wait(20) == 0
        assert time.monotonic() - began < 15


def test_the_seeds_are_children_of_one() -> None:
    seeds = SeedSequence(98).spawn(210)
    assert drawn(seeds) == ALONE
    assert spreading.MOST >= 2000

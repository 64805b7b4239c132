"""The simulation of estimators: its table, its resuming, and the two-way regression that it writes out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import rollout_simulation as simulation
from evaltools.estimate import rollout
from evaltools.estimate.rollout.planning.arithmetic import Timing
from planned_rollouts import long


def test_a_run_that_was_stopped_goes_on_with_the_same_result(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = str(tmp_path / "kept.json")
    simulation.main(["--replications", "50"])
    whole = capsys.readouterr().out
    simulation.main(["--replications", "25", "--keep", kept])
    capsys.readouterr()
    simulation.main(["--replications", "50", "--keep", kept])
    assert capsys.readouterr().out == whole
    assert whole.startswith("50 replications, seed 98\n")
    assert whole.count("TWFE") == 3


def test_the_two_way_regression_is_that_of_the_room() -> None:
    values = np.random.default_rng(5).normal(size=(1, simulation.UNITS, simulation.PERIODS)).cumsum(axis=2)
    timing = Timing(simulation.STARTS, simulation.PERIODS)
    panel = rollout.panel(long(timing, values, np.ones((1, simulation.UNITS))), first="first")
    theirs = rollout.two_way_fixed_effects(panel, "value").rows[0]
    (ours,), (error,), _ = simulation.two_way(values)
    assert ours == pytest.approx(theirs.estimate, abs=1e-10)
    assert error == pytest.approx(theirs.se, rel=2e-3)

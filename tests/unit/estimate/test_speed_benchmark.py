"""The benchmark of estimation compares like with like: on a small sample all contenders give the same numbers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from estimate import direct, ours
from estimate.aims import AIMS, memory_limit
from estimate.child import Numbers
from estimate.children import KILO, Child, Done, apart, read, start
from estimate.contenders import KNOWN
from estimate.population import CLUSTERS, Columns, made, population
from estimate.population import read as columns_of
from estimate.table import differing, lines
from evaltools.estimate import Design

ROWS = 10_000
BENCHMARKS = Path(__file__).parents[3] / "benchmarks"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return population(tmp_path_factory.mktemp("benchmark"), ROWS)


@pytest.fixture(scope="module")
def designed(place: Path) -> Design:
    return ours.designed(ours.frame(place))


@pytest.fixture(scope="module")
def ready(place: Path) -> direct.Ready:
    return direct.ready(columns_of(place))


@pytest.mark.parametrize("task", AIMS)
def test_ours_and_the_direct_way_give_the_same_numbers(task: str, designed: Design, ready: direct.Ready) -> None:
    one, other = ours.TASKS[task](designed), direct.TASKS[task](ready)
    assert one.keys() == other.keys()
    assert all(np.asarray(one[kind]) == pytest.approx(other[kind], rel=1e-9) for kind in one)


def test_r_gives_them_too_where_it_is_installed(place: Path, designed: Design, tmp_path: Path) -> None:
    contender = KNOWN["R"](tmp_path)
    if contender.problem:
        pytest.skip(contender.problem)
    tasks = ["total by domain", "crosstab", "rake", "quantiles", "logistic model"]
    child = read(start(contender.command, place, tasks, 0, BENCHMARKS))
    for task in tasks:
        assert child.tasks[task].failure == ""
        assert apart(_floats(ours.TASKS[task], designed), child.tasks[task].numbers) < 1e-5, task


def _floats(task: Callable[[Design], Numbers], design: Design) -> dict[str, np.ndarray]:
    return {kind: np.asarray(values, dtype=float) for kind, values in task(design).items()}


def test_the_sample_is_the_same_whenever_it_is_made_and_has_its_clusters_in_order(place: Path) -> None:
    columns: Columns = columns_of(place)
    again = made(ROWS)
    assert len(columns) == 20
    assert all(np.array_equal(columns[name], again[name], equal_nan=True) for name in again)
    assert columns["psu"][:CLUSTERS].tolist() == list(range(1, CLUSTERS + 1))
    assert np.isnan(columns["income"]).any()


def test_a_difference_between_ours_and_direct_is_found() -> None:
    same, other = (Child(tasks={"mean": Done(numbers={"estimate": np.array([value])})}) for value in (2.0, 2.00000001))
    assert differing({"ours": [same], "direct": [same]}) == []
    assert differing({"ours": [same], "direct": [other]}) == ["mean"]
    nothing = Child(tasks={"mean": Done(numbers={"se": np.array([1.0])})})
    assert differing({"ours": [same], "direct": [nothing]}) == ["mean"]


def test_the_table_says_what_is_missed_and_why_a_contender_is_not_there() -> None:
    numbers = {"estimate": np.array([1.0])}
    slow = Child({"start": 1.0, "peak": memory_limit(100) / KILO + 1}, {"mean": Done(0.5, (0.3, 0.2), numbers)})
    fast = Child({"start": 1.0}, {"mean": Done(0.1, (0.05, 0.04), numbers)})
    peer = Child({"start": 3.0}, {"mean": Done(11.0, (), numbers)})
    told = "\n".join(lines({"ours": [slow], "direct": [fast], "R": [peer]}, {"svy": "no such package"}, 100))
    assert "2.5 x direct MISSED, 20 x cold met, 200 MB MISSED" in told
    assert "svy could not be asked: no such package" in told


def test_a_process_that_breaks_off_is_told_with_its_last_words(tmp_path: Path) -> None:
    words = (sys.executable, "-c", "print('task mean'); print('failed no memory'); raise SystemExit('it is over')")
    child = read(start(words, tmp_path, ["mean", "rake"], 0, BENCHMARKS))
    assert child.tasks["mean"].failure == "no memory"
    assert child.tasks["rake"].failure == "it is over"
    assert child.told["seconds"] > 0


def test_a_task_that_a_process_did_not_end_has_failed() -> None:
    assert read("task mean\n").tasks["mean"].failure == "stopped before it was done"
    assert read("task mean\nfirst 1.0\n").tasks["mean"].failure == ""


def test_the_lines_of_a_process_are_read() -> None:
    child = read("start 0.5\ntask mean by domain \nfirst 0.25\nagain 0.1 0.2\nestimate 1 2\nse 3 4\npeak 2048\n")
    done = child.tasks["mean by domain"]
    assert (done.first, done.again, done.numbers["se"].tolist()) == (0.25, (0.1, 0.2), [3.0, 4.0])
    assert child.told == {"start": 0.5, "peak": 2048.0}
    assert child.peak == 2048 * KILO

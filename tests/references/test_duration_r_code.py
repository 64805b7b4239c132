"""The R code that results about spells carry gives their numbers, where R and its packages are installed."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from shutil import which

import pandas as pd
import pytest

from evaltools.estimate import durations
from evaltools.estimate.durations import Spells

RSCRIPT = which("Rscript")
DATA = Path(__file__).parent / "data" / "placements.csv"
KINDS = {"breakdown": (4, 5, 6, 7), "home": (1,), "age_18": (3,)}


def followed(*, fresh: bool) -> Spells:
    """The made-up placements; or those that were followed from their beginning."""
    rows = pd.read_csv(DATA)
    some = rows[rows["start_month"] == rows["followed_from"]] if fresh else rows
    return durations.spells(
        some, start="start_month", end="end_month", ending="end_type", endings=KINDS, entry="followed_from",
        until="2018-12",
    )  # fmt: skip


Found = tuple[str, Sequence[float | None]]


def curve_at_12(late: Spells) -> Found:
    curve = durations.kaplan_meier(late, ending="breakdown")
    point = next(each for each in curve.points if each.count and each.x > 12)
    return curve.r_code(), [point.y, point.se, point.low, point.high]


def median(late: Spells) -> Found:
    made = durations.median(durations.after(late, 6), by="type")
    return made.r_code(), [value for row in made.rows for value in (row.estimate, row.low, row.high)]


def restricted_mean(late: Spells) -> Found:
    made = durations.restricted_mean(late, until=24, by="type")
    return made.r_code(), [value for row in made.rows for value in (row.estimate, row.se)]


def rate(late: Spells) -> Found:
    made = durations.breakdown_rate(late, ending="breakdown", by="type")
    return made.r_code(), [limit for row in made.rows for limit in (row.low, row.high)]


def ratio(late: Spells) -> Found:
    made = durations.rate_ratio(late, by="type", ending="breakdown")
    return made.r_code(), [made.rows[0].estimate, made.rows[0].low, made.rows[0].high]


def share(late: Spells) -> Found:
    made = durations.ended_share(late, ending="breakdown")
    return made.r_code(), [made.rows[0].low, made.rows[0].high]


def incidence(late: Spells) -> Found:
    curve = durations.cumulative_incidence(late)
    point = next(each for each in curve.only(ending="home").points if each.count and each.x > 12)
    return curve.r_code(), [point.y]


def model(late: Spells) -> Found:
    made = durations.cox(late, ["type", "age"], ending="breakdown")
    return made.r_code(), [value for row in made.rows for value in (row.estimate, row.se)]


def ratios(late: Spells) -> Found:
    made = durations.hazard_ratios(durations.cox(late, ["type", "age"], ending="breakdown"))
    return made.r_code(), [value for row in made.rows for value in (row.estimate, row.low, row.high)]


def log_rank(late: Spells) -> Found:
    made = durations.log_rank(late, "type", ending="home")
    return made.r_code(), [made.statistic]


def gray(late: Spells) -> Found:
    made = durations.gray_test(late, "type", "home")
    return made.r_code(), [made.statistic, made.p_value]


FRESH: dict[str, Callable[[Spells], Found]] = {"log_rank": log_rank, "gray": gray}
LATE: dict[str, Callable[[Spells], Found]] = {
    "curve": curve_at_12, "median": median, "restricted mean": restricted_mean, "rate": rate, "ratio": ratio,
    "share": share, "incidence": incidence, "cox": model, "hazard ratios": ratios,
}  # fmt: skip


def r_with(package: str) -> str:
    """The program that runs R code; the test is skipped where R or the package is not there."""
    if RSCRIPT is None:
        pytest.skip("R is not installed")
    asked = [RSCRIPT, "-e", f'quit(status = !requireNamespace("{package}", quietly = TRUE))']
    if subprocess.run(asked, check=False, capture_output=True).returncode:
        pytest.skip(f"R has no package {package}")
    return RSCRIPT


def printed(code: str, data: Path) -> str:
    """What R prints for the code with `data` at hand."""
    program = r_with(next(iter(re.findall(r"library\((\w+)\)", code)), "stats"))
    last = code.rstrip().splitlines()
    shown = "\n".join(line if line.startswith(("library", "print")) else f"print({line}, digits = 10)" for line in last)
    script = f'options(digits = 10, width = 200)\ndata <- read.csv("{data}")\n{shown}\n'
    done = subprocess.run([program, "-"], input=script, text=True, capture_output=True, check=True)
    return done.stdout


@pytest.mark.parametrize("name", [*LATE, *FRESH])
def test_the_r_code_of_a_result_prints_its_numbers(name: str, tmp_path: Path) -> None:
    spells = followed(fresh=name in FRESH)
    code, ours = (FRESH | LATE)[name](spells)
    kept = durations.after(spells, 6) if "after" in name or name == "median" else spells
    kept.r_data().to_csv(tmp_path / "data.csv", index=False)
    theirs = [float(each) for each in re.findall(r"-?\d+\.?\d*(?:e[-+]?\d+)?", printed(code, tmp_path / "data.csv"))]
    missing = [
        each for each in ours if each is not None and not any(abs(each - one) <= 2e-4 * abs(each) for one in theirs)
    ]
    assert missing == [], (code, theirs)


def test_the_twin_is_what_r_makes_of_its_script(tmp_path: Path) -> None:
    program = r_with("cmprsk")
    script = DATA.parents[1] / "duration_twin.R"
    done = subprocess.run([program, str(script), str(tmp_path)], text=True, capture_output=True, check=True)
    kept = json.loads((DATA.parent / "duration_twin.json").read_text("utf-8"))
    anew = json.loads(done.stdout)
    assert anew.keys() == kept.keys()
    assert all(anew[name] == pytest.approx(kept[name], rel=1e-9) for name in kept)
    assert (tmp_path / "placements.csv").read_text("utf-8") == DATA.read_text("utf-8")


def test_a_late_entry_has_no_log_rank_test_in_r_and_the_code_says_so() -> None:
    assert durations.log_rank(followed(fresh=False), "type").r_code().startswith("# R has no function for this")

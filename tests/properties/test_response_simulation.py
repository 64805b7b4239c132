"""A seeded sample of the simulation of silence: where estimates hold, where they fail, and that they are seen to fail."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest

from silent_estimates import Case
from silent_population import SHARES, answering, population
from silent_simulation import Found, replications, summary

REPLICATIONS = 30


@pytest.fixture(scope="module")
def found() -> Found:
    return summary(replications(REPLICATIONS, seed=7, silences=("cells", "answer"), estimators=("unweighted", "cells")))


def test_weights_by_region_hold_where_silence_is_by_chance_within_regions(found: Found) -> None:
    tallies = [found.cases[Case("cells", "cells", name, "default")] for name in SHARES]
    assert sum(tally.held for tally in tallies) >= 0.92 * REPLICATIONS * len(tallies)
    assert all(abs(tally.bias) <= 3 * tally.noise for tally in tallies)


def test_without_them_an_estimate_is_off_by_points_and_its_interval_fails(found: Found) -> None:
    plain = found.cases[Case("cells", "unweighted", "p50", "default")]
    assert 0.02 < plain.bias < 0.10
    assert plain.coverage < 0.9


def test_no_weights_help_where_silence_depends_on_the_answer_and_the_bounds_always_hold(found: Found) -> None:
    for estimator in ("unweighted", "cells"):
        failed = found.cases[Case("answer", estimator, "p50", "default")]
        assert failed.bias > 0.04
        assert failed.coverage < 0.8
    assert all(tally.bounded == tally.with_bounds for tally in found.cases.values())


def test_a_rare_trait_is_held_by_the_default_interval_and_lost_by_walds(found: Found) -> None:
    rare = [found.cases[Case("cells", "cells", "p02", kind)] for kind in ("default", "wald")]
    assert rare[0].coverage == 1.0 > rare[1].coverage


def test_the_result_is_the_same_in_one_process_and_in_two() -> None:
    alone, together = (
        summary(replications(2, seed=1, processes=count, silences=("chance",), estimators=("unweighted",)))
        for count in (1, 2)
    )
    assert alone == together
    assert alone.replications == 2


def test_who_has_come_far_answers_more_often_where_silence_depends_on_the_answer() -> None:
    rng = np.random.default_rng(3)
    rates = []
    for _ in range(50):
        truth = population(rng)
        rates.append([answering(truth, "answer", rng)[truth.later["p50"] == trait].mean() for trait in (1, 0)])
    assert np.mean(rates, axis=0) == pytest.approx([0.85, 0.56], abs=0.04)


def test_the_methods_show_the_figures_in_words_too_and_the_numbers_of_the_table() -> None:
    docs = Path(__file__).parents[2] / "docs"
    words = (docs / "methods.md").read_text("utf-8")
    pages = "".join(page.read_text("utf-8") for page in docs.glob("*.md"))
    shown = dict(re.findall(r"!\[([^]]+)]\(figures/([a-z_]+\.png)\)", pages))
    assert sorted(shown.values()) == sorted(file.name for file in (docs / "figures").glob("*.png"))
    assert all(len(alternative) > 100 for alternative in shown)
    with (docs / "figures" / "simulated_coverage.csv").open(encoding="utf-8") as file:
        rows = {Case(*list(row.values())[:4]): row for row in csv.DictReader(file)}  # type: ignore[arg-type]
    told = {"unweighted, exact": "unweighted", "response cells, predictive": "cells", "raked, Korn-Graubard": "raked"}
    for line, name in told.items():
        row = rows[Case("answer", name, "p50", "default")]
        numbers = f"{100 * float(row['bias']):.1f}; {100 * float(row['coverage']):.1f} |"
        assert re.search(rf"\| {line} \|.*{re.escape(numbers)}", words), numbers

"""Draws the figures of docs/methods.md on coverage: `python benchmarks/coverage_figures.py`, from the committed table.

`simulated_coverage.png` from `docs/figures/simulated_coverage.csv`, which `make bench-simulation` writes;
`exact_coverage.png` by listing every count, as `benchmarks/coverage.py` does.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.axes import Axes

from evaltools.estimate.survey import interval
from evaltools.estimate.survey.intervals.coverage import coverage
from evaltools.present.charts.canvas import Canvas
from evaltools.present.charts.style import BLUE, HAIRLINE, INK, MAROON, OCHRE, QUIET_INK, SMALL, font

FIGURES: Final = Path(__file__).parents[1] / "docs" / "figures"
SILENT: Final = {
    "chance": "silent by chance",
    "cells": "by chance within regions",
    "answer": "depending on the answer",
}
ESTIMATORS: Final = ("unweighted", "cells", "poststratified", "raked", "calibrated")
SHARES: Final = ("p02", "p05", "p10", "p30", "p50")
OTHERS: Final = {
    "exact": "exact (our default)",
    "korn_graubard": "Korn-Graubard (R beta)",
    "logit": "logit",
    "wilson": "Wilson",
    "clopper_pearson": "Clopper-Pearson",
    "wald": "Wald",
}
POPULATION: Final = 98
ANSWERS: Final = 60


def main() -> None:
    FIGURES.mkdir(exist_ok=True)
    draw_simulated().figure.savefig(FIGURES / "simulated_coverage.png", dpi=150)
    draw_exact().figure.savefig(FIGURES / "exact_coverage.png", dpi=150)


def draw_simulated() -> Canvas:
    """Coverage of five shares by estimator, one panel for each way of being silent."""
    with (FIGURES / "simulated_coverage.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    canvas = Canvas(6.6)
    for place, (silence, words) in enumerate(SILENT.items()):
        axes = canvas.panel(2.6 + 4.5 * place, 1.0, 4.1, 4.6)
        _frame(axes, words, (0, 1), (len(ESTIMATORS) - 0.4, -0.6))
        axes.axvline(0.95, color=MAROON, linewidth=0.8)
        _ticks(axes, (0, 0.5, 0.95), len(ESTIMATORS) - 0.4)
        for line, estimator in enumerate(ESTIMATORS):
            if place == 0:
                _write(axes, -0.06, line, estimator, "right")
            for kind, colour, mark, shift in (("default", BLUE, "o", -0.14), ("wald", OCHRE, "x", 0.14)):
                wanted = (silence, estimator, kind)
                found = [
                    float(row["coverage"])
                    for row in rows
                    if (row["silence"], row["estimator"], row["interval"]) == wanted and row["target"] in SHARES
                ]
                axes.scatter(
                    found, np.full(len(found), line + shift), s=16, c=colour, marker=mark, linewidths=1, clip_on=False
                )
    legend = canvas.sheet()
    for left, colour, mark, words in ((2.7, BLUE, "o", "default interval"), (6.4, OCHRE, "x", "Wald")):
        legend.scatter([left], [6.45], s=16, c=colour, marker=mark, linewidths=1, clip_on=False)
        legend.text(left + 0.25, 6.45, words, fontproperties=font(SMALL), color=INK, va="center")
    legend.text(8.2, 6.45, "line: 95 per cent", fontproperties=font(SMALL), color=MAROON, va="center")
    return canvas


def draw_exact() -> Canvas:
    """Coverage by true count for 60 answers of 98, one panel for each interval."""
    canvas = Canvas(8.2)
    for place, (name, words) in enumerate(OTHERS.items()):
        down, across = divmod(place, 3)
        axes = canvas.panel(1.2 + 5.0 * across, 0.8 + 3.9 * down, 4.4, 2.6)
        _frame(axes, words, (0, POPULATION), (0.6, 1.005))
        axes.axhline(0.95, color=MAROON, linewidth=0.8)
        found = coverage(getattr(interval, name)(), ANSWERS, POPULATION).probability
        axes.plot(np.arange(POPULATION + 1), found, color=BLUE, linewidth=1.1)
        for tick in (0, 49, 98):
            _write(axes, tick, 0.585, str(tick), "center", "top")
        for level in (0.6, 0.8, 0.95):
            _write(axes, -2, level, f"{100 * level:.0f}", "right")
    return canvas


def _frame(axes: Axes, words: str, across: tuple[float, float], down: tuple[float, float]) -> None:
    axes.set_xlim(*across)
    axes.set_ylim(*down)
    axes.plot([across[0], across[1]], [down[0], down[0]], color=HAIRLINE, linewidth=0.8, clip_on=False)
    axes.plot([across[0], across[0]], list(down), color=HAIRLINE, linewidth=0.8, clip_on=False)
    axes.set_title(words, fontproperties=font(SMALL, "semibold"), color=INK, pad=4)


def _ticks(axes: Axes, values: tuple[float, ...], down: float) -> None:
    for value in values:
        _write(axes, value, down + 0.12, f"{100 * value:.0f}", "center", "top")


def _write(axes: Axes, across: float, down: float, words: str, side: str, upright: str = "center") -> None:
    axes.text(across, down, words, fontproperties=font(SMALL), color=QUIET_INK, ha=side, va=upright, clip_on=False)


if __name__ == "__main__":
    main()

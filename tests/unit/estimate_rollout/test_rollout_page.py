"""The page about rollouts tells the truth: its code runs and prints what it says, and names every verb of the room."""

from __future__ import annotations

import doctest
import inspect
from pathlib import Path

import numpy as np
import pytest

import evaltools as ev
from evaltools.errors import DesignError

PAGE = Path(__file__).parents[3] / "docs" / "rollout.md"
OTHER_PAGES = ("planning", "pooling", "single")
"""Sub-rooms of the room that have a page of their own."""
NAMES = [
    name
    for name in ev.rollout.__all__
    if not set(OTHER_PAGES) & set(str(getattr(ev.rollout, name).__module__).split("."))
]
ABOUT_DATA = {"About", "RolloutPanel", "Adoption", "GroupTimeEffects"}


def test_the_code_of_the_page_runs_and_prints_what_it_says() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failed == 0
    assert tried > 20


@pytest.mark.parametrize("name", NAMES)
def test_every_verb_of_the_room_is_told_of_on_the_page(name: str) -> None:
    assert name in ABOUT_DATA or name in PAGE.read_text("utf-8")


@pytest.mark.parametrize("name", [each for each in NAMES if inspect.isfunction(getattr(ev.rollout, each))])
def test_every_verb_tells_its_parameters_what_it_returns_and_raises_and_has_an_example(name: str) -> None:
    verb = getattr(ev.rollout, name)
    told = inspect.getdoc(verb) or ""
    assert [each for each in inspect.signature(verb).parameters if each not in told] == []
    assert "Returns" in told
    assert "Raises" in told
    assert ">>> " in told


def test_the_flow_finds_the_true_effect_and_the_stock_about_half_of_it() -> None:
    # over 12 draws: the truth is 3.2 points on average over municipalities and years with the method
    flow, stock = [], []
    for seed in range(12):
        frame = ev.rollout.example_rollout(seed=seed)
        panel = ev.rollout.panel(frame, unit="municipality", period="year", first="first")
        flow.append(ev.rollout.imputation(panel, ("new_network", "new")).row(event="all").estimate)
        stock.append(ev.rollout.imputation(panel, ("placed_network", "placed")).row(event="all").estimate)
    assert np.mean(flow) == pytest.approx(0.032, abs=0.009)  # 2.8 standard errors of the mean of 12
    assert np.mean(stock) < 0.7 * np.mean(flow)


def test_an_example_that_cannot_be_is_refused() -> None:
    with pytest.raises(DesignError, match="EXAMPLE_WRONG"):
        ev.rollout.example_rollout(never=98)

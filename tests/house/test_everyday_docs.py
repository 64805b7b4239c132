"""Every everyday verb is documented: a sentence, its parameters, what it returns and raises, and an example that runs."""

from __future__ import annotations

import inspect
import re

import pytest

import evaltools as ev

VERBS = [name for name in ev.__all__ if inspect.isfunction(getattr(ev, name))]
NEEDS_ANSWERS = {
    "change", "choices", "design", "export", "labelled", "load", "load_panel", "open_snapshot", "panel", "question_table",
    "response", "response_chart", "response_model", "response_test", "section_tables", "sections", "show", "submit",
    "tile_map", "answer_shares", "early_and_late", "response_balance", "release_tiles"}  # fmt: skip
"""Verbs that work on a whole survey or inside a notebook: the README, the chapters and the stories show them."""


def words_of(name: str) -> str:
    return inspect.getdoc(getattr(ev, name)) or ""


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_begins_with_one_sentence(name: str) -> None:
    first, _, rest = words_of(name).partition("\n")
    assert first.endswith(".")
    assert rest == "" or rest.startswith("\n")


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_tells_of_every_parameter(name: str) -> None:
    told = words_of(name)
    parameters = inspect.signature(getattr(ev, name)).parameters
    assert [each for each in parameters if not re.search(rf"\b{each}\b", told)] == []


@pytest.mark.parametrize("name", VERBS)
def test_a_verb_tells_what_it_returns_and_raises(name: str) -> None:
    told = words_of(name)
    assert re.search(r"\bReturns\b", told)
    assert re.search(r"\bRaises\b|\bErrors:|:raises", told)


@pytest.mark.parametrize("name", sorted(set(VERBS) - NEEDS_ANSWERS))
def test_a_verb_has_an_example_that_runs(name: str) -> None:
    assert ">>> " in words_of(name)


def test_the_verbs_without_an_example_are_still_there() -> None:
    assert set(VERBS) >= NEEDS_ANSWERS

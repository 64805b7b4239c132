"""The page on durations: its code runs, and the figures in its text are those that the code gives."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

import evaltools as ev

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "durations.md").read_text("utf-8")


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """What the code of the page makes."""
    made: dict[str, Any] = {}
    before = Path.cwd()
    os.chdir(ROOT)
    try:
        for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
            exec(block, made)
    finally:
        os.chdir(before)
    return made


def told(pattern: str) -> list[float]:
    """The numbers that the text tells where it says so."""
    found = re.search(pattern, PAGE)
    assert found, pattern
    return [float(number) for number in found.groups()]


def test_the_shares_in_the_text_are_those_of_the_curve(names: dict[str, Any]) -> None:
    points = [names["ended"].point("24", ending=ending) for ending in ("breakdown", "home", "age_18")]
    shares = [round(point.percent) for point in points]
    assert told(r"After two years (\d+) per cent have broken down \((\d+) to (\d+)\)") == [
        shares[0], round(100 * points[0].low), round(100 * points[0].high),
    ]  # fmt: skip
    assert told(r"(\d+) per cent have gone home according to plan and (\d+) per cent have turned 18; (\d+) per cent") == [
        *shares[1:], round(100 - sum(point.percent for point in points)),
    ]  # fmt: skip


def test_the_rates_in_the_text_are_those_of_the_rows(names: dict[str, Any]) -> None:
    other, network = names["rate"].rows
    assert told(r"there were (\d+) breakdowns \((\d+) to (\d+)\) outside the network and (\d+) \((\d+) to (\d+)\)") == [
        round(value) for row in (other, network) for value in (row.estimate, row.low, row.high)
    ]
    ratio = ev.durations.rate_ratio(names["placements"], by="type", ending="breakdown").rows[0]
    assert told(r"Their ratio is ([\d.]+), and its interval\s+\(([\d.]+) to ([\d.]+)\)") == [
        round(value or 0, 2) for value in (ratio.estimate, ratio.low, ratio.high)
    ]


def test_the_picture_is_of_the_same_curve(names: dict[str, Any]) -> None:
    assert (ROOT / "docs" / "figures" / "placements_ended.png").read_bytes().startswith(b"\x89PNG")
    alt = names["figure"].alt
    for share in told(
        r"!\[Stacked shares: after 24 months (\d+) per cent have broken down, (\d+) .*? and (\d+) per cent"
    ):
        assert f"{share:.0f}%" in alt


def test_the_waiting_list_of_the_page_is_counted(names: dict[str, Any]) -> None:
    assert [point.y for point in names["by_month"].only(flow="waiting").points] == [14, 23, 15, 8, 3, 3]
    assert names["wait"].rows[0].estimate > 0

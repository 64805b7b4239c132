"""The page on monitoring runs as it stands, its picture is the one its code draws, and its figures are those of the proof."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

from matplotlib.image import imread

PAGE = Path(__file__).parents[2] / "docs" / "monitoring.md"
TEXT = PAGE.read_text("utf-8")


def test_every_block_of_the_page_runs_and_prints_what_stands_there() -> None:
    done = doctest.testfile(str(PAGE), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert done.attempted > 15
    assert done.failed == 0


def test_the_picture_of_the_page_has_the_size_of_a_chart_and_is_told_in_words() -> None:
    (told, path), *others = re.findall(r"!\[(.+?)\]\((.+?)\)", TEXT)
    assert others == []
    height, width, _ = imread(PAGE.parent / path).shape
    assert (width, height > 500) == (1259, True)
    assert len(told) > 100

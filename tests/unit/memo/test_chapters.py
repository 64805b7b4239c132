"""Chapters and the title page are read with care: whatever is wrong with the files is said in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from evaltools.errors import MemoError
from evaltools.memo import build
from evaltools.memo.build import chapter_paths
from evaltools.memo.chapters import read_notebook
from evaltools.memo.stages import Stages
from evaltools.memo.titlepage import read_title_page
from evaltools.present.model import ConfidentialCell
from evaltools.store.model import Snapshot

NEEDED = "title: T\nauthor: A\ndate: 2018-12-31\n"


@pytest.mark.parametrize(
    "content",
    [
        "", "title: T\n", NEEDED + "tittel: x\n", NEEDED + "language: sv\n", "title: T\nauthor: A\ndate: 31.12.2018\n",
        "title: [\n", "title: T\nauthor: A\ndate: 2018-02-31\n",
    ],
)  # fmt: skip
def test_a_title_page_that_lacks_something_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "memo.yaml").write_text(content, "utf-8")
    with pytest.raises(MemoError) as caught:
        read_title_page(tmp_path)
    assert caught.value.code == "TITLE_PAGE"


def test_a_title_page_needs_little(tmp_path: Path) -> None:
    (tmp_path / "memo.yaml").write_text(NEEDED, "utf-8")
    page = read_title_page(tmp_path)
    assert (page.title, page.language, page.description) == ("T", "da", "T")


def test_a_folder_without_title_page_or_chapters_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MemoError) as caught:
        read_title_page(tmp_path)
    assert caught.value.code == "TITLE_PAGE"
    with pytest.raises(MemoError) as caught:
        chapter_paths(tmp_path, ())
    assert caught.value.code == "NO_CHAPTER"


def test_a_chapter_that_is_not_there_is_named_with_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "01-resume.ipynb").write_text("{}", "utf-8")
    with pytest.raises(MemoError, match="01-resume"):
        chapter_paths(tmp_path, ("01-resum",))


def test_a_file_that_is_no_notebook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.ipynb").write_text("{", "utf-8")
    with pytest.raises(MemoError) as caught:
        read_notebook(tmp_path / "x.ipynb")
    assert caught.value.code == "NOT_A_NOTEBOOK"


def test_a_plan_that_keeps_growing_stops_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds = iter(range(100))
    path = tmp_path / "01-a.ipynb"
    path.write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}', "utf-8")

    def other_cells(_: Path) -> tuple[ConfidentialCell, ...]:
        fresh = f"cell {next(rounds)}"
        return (ConfidentialCell(fresh, 1, 9, "small_count", True), ConfidentialCell(fresh, 1, 9, "", False))

    monkeypatch.setattr(build, "read_cells", other_cells)
    monkeypatch.setattr(build, "write_snapshot", lambda snapshot, where, private: None)
    shared = build.Build(tmp_path, Snapshot((), {}, ""), ())
    with pytest.raises(MemoError) as caught:
        build._released([path], shared, lambda files: {}, Stages(lambda line: None))
    assert caught.value.code == "PLAN_GROWS"

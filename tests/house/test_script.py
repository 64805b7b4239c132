"""The script of the form stays small, holds no text for people, and needs nothing that the content security policy forbids."""

from __future__ import annotations

import re
from pathlib import Path

from evaltools.web.static import script

SOURCE = Path(__file__).parents[2] / "src" / "evaltools"
SCRIPTS = sorted(SOURCE.rglob("*.js"))
MOST_BYTES = 10_000


def test_there_is_one_script_and_it_is_small() -> None:
    assert [path.name for path in SCRIPTS] == ["form.js"]
    assert len(script().encode()) <= MOST_BYTES


def test_only_comments_and_indentation_are_taken_from_the_script_that_is_sent() -> None:
    source = SCRIPTS[0].read_text("utf-8")
    kept = iter(source.splitlines())
    for line in script().splitlines():
        origin = next(each for each in kept if each.strip().startswith(line))
        assert origin.strip() == line or re.fullmatch(r" // .*", origin.strip().removeprefix(line))
    assert '"//' not in source
    assert "`" not in "".join(line for line in source.splitlines() if line.count("`") % 2), "a text over several lines"


def test_the_script_speaks_no_language_and_makes_no_code_or_markup_from_text() -> None:
    forbidden = r"\beval\b|new Function|innerHTML|outerHTML|insertAdjacent|document\.write|\.style\b|import\s*\("
    assert re.findall(forbidden, script()) == []
    assert [text for text in re.findall(r'"([^"\n]*)"', script()) if re.search(r"[a-zæøå]{2} |[æøåÆØÅ]", text)] == []

"""What the program says: the same keys and placeholders in both languages, and no text that nothing says."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

from evaltools.language import texts

SOURCE = Path(__file__).parents[2] / "src" / "evaltools"
DANISH, ENGLISH = texts("da").by_key, texts("en").by_key
ANY = "[A-Za-z0-9_.]*"
PAGES = ("web", "site")
SAYS = re.compile(r"""(?:say\(|tell\(|many\([^"']*, |,? (?:if|else) \(?)["']([a-z_.]+)["']( ?[+~])?""")
"""The keys that a template names; after a plus, only the beginning of one."""


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def pattern_of(node: ast.JoinedStr) -> str:
    """The keys that an f-string can make; what it fills in stands for any words."""
    parts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else ANY for part in node.values]
    return "".join(parts)


def said() -> tuple[set[str], list[re.Pattern[str]]]:
    """The literals of code and templates in small letters, and what f-strings can make of more than a room's name."""
    literals: set[str] = set()
    patterns: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                literals.add(node.value.lower())
            elif isinstance(node, ast.JoinedStr):
                patterns.add(pattern_of(node))
    for path in SOURCE.rglob("*.html"):
        for key, goes_on in SAYS.findall(path.read_text("utf-8")):
            literals.add(key) if not goes_on else patterns.update(rf"{room}\.{re.escape(key)}{ANY}" for room in PAGES)
    whole_rooms = {rf"{key.partition('.')[0]}\.{ANY}" for key in DANISH}
    return literals, [re.compile(each) for each in patterns - whole_rooms if re.match(r"[a-z_]+\\\.", each)]


def test_both_languages_have_the_same_keys_in_the_same_order() -> None:
    assert list(DANISH) == list(ENGLISH)


def test_both_languages_have_the_same_placeholders() -> None:
    assert [key for key in DANISH if placeholders(DANISH[key]) != placeholders(ENGLISH[key])] == []


def test_every_text_is_said_somewhere() -> None:
    literals, patterns = said()

    def is_said(key: str) -> bool:
        """By its whole key, by its key within the room, or (of a problem with an answer) by its code."""
        room, _, inner = key.partition(".")
        names = {key, inner, inner.partition(".")[0] if room == "collect" else inner}
        return bool(names & literals) or any(each.fullmatch(name) for each in patterns for name in names)

    assert [key for key in DANISH if not is_said(key)] == []

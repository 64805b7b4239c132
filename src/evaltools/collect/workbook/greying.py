"""Which fields are surely not asked, as a formula that greys them out. Where that cannot be told simply, nothing is.

A cell turns grey only when what is filled in already rules its question out: an empty cell, a word that is not on
the list and a condition that is hard to say in a formula leave it white. The reading decides what was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from evaltools.collect.workbook.layout import Line
from evaltools.language import Language
from evaltools.schema.tree import Answer, Call, Constant, Tree

LONGEST: Final = 4000
"""Characters of a formula. Excel takes 8,192 and gets slow before that."""
DEEPEST: Final = 3
"""Questions that depend on questions that depend on questions."""

_OPPOSITE: Final = MappingProxyType({"==": "<>", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"})


def ruled_out(line: Line, lines: Mapping[str, Line], cell_of: Callable[[str], str], language: Language) -> str:
    """The formula that is true when the field of a line is surely not asked; nothing where there is none.

    :param lines: all lines with an id, by that id
    :param cell_of: how a formula names the answer cell of such a line
    """
    said = _Saying(lines, cell_of, language).field_is_out(line, DEEPEST)
    return f"={said}" if said and len(said) <= LONGEST else ""


class _Saying:
    """The lines that conditions are about, and the language of the words in their cells."""

    def __init__(self, lines: Mapping[str, Line], cell_of: Callable[[str], str], language: Language) -> None:
        self.lines, self.cell_of, self.language = lines, cell_of, language

    def field_is_out(self, line: Line, depth: int) -> str:
        condition = line.field.ask_if if line.field is not None else None
        return self._is_false(condition, depth) if condition is not None and depth else ""

    def _is_false(self, tree: Tree, depth: int) -> str:
        """When the condition is known to be false, or about something that is not asked."""
        if not isinstance(tree, Call):
            return ""
        parts = [self._is_false(operand, depth) for operand in tree.operands]
        if tree.operator == "and":
            return _joined("OR", [part for part in parts if part])
        if tree.operator in ("or", "any"):
            return _joined("AND", parts) if all(parts) else ""
        return self._comparison(tree, depth)

    def _comparison(self, tree: Call, depth: int) -> str:
        line = self.lines.get(_name(tree))
        if line is None or line.field is None:
            return ""
        own = self._known_otherwise(tree, line) if len(tree.operands) == 2 else ""
        before = self.field_is_out(line, depth - 1)
        return _joined("OR", [part for part in (own, before) if part])

    def _known_otherwise(self, tree: Call, line: Line) -> str:
        operand = tree.operands[1]
        if tree.operator == "in" and isinstance(operand, Call):
            return self._other_choice(line, {_text(each) for each in operand.operands})
        if tree.operator == "==" and not _is_numeric(line):
            return self._other_choice(line, {_text(operand)})
        if tree.operator == "selected":
            return self._not_marked(line, _text(operand))
        if tree.operator in _OPPOSITE and _is_numeric(line) and _is_number(operand):
            cell = self.cell_of(line.id)
            return f"AND(ISNUMBER({cell}),{cell}{_OPPOSITE[tree.operator]}{_text(operand)})"
        return ""

    def _other_choice(self, line: Line, codes: set[str]) -> str:
        """The cell holds one of the other labels of its list."""
        codelist = line.field.item.codelist if line.field else None
        if line.kind != "field" or codelist is None:
            return ""
        others = [category.label.to(self.language) for category in codelist.categories if category.code not in codes]
        cell = self.cell_of(line.id)
        return _joined("OR", [f"{cell}={_quoted(label)}" for label in others if len(label) < 250])

    def _not_marked(self, line: Line, code: str) -> str:
        """The choice is empty while another choice of the same question is marked."""
        own = [each for each in self.lines.values() if each.kind == "choice" and each.field == line.field]
        wanted = [each for each in own if each.category and each.category.code == code]
        if not wanted or len(own) < 2:
            return ""
        marked = [f'{self.cell_of(each.id)}<>""' for each in own if each not in wanted]
        return f'AND({self.cell_of(wanted[0].id)}="",{_joined("OR", marked)})'


def _is_numeric(line: Line) -> bool:
    return (
        line.kind == "field" and line.field is not None and line.field.kind in ("integer", "decimal", "count", "year")
    )


def _name(tree: Call) -> str:
    first = tree.operands[0] if tree.operands else None
    return first.name if isinstance(first, Answer) else ""


def _text(tree: Tree) -> str:
    return str(tree.value) if isinstance(tree, Constant) else ""


def _is_number(tree: Tree) -> bool:
    return isinstance(tree, Constant) and isinstance(tree.value, int | float) and not isinstance(tree.value, bool)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _joined(function: str, parts: list[str]) -> str:
    return f"{function}({','.join(parts)})" if len(parts) > 1 else "".join(parts)

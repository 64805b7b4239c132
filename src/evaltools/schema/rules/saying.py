"""A rule tree in words. What a name means is given by `Named`, so that this knows no questionnaire."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from evaltools.language import Language, Text, number, texts
from evaltools.schema.missing import Missing, missing_kind, missing_label
from evaltools.schema.model import CodeList
from evaltools.schema.rules.operators import ARITHMETIC, COMPARISONS, GROUPS, OPERATORS
from evaltools.schema.rules.walking import names_in, with_leaves
from evaltools.schema.tree import Answer, Call, Constant, Tree

NO_TEXT: Final = Text("", "")


@dataclass(frozen=True, slots=True)
class Named:
    """How a sentence calls a name. `is_plain`: numbers beside it are written without a thousands separator (years).

    A row of a grid has the label of its `row` and the name of its `grid`; the grid is named by itself too, with the
    number of its `rows`. `around` is the key of a phrase around the label, such as "in the previous wave".
    """

    label: Text
    codelist: CodeList | None = None
    is_plain: bool = False
    row: Text = NO_TEXT
    grid: str = ""
    rows: int = 0
    around: str = ""


@dataclass(frozen=True, slots=True)
class Speaker:
    """The language and the meaning of the names."""

    language: Language
    named: Mapping[str, Named]

    def word(self, key: str, **values: str) -> str:
        """A phrase of `language/*/schema.yaml`."""
        return texts(self.language).say(f"schema.rule_{key}", **values)

    def quoted(self, text: Text) -> str:
        """A label as it is quoted in the language."""
        return self.word("quoted", text=text.to(self.language))

    def joined(self, parts: Iterable[str], link: str) -> str:
        """`a, b and c`; `link` is the key of the last separator."""
        *first, last = parts
        return f"{self.word('comma').join(first)}{self.word(link)}{last}" if first else last


def phrase(tree: Tree, speaker: Speaker) -> str:
    """The tree as a clause (a condition) or a noun phrase (a value), without capital and full stop."""
    if isinstance(tree, Constant):
        return _constant(tree, None, speaker)
    if isinstance(tree, Answer):
        return _name(tree.name, speaker)
    say = _PHRASES.get(tree.operator)
    if say is None or not OPERATORS[tree.operator].allows(len(tree.operands)):
        return speaker.word("unknown")
    return say(tree, speaker)


def _name(name: str, speaker: Speaker) -> str:
    named = speaker.named.get(name)
    if named is None:
        return speaker.word("quoted", text=name)
    label = speaker.quoted(named.label)
    return speaker.word(named.around, label=label) if named.around else label


def _constant(tree: Constant, beside: Named | None, speaker: Speaker) -> str:
    """A constant as it reads beside the field it is compared with: a code by its label, a year without a point."""
    value = tree.value
    if value is None or isinstance(value, bool):
        return speaker.word({None: "missing_value", True: "true", False: "false"}[value])
    if isinstance(value, str):
        codelist = beside.codelist if beside else None
        labels = {category.code: category.label for category in codelist.categories} if codelist else {}
        return speaker.quoted(labels.get(value, Text(value, value)))
    if beside is not None and beside.is_plain:
        return str(value)
    decimals = 0 if float(value).is_integer() else len(repr(float(value)).partition(".")[2])
    return number(value, decimals, speaker.language)


def _beside(tree: Tree, speaker: Speaker) -> Named | None:
    """What the other side of a comparison is about."""
    return next((speaker.named[name] for name in names_in(tree) if name in speaker.named), None)


def _operand(tree: Tree, other: Tree, speaker: Speaker) -> str:
    return _constant(tree, _beside(other, speaker), speaker) if isinstance(tree, Constant) else phrase(tree, speaker)


def _comparison(tree: Call, speaker: Speaker) -> str:
    left, right = tree.operands
    words = {"a": _operand(left, right, speaker), "b": _operand(right, left, speaker)}
    return speaker.word(_COMPARED[tree.operator], **words)


def _listed(tree: Call, speaker: Speaker, link: str) -> str:
    """The codes after a field: the members of `in`'s list, or the codes of `selected`."""
    members = tree.operands[1:]
    if tree.operator == "in" and isinstance(members[0], Call):
        members = members[0].operands
    said = [_operand(member, tree.operands[0], speaker) for member in members]
    return speaker.joined(said, link) if said else speaker.word("nothing")


def _membership(tree: Call, speaker: Speaker) -> str:
    key = "in" if tree.operator == "in" else "selected"
    return speaker.word(key, a=phrase(tree.operands[0], speaker), b=_listed(tree, speaker, "or"))


def _not(tree: Call, speaker: Speaker) -> str:
    inner = tree.operands[0]
    if isinstance(inner, Call) and inner.operator in ("in", "selected"):
        key = "not_in" if inner.operator == "in" else "not_selected"
        return speaker.word(key, a=phrase(inner.operands[0], speaker), b=_listed(inner, speaker, "or"))
    if isinstance(inner, Call) and inner.operator == "answered":
        return speaker.word("not_answered", a=phrase(inner.operands[0], speaker))
    return speaker.word("not", a=phrase(inner, speaker))


def _logical(tree: Call, speaker: Speaker) -> str:
    clauses = [_bracketed(part, speaker, part_of=tree.operator) for part in tree.operands]
    return speaker.word(f"{tree.operator}_link").join(clauses)


def _bracketed(tree: Tree, speaker: Speaker, part_of: str) -> str:
    said = phrase(tree, speaker)
    loose = isinstance(tree, Call) and tree.operator in ("and", "or", "if", *GROUPS) and tree.operator != part_of
    return f"({said})" if loose else said


def _answered(tree: Call, speaker: Speaker) -> str:
    return speaker.word("answered", a=phrase(tree.operands[0], speaker))


def _missing(tree: Call, speaker: Speaker) -> str:
    field, kind = tree.operands
    name = kind.value if isinstance(kind, Constant) else None
    if name not in {known.kind for known in Missing}:
        return speaker.word("unknown")
    label = missing_label(missing_kind(name), speaker.language)
    return speaker.word("is_missing", a=phrase(field, speaker), b=speaker.word("quoted", text=label))


def _if(tree: Call, speaker: Speaker) -> str:
    condition, then, other = (_bracketed(operand, speaker, part_of="") for operand in tree.operands)
    return speaker.word("if", condition=condition, then=then, other=other)


def _arithmetic(tree: Call, speaker: Speaker) -> str:
    if len(tree.operands) == 1:
        return speaker.word("negative", a=_grouped(tree.operands[0], speaker, tree.operator))
    left, right = tree.operands
    words = {"a": _grouped(left, speaker, tree.operator), "b": _grouped(right, speaker, f"{tree.operator} right")}
    return speaker.word(_CALCULATED[tree.operator], **words)


def _grouped(tree: Tree, speaker: Speaker, part_of: str) -> str:
    """An operand in brackets where it would read differently without."""
    said = phrase(tree, speaker)
    if not isinstance(tree, Call) or tree.operator not in (*ARITHMETIC, "if"):
        return said
    return said if tree.operator in _UNBRACKETED.get(part_of, ()) else f"({said})"


def _round(tree: Call, speaker: Speaker) -> str:
    digits: Tree = tree.operands[1] if len(tree.operands) > 1 else Constant(0)
    key = "round_whole" if digits == Constant(0) else "round_one" if digits == Constant(1) else "round"
    return speaker.word(key, a=_grouped(tree.operands[0], speaker, "round"), n=phrase(digits, speaker))


def _abs(tree: Call, speaker: Speaker) -> str:
    inner = tree.operands[0]
    if isinstance(inner, Call) and inner.operator == "-" and len(inner.operands) == 2:
        left, right = (phrase(operand, speaker) for operand in inner.operands)
        return speaker.word("difference", a=left, b=right)
    return speaker.word("abs", a=phrase(inner, speaker))


def _group(tree: Call, speaker: Speaker) -> str:
    """A function over many operands; said once for all rows where the operands are the rows of grids."""
    rows = _same_for_rows(tree.operands, speaker)
    if rows is not None:
        pattern, names = rows
        if all(speaker.named[grid].rows == len(names) for grid in names_in(pattern) if grid in speaker.named):
            return speaker.word(f"{tree.operator}_grid", a=phrase(pattern, speaker))
        return speaker.word(f"{tree.operator}_rows", rows=speaker.joined(names, "and"), a=phrase(pattern, speaker))
    if tree.operator in ("sum", "min", "max"):
        said = speaker.joined((phrase(operand, speaker) for operand in tree.operands), "and")
    else:
        said = "; ".join(phrase(operand, speaker) for operand in tree.operands)
    return speaker.word(tree.operator, a=said)


def _same_for_rows(operands: tuple[Tree, ...], speaker: Speaker) -> tuple[Tree, list[str]] | None:
    """The one operand that all are when grids stand for their rows, and the labels of the rows; None if they differ."""

    def grid_for_row(node: Tree) -> Tree | None:
        named = speaker.named.get(node.name) if isinstance(node, Answer) else None
        return Answer(named.grid) if named and named.grid else None

    patterns = {with_leaves(operand, grid_for_row) for operand in operands}
    rows = [_row_label(operand, speaker) for operand in operands]
    if len(operands) < 2 or len(patterns) > 1 or "" in rows:
        return None
    return patterns.pop(), rows


def _row_label(operand: Tree, speaker: Speaker) -> str:
    """The label of the one row that an operand is about; nothing where there is none, or more than one."""
    rows = {named.row for name in names_in(operand) if (named := speaker.named.get(name)) and named.grid}
    return speaker.quoted(rows.pop()) if len(rows) == 1 else ""


_UNBRACKETED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "*": ("*", "/"),
        "/": ("*",),
        "+": ARITHMETIC,
        "+ right": ARITHMETIC,
        "-": ARITHMETIC,
        "- right": ("*", "/"),
    }
)
"""Which calculations need no brackets as the left or right operand of another."""
_COMPARED: Final = MappingProxyType(
    {"==": "equal", "!=": "not_equal", "<": "less", "<=": "at_most", ">": "more", ">=": "at_least"}
)
_CALCULATED: Final = MappingProxyType({"+": "plus", "-": "minus", "*": "times", "/": "divided"})
_PHRASES: Final[Mapping[str, Callable[[Call, Speaker], str]]] = MappingProxyType(
    {
        **dict.fromkeys(COMPARISONS, _comparison),
        **dict.fromkeys(ARITHMETIC, _arithmetic),
        **dict.fromkeys(GROUPS, _group),
        "and": _logical,
        "or": _logical,
        "not": _not,
        "in": _membership,
        "selected": _membership,
        "answered": _answered,
        "missing": _missing,
        "if": _if,
        "round": _round,
        "abs": _abs,
    }
)

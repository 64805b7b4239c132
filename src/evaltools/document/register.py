"""The annex with every number and its source: rows that share most of their source stand together, said once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from evaltools.document.model import RegisterRow

MORE: Final = "…"
SHORTEST_BEGINNING: Final = 24
"""A common beginning of two texts is worth saying once when it has at least so many characters."""

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One number: its id, how it is shown, and what of its source is its own (`…` stands for what is shared)."""

    id: str
    shown: str
    own: Pairs


@dataclass(frozen=True, slots=True)
class RegisterGroup:
    """Numbers in a row that share part of their source; a shared beginning ends with `…`."""

    shared: Pairs
    entries: tuple[RegisterEntry, ...]


def register_groups(rows: Sequence[RegisterRow], used: Mapping[str, Collection[str]]) -> tuple[RegisterGroup, ...]:
    """Put neighbouring rows together as long as they share most of their source.

    Parameters: `rows`; `used`, number id -> the texts it is shown as in the document.

    >>> rows = [RegisterRow(i, {"": "1"}, 1, {"Spm.": "a5", "n": n}) for i, n in (("x", "70"), ("y", "69"))]
    >>> [(group.shared, [entry.own for entry in group.entries]) for group in register_groups(rows, {})]
    [((('Spm.', 'a5'),), [(('n', '70'),), (('n', '69'),)])]
    """
    groups: list[tuple[dict[str, str], list[RegisterRow]]] = []
    for row in rows:
        pairs = {label: text for label, text in row.source.items() if text}
        if groups:
            shared, members = groups[-1]
            common = _common(shared, pairs)
            if _belongs(common, pairs, shared, len(members)):
                groups[-1] = (common, [*members, row])
                continue
        groups.append((pairs, [row]))
    return tuple(_group(shared, members, used) for shared, members in groups)


def _common(shared: Mapping[str, str], pairs: Mapping[str, str]) -> dict[str, str]:
    """What of the shared source the new row has too: whole texts, or their common beginning."""
    common: dict[str, str] = {}
    for label, text in shared.items():
        other = pairs.get(label, "")
        if text == other:
            common[label] = text
        elif beginning := _beginning(text.removesuffix(MORE), other):
            common[label] = beginning + MORE
    return common


def _beginning(one: str, other: str) -> str:
    """The common beginning of two texts up to the end of a word, or nothing when it is short.

    >>> _beginning('proportion(d, "b1_stage").row(method="m1")', 'proportion(d, "b1_stage").row(method="m2")')
    'proportion(d, "b1_stage").row('
    """
    shared = "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    end = max(shared.rfind(sign) for sign in " (.,:;")
    return shared[: end + 1] if end + 1 >= SHORTEST_BEGINNING else ""


def _belongs(common: Mapping[str, str], pairs: Mapping[str, str], shared: Mapping[str, str], members: int) -> bool:
    """A row joins when at least half of its source is shared, and the group loses little of what it shared before."""
    size = _size(common)
    return size >= 0.5 * _size(pairs) and (members == 1 or size >= 0.85 * _size(shared))


def _size(pairs: Mapping[str, str]) -> int:
    return sum(len(text) for text in pairs.values())


def _group(shared: Mapping[str, str], members: list[RegisterRow], used: Mapping[str, Collection[str]]) -> RegisterGroup:
    said = shared if len(members) > 1 else {}
    entries = tuple(
        RegisterEntry(row.id, shown_forms(row, used.get(row.id, ())), _own(row.source, said)) for row in members
    )
    return RegisterGroup(tuple(said.items()), entries)


def _own(source: Mapping[str, str], said: Mapping[str, str]) -> Pairs:
    return tuple(
        (label, _rest(text, said.get(label, ""))) for label, text in source.items() if text and text != said.get(label)
    )


def _rest(text: str, said: str) -> str:
    beginning = said.removesuffix(MORE)
    return MORE + text.removeprefix(beginning) if beginning and said.endswith(MORE) else text


def shown_forms(row: RegisterRow, used: Collection[str]) -> str:
    """The texts that a number is shown as in the document, else its usual one.

    >>> row = RegisterRow("x", {"": "57 pct.", "n": "70", "words": "mere end halvdelen"}, 0.57, {})
    >>> shown_forms(row, ["70", "57 pct."]), shown_forms(row, [])
    ('57 pct.; 70', '57 pct.')
    """
    shown = [text for text in dict.fromkeys(row.shown.values()) if text in used]
    return "; ".join(shown) if shown else row.shown.get("", next(iter(row.shown.values()), ""))

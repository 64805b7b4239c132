"""The annex with every number and its source: rows that share most of their source stand together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaltools.document.model import RegisterRow


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One number: its id, how it is shown, and what of its source is its own."""

    id: str
    shown: str
    own: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RegisterGroup:
    """Numbers in a row that share part of their source."""

    shared: tuple[tuple[str, str], ...]
    entries: tuple[RegisterEntry, ...]


def register_groups(rows: Sequence[RegisterRow]) -> tuple[RegisterGroup, ...]:
    """Put neighbouring rows together as long as they share at least half of their source.

    >>> rows = [RegisterRow(i, {"": "1"}, 1, {"Spm.": "a5", "n": n}) for i, n in (("x", "70"), ("y", "69"))]
    >>> [(group.shared, [entry.own for entry in group.entries]) for group in register_groups(rows)]
    [((('Spm.', 'a5'),), [(('n', '70'),), (('n', '69'),)])]
    """
    groups: list[tuple[dict[str, str], list[RegisterRow]]] = []
    for row in rows:
        pairs = {label: text for label, text in row.source.items() if text}
        if groups:
            shared, members = groups[-1]
            common = {label: text for label, text in shared.items() if pairs.get(label) == text}
            if common and 2 * len(common) >= len(pairs):
                groups[-1] = (common, [*members, row])
                continue
        groups.append((pairs, [row]))
    return tuple(_group(shared, members) for shared, members in groups)


def _group(shared: dict[str, str], members: list[RegisterRow]) -> RegisterGroup:
    if len(members) == 1:
        shared = {}
    entries = tuple(
        RegisterEntry(
            row.id,
            shown_forms(row),
            tuple((label, text) for label, text in row.source.items() if text and label not in shared),
        )
        for row in members
    )
    return RegisterGroup(tuple(shared.items()), entries)


def shown_forms(row: RegisterRow) -> str:
    """The texts a number is shown as, the usual one first, each once.

    >>> shown_forms(RegisterRow("x", {"n": "70", "": "57 pct.", "share": "57 pct."}, 0.57, {}))
    '57 pct.; 70'
    """
    texts = [row.shown[""]] if "" in row.shown else []
    return "; ".join(dict.fromkeys([*texts, *row.shown.values()]))

"""The annex with every number and its source: what numbers have in common is said once, above all of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from evaltools.document.model import RegisterRow
from evaltools.language import without_common_start

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One number: its id, how it is shown, what it is (perhaps empty), and the rest of what is its own."""

    id: str
    shown: str
    name: str
    own: Pairs
    row: RegisterRow


@dataclass(frozen=True, slots=True)
class RegisterGroup:
    """The numbers of one source, and what all of them share."""

    shared: Pairs
    entries: tuple[RegisterEntry, ...]


def register_groups(rows: Sequence[RegisterRow], used: Mapping[str, Collection[str]]) -> tuple[RegisterGroup, ...]:
    """Put numbers of the same source together, groups and numbers in the order of their first appearance.

    Parameters: `rows`; `used`, number id -> the texts it is shown as in the document.

    >>> counted = (("x", "70"), ("y", "69"))
    >>> rows = [RegisterRow(i, {"": "1"}, 1, {"Spm.": "a5"}, {"Viser": i, "n": n}) for i, n in counted]
    >>> [(group.shared, [(entry.name, entry.own) for entry in group.entries]) for group in register_groups(rows, {})]
    [((('Spm.', 'a5'),), [('x', (('n', '70'),)), ('y', (('n', '69'),))])]
    """
    by_source: dict[Pairs, list[RegisterRow]] = {}
    for row in rows:
        by_source.setdefault(_filled(row.source), []).append(row)
    return tuple(_group(source, members, used) for source, members in by_source.items())


def _group(source: Pairs, members: list[RegisterRow], used: Mapping[str, Collection[str]]) -> RegisterGroup:
    own = [_filled(row.own) for row in members]
    common = tuple(pair for pair in own[0][1:] if len(members) > 1 and all(pair in pairs for pairs in own))
    names = without_common_start([pairs[0][1] if pairs else "" for pairs in own])
    entries = tuple(
        RegisterEntry(
            row.id,
            shown_forms(row, used.get(row.id, ())),
            name,
            tuple(pair for pair in pairs[1:] if pair not in common),
            row,
        )
        for row, pairs, name in zip(members, own, names, strict=True)
    )
    return RegisterGroup((*source, *common), entries)


def entry_details(entry: RegisterEntry) -> str:
    """What is the number's own, in brackets after it.

    >>> entry_details(RegisterEntry("x", "54 pct.", "Nej", (("n", "74"),), RegisterRow("x", {}, 1, {})))
    ' (Nej, n\u00a074)'
    """
    parts = [*filter(None, [entry.name]), *(f"{label}\u00a0{text}" for label, text in entry.own)]
    return f" ({', '.join(parts)})" if parts else ""


def _filled(pairs: Mapping[str, str]) -> Pairs:
    return tuple((label, text) for label, text in pairs.items() if text)


def shown_forms(row: RegisterRow, used: Collection[str]) -> str:
    """The texts that a number is shown as in the document, else its usual one.

    >>> row = RegisterRow("x", {"": "57 pct.", "n": "70", "words": "mere end halvdelen"}, 0.57, {})
    >>> shown_forms(row, ["70", "57 pct."]), shown_forms(row, [])
    ('57 pct.; 70', '57 pct.')
    """
    shown = [text for text in dict.fromkeys(row.shown.values()) if text in used]
    return "; ".join(shown) if shown else row.shown.get("", next(iter(row.shown.values()), ""))

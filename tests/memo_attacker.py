"""A reader who has every file of a memo, and the answers to hold it against: what can be worked out about hidden cells.

Unknown is how many units of each kind (those alike in region and size) gave each answer, or what their numbers add up
to. Known is how many of each kind answered (who answered is no secret), the public weights, and every number that a
file tells, in full decimals. A number that was read wrongly is noticed, because the true answers would not fit it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from cell_attacker import EXACT, Attacker
from evaltools.estimate import Design, Estimate
from evaltools.estimate.result import Row
from evaltools.estimate.survey.designs.answers import Column
from evaltools.estimate.survey.linearised.silence import item_weights
from evaltools.memo.expressions import evaluate_code
from evaltools.notebook.verbs import recorded_verbs
from evaltools.schema import fields
from evaltools.schema.describing import fields_of
from evaltools.schema.model import Field
from evaltools.store import Snapshot
from memo_cells import (
    KINDS,
    Cell,
    Floats,
    Mask,
    after_designs,
    coordinates_of,
    counted_by,
    denominator_of,
    designs_of,
    entries_of,
    group_of,
    in_group,
    is_closed,
    same_weight,
)
from memo_reader import (
    BookTable,
    Told,
    codebook_tables,
    figures_on_sheet,
    told_by_chapters,
    told_by_page,
    told_by_register,
    told_by_workbook,
)

Sums = dict[Hashable, float]

SUM = "sum"
NONE: Mapping[str, tuple[Sequence[bytes], Collection[str]]] = MappingProxyType({})
_NAMES = {"item", "category", "kind", "variable", "row", "choice", "method", "figure"}
_OTHERS = "any other"
_PAGE = ("on a page", "beyond it")
_HIDDEN = "vises ikke"


@dataclass
class Findings:
    """How many numbers were read, and what can be worked out about cells that may not be told or are hidden."""

    equations: int = 0
    hidden: int = 0
    unsafe: int = 0
    recovered: list[str] = field(default_factory=list)
    close: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    narrowest: float = np.inf


class Reader:
    """Learns from the files of one memo, and then solves for what they hide."""

    def __init__(self, snapshot: Snapshot, published: Mapping[str, object], kinds: tuple[str, ...] = KINDS) -> None:
        self.verbs = recorded_verbs(snapshot, published)
        self.kinds = kinds
        self.memo: dict[str, object] = {}
        self.attacker = Attacker()
        self.started: set[Hashable] = set()
        self.learnt: set[Hashable] = set()
        self.split: set[Hashable] = set()
        self.groups: dict[tuple[str, str], Mask] = {}
        self.alike: dict[str, npt.NDArray[np.str_]] = {}
        self.targets: dict[str, Cell] = {}
        self.told: dict[str, bool] = {}
        self.asked: set[str] = set()
        self.unread: set[str] = set()

    def design(self, code: str) -> Design:
        made = evaluate_code(code, self.verbs, self.memo)
        assert isinstance(made, Design)
        return made

    def reads(self, numbers: Iterable[Told]) -> None:
        """Learn the numbers that a file tells, and note the cells that it hides or asks for."""
        for told in numbers:
            if "load(" not in told.call or not told.lookup:
                continue
            estimate = evaluate_code(told.call, self.verbs, self.memo)
            if isinstance(estimate, Estimate):
                self._reads_number(told, estimate)
                self._asks(told.call, estimate)

    def _reads_number(self, told: Told, estimate: Estimate) -> None:
        row = estimate.row(**coordinates_of(told.lookup))
        designs = designs_of(told.call)
        if not self._is_read(designs, row):
            self._reads_change(told, estimate, row, designs)
            return
        cell = self._cell(designs[0], row, told.call)
        self._target(cell, shown=told.value is not None)
        key = (told.call, told.lookup, None if told.value is None else round(told.value, 6), told.count)
        if told.value is None or key in self.learnt:
            return
        self.learnt.add(key)
        value = told.value / 100 if told.lookup.endswith(".percent") else told.value
        getattr(self, f"_learns_{estimate.measure}")(self.design(designs[0]), cell, value, told)

    def _learns_share(self, design: Design, cell: Cell, value: float, told: Told) -> None:
        weights = np.ones(len(cell.rows)) if design.weighting == "none" else self._weights(design, cell)
        self._knows(cell, weights, value * float(weights[cell.rows].sum()))
        if told.count is not None:
            self._knows(cell, np.ones(len(cell.rows)), float(told.count))

    def _learns_count(self, design: Design, cell: Cell, value: float, told: Told) -> None:
        self._learns_share(design, cell, value, told)

    def _learns_total(self, design: Design, cell: Cell, value: float, _: Told) -> None:
        self._knows(cell, self._weights(design, cell), value)

    def _learns_mean(self, design: Design, cell: Cell, value: float, _: Told) -> None:
        weights = self._weights(design, cell)
        self._knows(cell, weights, value * float(weights[cell.rows].sum()))

    def _learns_ratio(self, design: Design, cell: Cell, value: float, told: Told) -> None:
        below = design.answers.column(denominator_of(told.call))
        rows = cell.rows & below.valid
        settled = rows | cell.column.outside | below.outside
        weights = item_weights(design, settled)
        part = {True: "with", False: "without"}
        for column in (cell.column, below):
            whole = self._of(design, column, (), column.valid & group_of(design, cell), cell.name)
            for atom, inside in self._atoms(design, whole.rows).items():
                both = self._name(whole, SUM, atom, f"{part[True]} {told.call}")
                rest = self._name(whole, SUM, atom, f"{part[False]} {told.call}")
                own = {both: 1.0, rest: 1.0} if (inside & ~rows).any() else {both: 1.0}
                self.attacker.knows({**own, self._name(whole, SUM, atom): -1.0}, 0.0)
        terms: Sums = {}
        true = 0.0
        for column, factor in ((cell.column, 1.0), (below, -value)):
            own_cell = self._of(design, column, (), rows, cell.name)
            assert column.numbers is not None
            for atom, inside in self._atoms(design, rows).items():
                weight = same_weight(weights[inside]) * factor
                terms[self._name(own_cell, SUM, atom, f"with {told.call}")] = weight
                true += weight * float(column.numbers[inside].sum())
        assert abs(true) < 1e-6 * (1 + abs(value)) * float(weights.sum()), told
        self.attacker.knows(terms, 0.0)

    def _reads_change(self, told: Told, estimate: Estimate, row: Row, designs: list[str]) -> None:
        if told.value is None or estimate.measure != "difference":
            self.unread.add(told.call)
            return
        terms: Sums = {}
        for sign, code in zip((-1.0, 1.0), designs, strict=True):
            share = evaluate_code(f"proportion({code}{after_designs(told.call)})", self.verbs, self.memo)
            assert isinstance(share, Estimate)
            own = share.row(**coordinates_of(told.lookup))
            cell = self._cell(code, own, told.call)
            self._start(cell, self.design(code))
            for name, weight in self._terms(cell, np.ones(len(cell.rows)), self.design(code)).items():
                terms[name] = sign * weight / float(cell.rows.sum())
        self.attacker.knows(terms, told.value / 100)

    def reads_codebook(self, tables: Iterable[BookTable]) -> None:
        """Learn the counts and sums of a codebook, and note what it hides."""
        for table in tables:
            if not table.caption.endswith(": svar"):
                continue
            survey, _, wave = table.wave.rpartition("-")
            design = self.design(f"design(load('{survey}/{wave}'))")
            questionnaire = design.answers.questionnaire
            assert questionnaire is not None
            item = next(each for each in questionnaire.items if each.name == table.item)
            asked = [each for each in fields_of(item, questionnaire) if each.kind != "note"]
            for found, label, shown in entries_of(table, asked):
                self._reads_entry(design, found, label, shown)

    def reads_sheets(self, wave: str, sheets: Iterable[bytes], counted: Collection[str]) -> None:
        """Learn what comparison pages tell of the units that they count, which are known.

        Who is not counted is a group of which nothing may follow where it is small: the memo, less the pages.
        """
        design = self.design(f"design(load('{wave}'))")
        inside = design.answers.frame["unit"].isin(counted).to_numpy()
        questionnaire = design.answers.questionnaire
        assert questionnaire is not None
        by_label = {each.label.da: each for each in fields(questionnaire) if each.kind in ("single", "multiple")}
        for line in {line for content in sheets for line in figures_on_sheet(content)}:
            question, groups, answer, told = line
            named = counted_by(design, by_label[question], answer)
            assert named is not None
            column = design.answers.column(named[0])
            for group, text in zip(groups, told, strict=True):
                rows = design.mask & column.valid & self._group(design, group)
                name = f"sheets {wave} {column.name} {named[1]} {group}"
                if text[:1].isdigit():
                    self._splits(design, self._of(design, column, named[1], rows, name), inside, _first(text))

    def _group(self, design: Design, called: str) -> Mask:
        key = (design.code, called)
        if key not in self.groups:
            self.groups[key] = in_group(design, called)
        return self.groups[key]

    def _splits(self, design: Design, cell: Cell, counted: Mask, told: float) -> None:
        """What a page counts, and what is beyond it."""
        self._start(cell, design)
        terms: Sums = {}
        for atom, rows in self._atoms(design, cell.column.valid & design.mask).items():
            for code in cell.codes:
                self._splits_kind(self._names(cell, code, atom), rows & counted, rows & ~counted)
                if (rows & cell.rows).any():
                    terms[self._name(cell, code, atom, _PAGE[0])] = 1.0
        assert abs(float((cell.values() * counted).sum()) - told) < EXACT, cell.name
        self.attacker.knows(terms, told)
        few = replace(cell, rows=cell.rows & ~counted, name=f"{cell.name}, beyond the page", part=_PAGE[1])
        if _key(cell) in self.told:  # where nothing else tells of the group, nothing can be taken from the page
            self._target(few, shown=None)

    def _splits_kind(self, names: tuple[Hashable, Hashable, Hashable], on_page: Mask, beyond: Mask) -> None:
        """How many of a kind gave an answer is the sum of those on the page and those beyond it."""
        whole, *parts = names
        if whole in self.split:
            return
        self.split.add(whole)
        self.attacker.knows({whole: -1.0, **dict.fromkeys(parts, 1.0)}, 0.0)
        for part, among in zip(parts, (on_page, beyond), strict=True):
            self.attacker.knows_most(part, float(among.sum()))

    def _reads_entry(self, design: Design, found: Field, label: str, shown: str) -> None:
        counted = counted_by(design, found, label)
        if counted is None:
            return
        column = design.answers.column(counted[0])
        name = f"codebook {design.answers.survey} {found.name} {label}"
        cell = self._of(design, column, counted[1], column.valid & design.mask, name)
        self._target(cell, shown=shown != _HIDDEN)
        if shown == _HIDDEN:
            return
        value = float(shown.replace(".", "").replace(",", "."))
        if label == "Gennemsnit":
            n = float(cell.rows.sum())
            self._knows_about(cell, (value - 0.05001) * n, 0.10002 * n)
        else:
            self._knows(cell, np.ones(len(cell.rows)), value)

    def _knows_about(self, cell: Cell, least: float, room: float) -> None:
        """That a sum is at least so much, and at most some room more."""
        design = self._whole(cell)
        self._start(cell, design)
        terms = self._terms(cell, np.ones(len(cell.rows)), design)
        above, below = ("above", cell.name), ("below", cell.name)
        self.attacker.knows({**terms, above: -1.0}, least)
        self.attacker.knows({above: 1.0, below: 1.0}, room)

    def _asks(self, call: str, estimate: Estimate) -> None:
        designs = designs_of(call)
        for row in estimate.rows if call not in self.asked else ():
            if self._is_read(designs, row):
                self._target(self._cell(designs[0], row, call), shown=None)
        self.asked.add(call)

    def _is_read(self, designs: list[str], row: Row) -> bool:
        """Whether the row counts a column of the data; numbers of missing answers are known to whoever knows `n`."""
        if len(designs) != 1 or "design(" not in designs[0]:
            return False
        return row.counted[0] in self.design(designs[0]).answers.frame.columns

    def _cell(self, code: str, row: Row, call: str) -> Cell:
        design = self.design(code)
        column = design.answers.column(row.counted[0])
        inside = design.mask & column.valid
        for name, value in row.coordinates:
            if name not in _NAMES:
                inside = inside & (design.answers.frame[name].astype(str) == value).to_numpy()
        codes = tuple(sorted(row.counted[1]))
        group = ", ".join(f"{name}={value}" for name, value in row.coordinates)
        return self._of(design, column, codes, inside, f"{call} | {group}")

    def _of(self, design: Design, column: Column, codes: tuple[str, ...], rows: Mask, name: str) -> Cell:
        questionnaire = design.answers.questionnaire
        assert questionnaire is not None
        return Cell(questionnaire.id, column, codes, rows, name, not questionnaire.many_records)

    def _target(self, cell: Cell, *, shown: bool | None) -> None:
        """Note a cell. shown : None where it is only asked for, perhaps in another row of the same table."""
        key = _key(cell)
        self.targets.setdefault(key, cell)
        if shown is not None:
            self.told[key] = self.told.get(key, False) or shown

    def _weights(self, design: Design, cell: Cell) -> Floats:
        if design.weighting == "none":
            return np.ones(len(cell.rows))
        return item_weights(design, cell.column.valid | cell.column.outside)

    def _knows(self, cell: Cell, weights: Floats, value: float) -> None:
        design = self._whole(cell)
        self._start(cell, design)
        true = float((weights * cell.values()).sum())
        assert abs(true - value) < 1e-6 * (1 + abs(true)), f"{cell.name}: told {value}, is {true}"
        self.attacker.knows(self._terms(cell, weights, design), value)

    def _terms(self, cell: Cell, weights: Floats, design: Design) -> Sums:
        terms: Sums = {}
        for atom, inside in self._atoms(design, cell.rows).items():
            for code in cell.codes or (SUM,):
                terms[self._name(cell, code, atom, cell.part)] = same_weight(weights[inside])
        return terms

    def _start(self, cell: Cell, design: Design) -> None:
        """All answers of a kind of unit add up to how many answered."""
        if (cell.wave, cell.column.name) in self.started or not cell.codes:
            return
        self.started.add((cell.wave, cell.column.name))
        for atom, inside in self._atoms(design, cell.column.valid & design.mask).items():
            codes = [*cell.column.categories, *([] if is_closed(cell.column) else [_OTHERS])]
            self.attacker.knows({self._name(cell, code, atom): 1.0 for code in codes}, float(inside.sum()))

    def _atoms(self, design: Design, rows: Mask) -> dict[str, Mask]:
        if design.code not in self.alike:
            frame = design.answers.frame
            names = [name for name in self.kinds if name in frame.columns]
            self.alike[design.code] = (
                frame[names].astype(str).agg(" / ".join, axis=1).to_numpy() if names else np.full(len(frame), "")
            )
        kinds = self.alike[design.code]
        return {kind: rows & (kinds == kind) for kind in np.unique(kinds[rows]).tolist()}

    def _name(self, cell: Cell, code: str, atom: str, part: str = "") -> Hashable:
        return cell.wave, cell.column.name, code, atom, part

    def _names(self, cell: Cell, code: str, atom: str) -> tuple[Hashable, Hashable, Hashable]:
        on_page, beyond = _PAGE
        return self._name(cell, code, atom), self._name(cell, code, atom, on_page), self._name(cell, code, atom, beyond)

    def findings(self) -> Findings:
        """Solve for every cell that is hidden, or that may not be told."""
        for cell in self.targets.values():
            self._start(cell, self._whole(cell))
        found = Findings(equations=len(self.attacker.equations))
        for key, cell in self.targets.items():
            needed = self._needed(cell)
            hidden = self.told.get(key) is False
            found.unsafe += needed > 0
            found.hidden += hidden
            if needed > 0 and self.told.get(key):
                found.shown.append(cell.name)
            elif needed > 0 or hidden:
                self._solve(cell, needed, found)
        return found

    def learns_what_only_protects(self) -> None:
        """Learn the hidden cells that might be told by themselves, as if only the unsafe ones had been hidden."""
        for key, cell in self.targets.items():
            if self.told.get(key) is False and not self._needed(cell):
                self._knows(cell, np.ones(len(cell.rows)), float(cell.values().sum()))
                self.told[key] = True

    def _needed(self, cell: Cell) -> float:
        return cell.needed(self._whole(cell).answers.frame["unit"].to_numpy(dtype=str))

    def _whole(self, cell: Cell) -> Design:
        return self.design(f"design(load('{cell.wave}'))")

    def _solve(self, cell: Cell, needed: float, found: Findings) -> None:
        low, high = self.attacker.range_of(self._terms(cell, np.ones(len(cell.rows)), self._whole(cell)))
        if high - low < EXACT:
            found.recovered.append(f"{cell.name}: {low:g}")
        elif high - low < needed - EXACT:
            found.close.append(f"{cell.name}: {low:g} to {high:g}, {needed:g} must stay open")
        if needed:
            found.narrowest = min(found.narrowest, (high - low) / needed)


def _key(cell: Cell) -> str:
    return f"{cell.wave} {cell.column.name} {cell.codes} {cell.part} {hash(cell.rows.tobytes())}"


def _first(counts: str) -> float:
    return float(counts.split(maxsplit=1)[0].replace(".", ""))


def solved(
    snapshot: Snapshot,
    out: Path,
    sheets: Mapping[str, tuple[Sequence[bytes], Collection[str]]] = NONE,
    *,
    bare: bool = False,
) -> Findings:
    """What follows from all files of a memo.

    sheets : by wave, the comparison pages and the units that these count. bare : with all known that is hidden only to protect others, as if nothing but the unsafe cells had been hidden.
    """
    register = json.loads((out / "notat.json").read_text("utf-8"))
    reader = Reader(snapshot, register["meta"]["published"])
    reader.reads(told_by_workbook(out / "notat.xlsx"))
    reader.reads(told_by_page(out / "notat.html"))
    reader.reads(told_by_chapters(out / "chapters"))
    reader.reads(told_by_register(out / "notat.json"))
    reader.reads_codebook(codebook_tables(out / "codebook" / "index.html"))
    for wave, (contents, counted) in sheets.items():
        reader.reads_sheets(wave, contents, counted)
    if bare:
        reader.learns_what_only_protects()
    return reader.findings()

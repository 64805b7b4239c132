"""From an item as written to an `Item` without its conditions, and the list of conditions still to compile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from evaltools.errors import Fault
from evaltools.schema.codelists import BoundCodeList
from evaltools.schema.expand import Setting
from evaltools.schema.missing import missing_kind
from evaltools.schema.model import CodeList, Item, Measure, Row
from evaltools.schema.reading import Place
from evaltools.schema.source import ComputedItem, GridItem, ItemSource, RepeatItem

Slot = Literal["ask_if", "value", "row", "section", "rule"]

INTERVAL: Final = ("year", "month", "date")
MOST_TURNS: Final = 30
RATIO: Final = ("integer", "decimal", "count", "computed")


@dataclass(frozen=True)
class Pending:
    """A condition or value still to compile. `key` is the row for slot `row`."""

    item: str
    slot: Slot
    text: str
    where: str
    setting: Setting
    key: str = ""


@dataclass(frozen=True)
class Draft:
    """An item without conditions. `known` is its code list with the codes that are not offered in this wave."""

    item: Item
    place: Place
    pending: tuple[Pending, ...]
    known: CodeList | None = None
    inner: tuple[Draft, ...] = ()


def draft_item(source: ItemSource, place: Place, setting: Setting, section: str) -> Draft:
    """The item with its texts, code lists and limits; what is wrong goes to the setting's list of faults."""
    return _Drafter(source, place, setting, section).draft()


class _Drafter:
    def __init__(self, source: ItemSource, place: Place, setting: Setting, section: str) -> None:
        self.source, self.place, self.setting, self.section = source, place, setting, section
        self.wording = setting.wording

    def draft(self) -> Draft:
        bound = self._codelist()
        rows = self._rows()
        inner = tuple(self._inner())
        offered = bound.offered if bound else None
        item = Item(
            name=self.source.name,
            kind=self.source.type,
            section=self.section,
            **self._texts(),
            **self._limits(),
            codelist=offered,
            rows=rows,
            cell=self._said("cell", "single"),
            decimals=self._said("decimals", 0),
            missing=tuple(missing_kind(name) for name in self._said("missing", ())),
            required=self._said("required", default=False),
            items=tuple(draft.item for draft in inner),
            concept=self.source.concept or "",
            measure=self._measure(offered),
            confidentiality=self.source.confidentiality,
            reference=self._said("reference", None) or "",
            module=self.setting.module,
            where=self.place.at(),
        )
        return Draft(item, self.place, tuple(self._pending(rows)), bound.known if bound else None, inner)

    def _said(self, key: str, default: Any) -> Any:
        return getattr(self.source, key, default)

    def _texts(self) -> dict[str, Any]:
        text = self.wording.text(self.source.text, self.place.down("text"))
        optional = {
            key: self.wording.optional(self._said(key, None), self.place.down(key))
            for key in ("label", "heading", "instruction", "universe", "unit")
        }
        return {"text": text, **optional, "label": optional["label"] or text}

    def _limits(self) -> dict[str, Any]:
        choices = self._number("max_choices")
        length = self._number("max_length")
        return {
            "minimum": self._number("min"),
            "maximum": self._number("max"),
            "max_choices": None if choices is None else int(choices),
            "max_length": 1000 if length is None else int(length),
            "repeat_max": self._turns(),
        }

    def _turns(self) -> int:
        turns = self._number("repeat")
        if turns is not None and not 1 <= turns <= MOST_TURNS:
            problem = f"the items are repeated {turns} times; 1 to {MOST_TURNS} are allowed"
            self._fault("REPEAT_LIMIT", "repeat", problem, "Make it a survey with records: many.")
            return 1
        return 1 if turns is None else int(turns)

    def _number(self, key: str) -> float | None:
        written = self._said(key, None)
        return None if written is None else self.wording.number(written, self.place.down(key))

    def _codelist(self) -> BoundCodeList | None:
        written = self._said("codes", None)
        choice = self._said("cell", self.source.type) in ("single", "multiple")
        if written is None:
            if choice and isinstance(self.source, GridItem):
                self._fault("MISSING_KEY", "name", 'the key "codes" is missing', 'Add "codes: ...".')
            return None
        if not choice:
            problem = f'"codes" does not belong to a grid of {self._said("cell", "")} cells'
            self._fault("UNKNOWN_KEY", "codes", problem, "Delete it.")
        return self._bound("codes", written)

    def _bound(self, key: str, written: str) -> BoundCodeList | None:
        place = self.place.down(key)
        name = self.setting.codelist_name(written, place)
        return self.setting.shelf.bind(name, place) if name else None

    def _rows(self) -> tuple[Row, ...]:
        written = self._said("rows", None)
        bound = self._bound("rows", written) if written is not None else None
        return tuple(Row(each.code, each.label) for each in bound.offered.categories) if bound else ()

    def _inner(self) -> Iterator[Draft]:
        if not isinstance(self.source, RepeatItem):
            return
        for n, source in enumerate(self.source.items):
            place = self.place.down("items", n)
            if isinstance(source, RepeatItem):
                problem = "a repeat stands inside a repeat"
                fault = Fault("NESTED_REPEAT", place.at(), problem, "Make it a survey with many records.")
                self.wording.faults.append(fault)
            if source.heading is not None:
                problem = '"heading" does not belong to an item inside a repeat'
                self.wording.faults.append(Fault("UNKNOWN_KEY", place.at("heading"), problem, "Delete it."))
            yield draft_item(source, place, self.setting, self.section)

    def _measure(self, codelist: CodeList | None) -> Measure:
        said: Measure | None = self._said("measure", None)
        kind = self._said("cell", self.source.type)
        if said is not None:
            return said
        if kind in RATIO:
            return "ratio"
        if kind in INTERVAL:
            return "interval"
        return "ordinal" if kind == "single" and codelist is not None and codelist.ordered else "nominal"

    def _pending(self, rows: tuple[Row, ...]) -> Iterator[Pending]:
        name = self.source.name
        if self.source.ask_if:
            yield Pending(name, "ask_if", self.source.ask_if, self.place.at("ask_if"), self.setting)
        if isinstance(self.source, ComputedItem):
            yield Pending(name, "value", self.source.value, self.place.at("value"), self.setting)
        written = self._said("row_if", None)
        for row in rows if written else ():
            text = written.replace("{row}", row.name)
            yield Pending(name, "row", text, self.place.at("row_if"), self.setting, row.name)

    def _fault(self, code: str, key: str, problem: str, remedy: str) -> None:
        self.wording.faults.append(Fault(code, self.place.at(key), problem, remedy))

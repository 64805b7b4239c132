"""Two waves side by side: which items can be followed over time, and what has become of the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from evaltools.language import Text
from evaltools.schema.fields import both, section_of
from evaltools.schema.model import CodeList, Item, Questionnaire
from evaltools.schema.tree import Tree

Change = Literal["unchanged", "reworded", "extended", "incompatible", "added", "removed"]

ORDER: Final[tuple[Change, ...]] = ("unchanged", "reworded", "extended", "incompatible")
"""From harmless to grave: an item's change is the gravest of its differences."""
FIXED: Final = (
    ("kind", "the type"),
    ("cell", "the cells"),
    ("measure", "the measure level"),
    ("decimals", "the decimals"),
    ("value", "the way it is worked out"),
    ("confidentiality", "the confidentiality"),
)
WORDED: Final = (("text", "the question"), ("label", "the label"), ("instruction", "the instruction"))


@dataclass(frozen=True, slots=True)
class ItemChange:
    """What happened to one item between two waves. `differences` says it in English, one sentence part each."""

    name: str
    change: Change
    differences: tuple[str, ...] = ()
    where: str = ""


@dataclass(frozen=True, slots=True)
class _Difference:
    change: Change
    words: str


def compare_waves(earlier: Questionnaire, later: Questionnaire) -> tuple[ItemChange, ...]:
    """Every item of both waves, in the order of the later wave; items that are gone stand last.

    - `unchanged`: nothing but the years that are filled in
    - `reworded`: other words or tighter limits, and an answer still means the same; also new words of the law
    - `extended`: new codes, rows, kinds of missing or wider limits; the old answers are all still there
    - `incompatible`: another type or unit, codes or rows gone, asked of others: not one series
    """
    changes = [_change(item, earlier, later) for item in later.items]
    gone = [item for item in earlier.items if item.name not in later.item_by_name]
    return (*changes, *(ItemChange(item.name, "removed", (), item.where) for item in gone))


def _change(item: Item, earlier: Questionnaire, later: Questionnaire) -> ItemChange:
    before = earlier.item_by_name.get(item.name)
    if before is None:
        return ItemChange(item.name, "added", (), item.where)
    found = tuple(_differences(before, item, earlier, later))
    gravest: Change = max((each.change for each in found), key=ORDER.index, default="unchanged")
    return ItemChange(item.name, gravest, tuple(each.words for each in found), item.where)


def _differences(before: Item, now: Item, earlier: Questionnaire, later: Questionnaire) -> Iterator[_Difference]:
    for key, words in FIXED:
        if getattr(before, key) != getattr(now, key):
            yield _Difference("incompatible", f"{words} changed")
    if (before.unit is None) != (now.unit is None) or _worded(before.unit, now.unit, earlier, later):
        yield _Difference("incompatible", "the unit changed")
    if _routing(before, earlier) != _routing(now, later):
        yield _Difference("incompatible", "it is asked of others")
    for key, words in WORDED:
        if _worded(getattr(before, key), getattr(now, key), earlier, later):
            yield _Difference("reworded", f"{words} is worded otherwise")
    yield from _categories(before.codelist, now.codelist, earlier, later)
    yield from _rows(before, now, earlier, later)
    yield from _limits(before, now, earlier, later)
    yield from _sets("kind of missing", [kind.kind for kind in before.missing], [kind.kind for kind in now.missing])
    yield from _inner(before, now, earlier, later)


def _worded(before: Text | None, now: Text | None, earlier: Questionnaire, later: Questionnaire) -> bool:
    return _without_years(before, earlier) != _without_years(now, later)


def _without_years(text: Text | None, wave: Questionnaire) -> Text | None:
    """The text before the years of its wave were filled in."""
    if text is None:
        return None
    years = ((str(wave.reference_year), "{ref_year}"), (str(wave.answer_year), "{answer_year}"))
    da, en = text.da, text.en
    for year, name in years:
        da, en = da.replace(year, name), en.replace(year, name)
    return Text(da, en)


def _routing(item: Item, wave: Questionnaire) -> tuple[Tree | None, ...]:
    whole = both(section_of(wave, item).ask_if, item.ask_if)
    return (whole, *(row.ask_if for row in item.rows[:1]))


def _categories(
    before: CodeList | None, now: CodeList | None, earlier: Questionnaire, later: Questionnaire
) -> Iterator[_Difference]:
    if before is None or now is None:
        if before is not now:
            yield _Difference("incompatible", "the code list changed")
        return
    yield from _sets("code", before.codes, now.codes)
    if before.ordered != now.ordered or _order(before.codes, now.codes) != _order(now.codes, before.codes):
        yield _Difference("incompatible" if now.ordered or before.ordered else "reworded", "the codes stand otherwise")
    for category in now.categories:
        if category.code in before.codes:
            old = before.category(category.code)
            if _worded(old.label, category.label, earlier, later):
                yield _Difference("reworded", f"code {category.code} is worded otherwise")
            if (old.exclusive, old.write_in) != (category.exclusive, category.write_in):
                yield _Difference("extended", f"code {category.code} is chosen otherwise")


def _order(codes: tuple[str, ...], among: tuple[str, ...]) -> list[str]:
    return [code for code in codes if code in among]


def _rows(before: Item, now: Item, earlier: Questionnaire, later: Questionnaire) -> Iterator[_Difference]:
    labels = {row.name: row.label for row in before.rows}
    yield from _sets("row", list(labels), [row.name for row in now.rows])
    for row in now.rows:
        if row.name in labels and _worded(labels[row.name], row.label, earlier, later):
            yield _Difference("reworded", f"row {row.name} is worded otherwise")


def _limits(before: Item, now: Item, earlier: Questionnaire, later: Questionnaire) -> Iterator[_Difference]:
    for key, sign in (("minimum", -1), ("maximum", 1), ("max_choices", 1), ("max_length", 1), ("repeat_max", 1)):
        old, new = getattr(before, key), getattr(now, key)
        if old == new or (old is not None and _year_called(old, earlier) == _year_called(new, later) != ""):
            continue
        wider = new is None or (old is not None and sign * (new - old) > 0)
        words = f"the {key} is {'wider' if wider else 'narrower'}"
        yield _Difference("extended" if wider else "reworded", words)


def _year_called(limit: float | None, wave: Questionnaire) -> str:
    """Which of the wave's own years a limit is: the same one is the same limit in every wave."""
    if limit is None:
        return ""
    return {wave.reference_year: "reference_year", wave.answer_year: "answer_year"}.get(int(limit), "")


def _sets(word: str, before: tuple[str, ...] | list[str], now: tuple[str, ...] | list[str]) -> Iterator[_Difference]:
    gone = [name for name in before if name not in now]
    new = [name for name in now if name not in before]
    if gone:
        yield _Difference("incompatible", f"{word} {', '.join(gone)} is gone")
    if new:
        yield _Difference("extended", f"{word} {', '.join(new)} is new")


def _inner(before: Item, now: Item, earlier: Questionnaire, later: Questionnaire) -> Iterator[_Difference]:
    old = {item.name: item for item in before.items}
    yield from _sets("item", list(old), [item.name for item in now.items])
    for item in now.items:
        if item.name in old:
            for each in _differences(old[item.name], item, earlier, later):
                yield _Difference(each.change, f"{item.name}: {each.words}")

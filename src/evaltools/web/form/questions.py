"""The items of a section made into questions: single controls, grids, repeats, notes and running sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from evaltools.collect.limits import shown_number
from evaltools.language import Text, listed
from evaltools.schema import evaluate, numbering, rule_sentence
from evaltools.schema.fields import both, item_fields
from evaltools.schema.model import Field, Item, Questionnaire, Section
from evaltools.web.form.controls import Drawing, control
from evaltools.web.form.desk import fields_by_name
from evaltools.web.form.model import Layout, Question, Sum, Turn

MOST_COLUMNS: Final = 9
"""A grid with more categories lies as a list per row."""


def question(item: Item, drawing: Drawing, *, turns: int) -> Question:
    """One item as it lies on the page. turns: how many turns of a repeat are shown at least."""
    heading = item.heading.to(drawing.desk.language) if item.heading else ""
    return replace(_without_heading(item, drawing, turns=turns), heading=heading)


def _without_heading(item: Item, drawing: Drawing, *, turns: int) -> Question:
    if item.kind == "note":
        return _note(item, drawing)
    if item.kind == "repeat":
        return _repeat(item, drawing, turns=turns)
    return _plain(item, drawing, prefix="", number=_number(item.name, drawing))


def _plain(item: Item, drawing: Drawing, *, prefix: str, number: str) -> Question:
    own = tuple(each for each in _fields(item, drawing, prefix) if each.part == "")
    language = drawing.desk.language
    controls = tuple(control(each, drawing, label=each.row.label.to(language) if each.row else "") for each in own)
    hints = tuple(_hints(item, drawing))
    layout: Layout = "field"
    columns: tuple[str, ...] = ()
    if item.kind == "grid":
        hints += controls[0].hints
        controls = tuple(replace(each, hints=()) for each in controls)
        layout = "matrix" if _is_matrix(item) else "rows"
        columns = tuple(choice.label for choice in controls[0].choices) if layout == "matrix" else ()
    return Question(
        name=prefix + item.name,
        text=item.text.to(language),
        layout=layout,
        controls=controls,
        asked=any(each.asked for each in controls),
        number=number,
        hints=hints,
        columns=columns,
        sums=tuple(_sums(own, drawing)),
    )


def _fields(item: Item, drawing: Drawing, prefix: str) -> tuple[Field, ...]:
    by_name = fields_by_name(drawing.desk.questionnaire)
    return tuple(by_name[prefix + each.name] for each in item_fields(item))


def _is_matrix(item: Item) -> bool:
    categories = len(item.codelist.categories) + len(item.missing) if item.codelist else 0
    return item.cell == "single" and 0 < categories <= MOST_COLUMNS


def _hints(item: Item, drawing: Drawing) -> Iterator[str]:
    """Who is asked, and the instruction."""
    language = drawing.desk.language
    universe = _own_universes(drawing.desk.questionnaire).get(item.name)
    if universe is not None:
        yield drawing.say("hint.universe", universe=universe.to(language))
    if item.instruction is not None:
        yield item.instruction.to(language)


@lru_cache(maxsize=64)
def _own_universes(questionnaire: Questionnaire) -> Mapping[str, Text]:
    """Who is asked, where the questionnaire says so itself.

    A universe that is only the routing in words tells nothing to whoever has just been asked.
    """
    items = [(section, item) for section in questionnaire.sections for item in section.items]
    return {
        item.name: item.universe
        for section, item in items
        if item.universe is not None and item.universe.da != _routing(questionnaire, section, item)
    }


def _routing(questionnaire: Questionnaire, section: Section, item: Item) -> str:
    condition = both(section.ask_if, item.ask_if)
    return "" if condition is None else rule_sentence(condition, questionnaire, "da")


def _note(item: Item, drawing: Drawing) -> Question:
    is_open = item.ask_if is None or evaluate(item.ask_if, drawing.desk.asking.answers) is True
    return Question(item.name, item.text.to(drawing.desk.language), "note", asked=is_open)


def _repeat(item: Item, drawing: Drawing, *, turns: int) -> Question:
    shown = min(max(turns, _begun(item, drawing), 1), item.repeat_max)
    every = range(1, item.repeat_max + 1)
    is_open = any(_name(item, 1, each) in drawing.asked for inner in item.items for each in item_fields(inner))
    return Question(
        name=item.name,
        text=item.text.to(drawing.desk.language),
        layout="repeat",
        asked=is_open,
        number=_number(item.name, drawing),
        hints=tuple(_hints(item, drawing)),
        turns=tuple(_turn(item, turn, drawing, shown=turn <= shown) for turn in every),
        can_add=shown < item.repeat_max,
    )


def _name(item: Item, turn: int, inner: Field) -> str:
    return f"{item.name}_{turn}_{inner.name}"


def _begun(item: Item, drawing: Drawing) -> int:
    """The last turn of which something is asked: `schema.ask` opens a turn when it, or a later one, is begun."""
    inner = [each for one in item.items for each in item_fields(one)]
    turns = range(1, item.repeat_max + 1)
    return max((turn for turn in turns if any(_name(item, turn, each) in drawing.asked for each in inner)), default=0)


def _turn(item: Item, turn: int, drawing: Drawing, *, shown: bool) -> Turn:
    heading = drawing.say("turn", label=item.label.to(drawing.desk.language), number=turn)
    prefix = f"{item.name}_{turn}_"
    inner = tuple(
        _plain(each, drawing, prefix=prefix, number=_number(f"{item.name}.{each.name}", drawing)) for each in item.items
    )
    return Turn(heading, inner, shown)


def _sums(own: tuple[Field, ...], drawing: Drawing) -> Iterator[Sum]:
    """The running sums of the page whose last part is among these fields."""
    names = {each.name for each in own}
    for each in drawing.sums:
        if each.parts[-1] in names:
            total = evaluate(each.tree, drawing.desk.asking.answers)
            numbers = numbering(drawing.desk.questionnaire).fields
            parts = listed([numbers[name] for name in each.parts], drawing.desk.language)
            shown = shown_number(total, drawing.desk.language) if isinstance(total, int | float) else ""
            yield Sum(each.name, drawing.say("sum", parts=parts), shown)


def _number(item: str, drawing: Drawing) -> str:
    return numbering(drawing.desk.questionnaire).items[item]

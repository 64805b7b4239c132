"""Who is asked what: the one definition of routing, for the form, the data and the count of answer fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from evaltools.schema.fields import fields
from evaltools.schema.missing import Missing
from evaltools.schema.model import ExamplePath, Field, Item, Questionnaire, Value
from evaltools.schema.rules import evaluate


@dataclass(frozen=True, slots=True)
class Asking:
    """`asked`: names of the fields asked; `answers`: what counts, with computed values, closed branches `not_asked`."""

    asked: frozenset[str]
    answers: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class PathCount:
    """How many answer fields an example respondent meets. Computed values and write-ins do not count."""

    name: str
    label: str
    fields: int
    at_most: int | None


def ask(questionnaire: Questionnaire, answers: Mapping[str, Value]) -> Asking:
    """Follow the routing through the questionnaire in order.

    :param answers: by field name, also `ref_...` and `last_...`
    :returns: the fields asked, and the answers that count: an answer in a branch that is closed does not, neither here
        nor in later conditions, where the field is `not_asked`. A condition that cannot be told is missing, and then
        the field is not asked. Later turns of a repeat are asked when they, or turns after them, hold an answer
    """
    own = {field.name for field in fields(questionnaire)}
    unused = frozenset(_unused_turns(questionnaire, answers))
    counting: dict[str, Value] = {name: value for name, value in answers.items() if name not in own}
    asked = set()
    for field in fields(questionnaire):
        if field.name in unused or (field.ask_if is not None and evaluate(field.ask_if, counting) is not True):
            counting[field.name] = Missing.NOT_ASKED
            continue
        asked.add(field.name)
        computed = field.item.value
        value = answers.get(field.name) if computed is None else evaluate(computed, counting)
        if value is not None and value is not Missing.NOT_ASKED:
            counting[field.name] = value
    return Asking(frozenset(asked), counting)


def answered_of(among: Iterable[Field], asking: Asking) -> tuple[int, int]:
    """How many fields have an answer, of how many that wait for one: the one count of how far a response has come.

    "Don't know" is an answer. Computed values and write-ins are not waited for, free text only where it is required.
    """
    waited = [field.name for field in among if field.name in asking.asked and _is_waited_for(field)]
    return sum(not _is_blank(asking.answers.get(name, Missing.NOT_ANSWERED)) for name in waited), len(waited)


def _is_waited_for(field: Field) -> bool:
    is_remark = field.kind in ("text", "email") and not field.item.required
    return field.kind != "computed" and field.part != "text" and not is_remark


def _unused_turns(questionnaire: Questionnaire, answers: Mapping[str, Value]) -> Iterator[str]:
    """The fields of the later turns of a repeat that nobody has begun."""
    for item in questionnaire.items:
        turns = list(range(2, item.repeat_max + 1)) if item.kind == "repeat" else []
        while turns and not _is_begun(item, turns[-1], answers):
            unused = f"{item.name}_{turns.pop()}_"
            yield from (field.name for field in fields(questionnaire) if field.name.startswith(unused))


def _is_begun(item: Item, turn: int, answers: Mapping[str, Value]) -> bool:
    """Whether a turn holds an answer to an item that begins one."""
    prefixes = tuple(f"{item.name}_{turn}_{name}" for name in begun_by(item))
    return any(name.startswith(prefixes) and not _is_blank(value) for name, value in answers.items())


def begun_by(repeat: Item) -> tuple[str, ...]:
    """The inner items whose answers begin a turn: those asked without condition, since others may fall away again."""
    free = tuple(inner.name for inner in repeat.items if inner.ask_if is None)
    return free or tuple(inner.name for inner in repeat.items)


def _is_blank(value: Value) -> bool:
    return value is Missing.NOT_ANSWERED or value is Missing.NOT_ASKED or value in ("", ())


def count_path(questionnaire: Questionnaire, path: ExamplePath) -> PathCount:
    """The number of answer fields that the respondent of an example path meets."""
    asked = ask(questionnaire, path.answers).asked
    met = [each for each in fields(questionnaire) if each.name in asked and each.kind != "computed"]
    return PathCount(path.name, path.label.en, sum(each.part != "text" for each in met), path.at_most)

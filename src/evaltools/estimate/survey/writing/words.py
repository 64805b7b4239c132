"""Words and code around a number: source, method, notes, in the language of the questionnaire."""

from __future__ import annotations

from collections.abc import Sequence

from evaltools.dataset.model import Dataset
from evaltools.estimate.calls import Name, call, literal
from evaltools.estimate.result import Source
from evaltools.estimate.survey.designs.answers import Column
from evaltools.estimate.survey.designs.groups import Groups
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.intervals.interval import Interval
from evaltools.language import noun, texts
from evaltools.schema.model import STRICTEST, Item

__all__ = [
    "STRICTEST",
    "Name",
    "call",
    "literal",
    "method",
    "notes",
    "say",
    "source",
    "source_of_response",
    "unknown",
    "way",
]


def say(design: Design, key: str, **values: object) -> str:
    """A text of this room in the language of the design's data."""
    return texts(design.answers.language).say(f"estimate.{key}", **values)


def source(
    design: Design, function: str, positional: Sequence[object], columns: Sequence[Column], **arguments: object
) -> Source:
    """Where a number comes from. `positional` are the arguments after the design."""
    answers = design.answers
    items = list(
        {column.variable.field.item.name: column.variable.field.item for column in columns if column.variable}.values()
    )
    return Source(
        origin=answers.origin,
        survey=answers.survey,
        question=_question(design, items, columns),
        universe=_universe(design, items),
        weight=_weight(design, function, columns),
        confidentiality=min((item.confidentiality for item in items), key=STRICTEST.index, default="practice"),
        code=call(function, design.code, arguments, *positional),
        unit=answers.questionnaire.counted(answers.language) if answers.questionnaire else "",
        title=answers.questionnaire.titled(answers.language) if answers.questionnaire else "",
        language=answers.language,
    )


def _weight(design: Design, function: str, columns: Sequence[Column]) -> str:
    """How weights were made, and what a total makes of those who left the question open."""
    if function != "total":
        return say(design, f"weight.{design.weighting}")
    if design.by_item:
        return say(design, f"weight.total_{design.weighting}")
    missing = any(unknown(design, column) for column in columns)
    return say(design, f"weight.{design.weighting}") + (say(design, "weight.open_is_zero") if missing else "")


def source_of_response(data: Dataset, code: str) -> Source:
    """Where a number comes from that tells who answered: all units of the frame, unweighted."""
    questionnaire, language = data.questionnaire, data.questionnaire.languages[0]
    say = texts(language).say
    return Source(
        origin=data.origin,
        survey=questionnaire.id,
        question=say("estimate.label.responded"),
        universe=questionnaire.universe.to(language),
        weight=say("estimate.weight.none"),
        confidentiality="practice",
        code=code,
        unit=questionnaire.counted(language),
        title=questionnaire.titled(language),
        language=language,
    )


def _question(design: Design, items: Sequence[Item], columns: Sequence[Column]) -> str:
    if not items:
        return ", ".join(column.name for column in columns)
    language = design.answers.language
    return "; ".join(f"{item.name}: {item.text.to(language)}" for item in items)


def _universe(design: Design, items: Sequence[Item]) -> str:
    """Who the base is. Items asked of different units have all units as their common universe."""
    language, questionnaire = design.answers.language, design.answers.questionnaire
    everyone = questionnaire.universe.to(language) if questionnaire is not None else say(design, "universe.all")
    asked = {everyone if item.universe is None else item.universe.to(language) for item in items}
    base = asked.pop() if len(asked) == 1 else everyone
    inside = say(design, "universe.domain", condition=design.domain_text) if design.domain_text else ""
    if not base.endswith("."):
        return say(design, "universe.answered", base=base) + inside
    counted = noun(questionnaire.counted(language), language) if questionnaire is not None else None
    units = counted.many if counted else say(design, "universe.units")
    condition = base[:1].lower() + base[1:].rstrip(".")
    return say(design, "universe.answered_where", units=units, condition=condition) + inside


def method(design: Design, chosen: Interval) -> str:
    """The method of a share in words."""
    return say(design, f"method.{chosen.name}")


def way(design: Design) -> str:
    """Key of the words for how the standard errors of a design are made."""
    if design.replicates is not None:
        return design.replicates.kind
    return "linear_normal" if design.unequal else "linear"


def notes(design: Design, columns: Sequence[Column], breakdown: Groups) -> tuple[str, ...]:
    """What a reader must know: target, silence, item nonresponse, groups without answers."""
    known = design.population
    found = list(design.notes)
    if design.replicates is not None and any(step.auxiliaries is not None for step in design.adjustments):
        found.append(say(design, "note.first_order"))
    found.append(say(design, f"note.target_{design.target}"))
    if known is not None and design.target == "finite":
        silent = known.size - len(design.weights)
        if silent == 0:
            found.append(say(design, "note.full_response", n=known.size))
        else:
            found.append(_assumed(design, silent, known.size))
    found += [
        _item_note(design, column, missing)
        for column in columns
        if (missing := unknown(design, column)) and column.valid.any()
    ]
    unanswered = [column.label for column in columns if not (column.valid & design.mask).any()]
    if unanswered:
        found.append(say(design, "note.unanswered", items=", ".join(unanswered)))
    if breakdown.empty:
        found.append(say(design, "note.empty_groups", groups=", ".join(breakdown.empty)))
    return tuple(dict.fromkeys(found))


def _assumed(design: Design, silent: int, size: int) -> str:
    """What is taken for granted about the silent: by chance, within response cells, or among those who are alike."""
    cells = len(design.cell_names)
    steps = [step.auxiliaries for step in design.adjustments if step.auxiliaries is not None]
    if not steps:
        return say(design, f"note.assumed_{'cells' if cells > 1 else 'even'}", silent=silent, N=size, cells=cells)
    names = sorted({name for known in steps for name in known.variables})
    margins = [*([say(design, "label.response_cell")] if cells > 1 else []), *names]
    return say(design, "note.assumed_adjusted", silent=silent, N=size, margins=", ".join(margins))


def unknown(design: Design, column: Column) -> int:
    """Rows in the domain that were asked and gave no valid answer."""
    return int((design.mask & ~(column.valid | column.outside)).sum())


def _item_note(design: Design, column: Column, missing: int) -> str:
    asked = int((design.mask & ~column.outside).sum())
    return say(design, "note.item_nonresponse", item=column.label, missing=missing, asked=asked)

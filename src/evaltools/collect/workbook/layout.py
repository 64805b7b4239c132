"""What stands in a workbook, line by line: made of a questionnaire, and the same for who writes it and who reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from evaltools.collect.limits import CONTACT_PREFIX
from evaltools.collect.workbook.totals import Total, totals
from evaltools.language import Language, texts
from evaltools.schema import fields
from evaltools.schema.fields import item_fields
from evaltools.schema.model import REASON_SUFFIX, Category, Field, Item, Questionnaire, Section
from evaltools.schema.numbering import numbering, row_letter

LineKind = Literal["heading", "question", "hint", "field", "options", "choice", "computed", "total", "reason"]
Role = Literal["answer", "missing", "computed"]

CHOICE_MARK: Final = "#"
"""Between the name of a field and the code of one of its choices, in the hidden column of ids."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet. `id` stands in its hidden column, and is empty where nothing is answered or computed.

    `options` is the line of a multiple field, whose choices follow one by one; a reason names its rule by its id.
    """

    kind: LineKind
    text: str
    id: str = ""
    number: str = ""
    field: Field | None = None
    category: Category | None = None
    total: Total | None = None
    indent: int = 0

    @property
    def is_answered(self) -> bool:
        """Whether the line has a cell to answer in."""
        return self.kind in ("field", "choice", "reason")

    @property
    def takes_missing(self) -> bool:
        """Whether the line has a cell for a kind of missing."""
        return self.kind in ("field", "options") and self.field is not None and bool(self.field.item.missing)

    @property
    def roles(self) -> tuple[Role, ...]:
        """The cells of the line that have a named range."""
        if self.kind in ("computed", "total"):
            return ("computed",)
        roles: dict[Role, bool] = {"answer": self.is_answered, "missing": self.takes_missing}
        return tuple(role for role, is_there in roles.items() if is_there)

    def range_name(self, role: Role = "answer") -> str:
        """The named range of one of its cells, such as `answer_f1_placed`, `answer_c1_why.4` or `missing_f1_placed`."""
        return f"{role}_{self.id.replace(CHOICE_MARK, '.')}"


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of one sheet, in order. `number` is that of the section; the page of reasons has none."""

    title: str
    intro: str
    number: str
    lines: tuple[Line, ...]


@lru_cache(maxsize=32)
def pages(q: Questionnaire, language: Language) -> tuple[Page, ...]:
    """The sheets of answers: one per section, and one for reasons where the questionnaire asks for any."""
    section_pages = tuple(_section_page(q, section, language) for section in q.sections)
    reasons = tuple(_reasons(q, language))
    if not reasons:
        return section_pages
    say = texts(language).say
    return (*section_pages, Page(say("workbook.reasons.title"), say("workbook.reasons.intro"), "", reasons))


def answer_lines(q: Questionnaire, language: Language) -> Mapping[str, Line]:
    """Every line with an id, by that id."""
    return {line.id: line for page in pages(q, language) for line in page.lines if line.id}


def _section_page(q: Questionnaire, section: Section, language: Language) -> Page:
    named = {field.name: field for field in fields(q)}
    lines = [line for item in section.items for line in _item_lines(q, item, named, language)]
    intro = section.intro.to(language) if section.intro else ""
    number = numbering(q).sections[section.name]
    return Page(section.title.to(language), intro, number, tuple(_with_totals(lines, q, language)))


def _with_totals(lines: list[Line], q: Questionnaire, language: Language) -> Iterator[Line]:
    """The lines, and a running sum after the last of the fields that a rule adds up."""
    own = [line.id for line in lines if line.kind == "field"]
    after = {total.parts[-1]: total for total in totals(q) if set(total.parts) <= set(own)}
    say = texts(language).say
    for line in lines:
        yield line
        if line.kind == "field" and line.id in after:
            key = f"{line.id}{CHOICE_MARK}{CHOICE_MARK}"
            yield Line("total", say("workbook.total"), key, total=after[line.id], field=line.field, indent=1)


def _item_lines(q: Questionnaire, item: Item, named: Mapping[str, Field], language: Language) -> Iterator[Line]:
    number = numbering(q).items[item.name]
    if item.heading is not None:
        yield Line("heading", item.heading.to(language))
    if item.kind == "repeat":
        yield Line("question", item.text.to(language), number=number)
        yield from _hints(item, language)
        yield from _turns(q, item, named, language)
        return
    yield from _one_item(item, number, [named[field.name] for field in item_fields(item)], language)


def _turns(q: Questionnaire, item: Item, named: Mapping[str, Field], language: Language) -> Iterator[Line]:
    for turn in range(1, item.repeat_max + 1):
        yield Line("question", f"{item.label.to(language)} {turn}")
        for inner in item.items:
            number = numbering(q).items[f"{item.name}.{inner.name}"]
            own = [named[f"{item.name}_{turn}_{field.name}"] for field in item_fields(inner)]
            yield from _one_item(inner, number, own, language)


def _one_item(item: Item, number: str, own: list[Field], language: Language) -> Iterator[Line]:
    """A question with one field stands on one line; the fields of others follow the question."""
    text = item.text.to(language)
    if item.kind == "note":
        yield Line("hint", text)
    elif item.kind == "computed":
        yield Line("computed", text, own[0].name, number, own[0])
        yield from _hints(item, language)
    elif item.kind in ("grid", "count"):
        yield Line("question", text, number=number)
        yield from _hints(item, language)
        for field in own:
            yield from _field_lines(field, _row_text(field, language), _letter(item, field, number), language, indent=1)
    else:
        first, *rest = _field_lines(own[0], text, number, language, indent=0)
        yield first
        yield from _hints(item, language)
        yield from rest
        for field in own[1:]:
            yield from _field_lines(field, _row_text(field, language), "", language, indent=1)


def _letter(item: Item, field: Field, number: str) -> str:
    """The number of a grid's row, such as "3.2 a", at its first field."""
    rows = [row.name for row in item.rows]
    is_first = field.row is not None and field.part == ""
    return f"{number} {row_letter(rows.index(field.row.name))}" if is_first and field.row is not None else ""


def _hints(item: Item, language: Language) -> Iterator[Line]:
    say = texts(language).say
    if item.instruction is not None:
        yield Line("hint", item.instruction.to(language), indent=1)
    if item.universe is not None:
        yield Line("hint", say("workbook.universe", universe=item.universe.to(language)), indent=1)
    if item.kind == "multiple" or (item.kind == "grid" and item.cell == "multiple"):
        yield Line("hint", _how_to_mark(item, language), indent=1)


def _how_to_mark(item: Item, language: Language) -> str:
    say = texts(language).say
    return say("workbook.mark_at_most", most=item.max_choices) if item.max_choices else say("workbook.mark")


def _field_lines(field: Field, text: str, number: str, language: Language, *, indent: int) -> Iterator[Line]:
    if field.kind != "multiple":
        yield Line("field", text, field.name, number, field, indent=indent)
        return
    assert field.item.codelist is not None
    yield Line("options", text, field.name, number, field, indent=indent)
    for category in field.item.codelist.categories:
        label = category.label.to(language)
        yield Line("choice", label, choice_id(field, category), "", field, category, indent=indent + 1)


def choice_id(field: Field, category: Category) -> str:
    """The id of the cell of one choice, such as `c1_why_m1#4`."""
    return f"{field.name}{CHOICE_MARK}{category.code}"


def _row_text(field: Field, language: Language) -> str:
    """What a field is called within its question."""
    say = texts(language).say
    row = field.row.label.to(language) if field.row is not None else ""
    if field.part == "text":
        text = say("workbook.write_in", choice=field.item.text.to(language))
        return f"{row}: {text}" if row else text
    if field.kind == "count":
        part = say("workbook.out_of" if field.part == "of" else "workbook.count")
        return f"{row}: {part}" if row else part
    return row or field.label.to(language)


def _reasons(q: Questionnaire, language: Language) -> Iterator[Line]:
    """A line for each doubt that the questionnaire can have, and for contact details in a text."""
    numbers = numbering(q).fields
    for rule in q.rules:
        if rule.level == "explain":
            number = numbers.get(rule.at, "")
            yield Line("reason", rule.message.to(language), rule.name + REASON_SUFFIX, number)
    for field in fields(q):
        if field.kind == "text":
            text = texts(language).say("workbook.reasons.contact", label=field.label.to(language))
            yield Line("reason", text, CONTACT_PREFIX + field.name + REASON_SUFFIX, numbers[field.name])


def table_columns(q: Questionnaire, language: Language) -> tuple[Line, ...]:
    """For registrations: what stands in each column, where a row is a record. Their text is the whole question."""
    columns: list[Line] = []
    question = ""
    for line in (line for page in pages(q, language) for line in page.lines):
        question = line.text if line.kind in ("question", "options") and line.indent == 0 else question
        if line.is_answered or line.kind == "computed" or (line.kind == "options" and line.takes_missing):
            columns.append(replace(line, text=_column_text(line, question, language), number=_number(q, line)))
    return tuple(columns)


def _column_text(line: Line, question: str, language: Language) -> str:
    if line.kind == "reason" or line.indent == 0 or line.field is None:
        return line.text
    if line.kind == "choice":
        return f"{line.field.label.to(language)}: {line.text}"
    return f"{question} {line.text}"


def _number(q: Questionnaire, line: Line) -> str:
    return line.number or (numbering(q).fields.get(line.field.name, "") if line.field else "")

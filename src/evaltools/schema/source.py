"""The shape of the files that authors write: a questionnaire, a module, their sections, items and rules.

`schema.shape` turns what does not fit into faults with file and line; `schema.resolve` makes the frozen
`Questionnaire` of it. The published JSON Schema is generated from here.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from evaltools.language import Language
from evaltools.schema.model import Confidentiality, Level, Measure
from evaltools.schema.scalars import Code, Flag, Many, Name, NumberOrName, Shape, Wave, WholeNumber, Word

MissingName = Literal["refused", "dont_know", "cannot_be_counted", "no_cases"]


class TextSource(Shape):
    """A text in Danish and English; `{ref_year}`, `{answer_year}`, `{term:...}` and parameters are filled in."""

    da: str = ""
    en: str = ""


class CategorySource(Shape):
    """One category of a code list."""

    code: Code
    da: str = ""
    en: str = ""
    exclusive: Flag = False
    write_in: Flag = False
    aliases: Many[str] = ()


class CodeListSource(Shape):
    """A code list: categories of its own, or some codes `of` another list."""

    label: TextSource | None = None
    ordered: Flag | None = None
    categories: Many[CategorySource] = ()
    of: Word | None = None
    codes: Many[Code] = ()


class ItemBase(Shape):
    """What every item may say. `heading` begins a group of items that lasts until the next one."""

    name: Name
    heading: TextSource | None = None
    label: TextSource | None = None
    instruction: TextSource | None = None
    ask_if: Word | None = None
    universe: TextSource | None = None
    concept: Word | None = None
    confidentiality: Confidentiality = "practice"
    text: TextSource


class AnsweredBase(ItemBase):
    """What every item that people answer may say."""

    missing: Many[MissingName] = ()
    required: Flag = False
    measure: Measure | None = None
    reference: Word | None = None


class SingleItem(AnsweredBase):
    """Choose one category."""

    type: Literal["single"]
    codes: Word


class MultipleItem(AnsweredBase):
    """Choose any number of categories."""

    type: Literal["multiple"]
    codes: Word
    max_choices: NumberOrName | None = None


class GridItem(AnsweredBase):
    """The same question for each row; `{row}` in `row_if` is the row's code."""

    type: Literal["grid"]
    rows: Word
    cell: Literal["single", "multiple", "integer", "count", "year"] = "single"
    codes: Word | None = None
    row_if: Word | None = None
    min: NumberOrName | None = None
    max: NumberOrName | None = None
    max_choices: NumberOrName | None = None
    unit: TextSource | None = None


class NumberItem(AnsweredBase):
    """A whole number, `x of y`, or a year."""

    type: Literal["integer", "count", "year"]
    min: NumberOrName | None = None
    max: NumberOrName | None = None
    unit: TextSource | None = None


class DecimalItem(AnsweredBase):
    """A number with decimals."""

    type: Literal["decimal"]
    min: NumberOrName | None = None
    max: NumberOrName | None = None
    decimals: WholeNumber = 1
    unit: TextSource | None = None


class DateItem(AnsweredBase):
    """A month (2018-03) or a date (2018-03-31)."""

    type: Literal["month", "date"]


class WordsItem(AnsweredBase):
    """Free text, or an e-mail address."""

    type: Literal["text", "email"]
    max_length: NumberOrName = "1000"


class NoteItem(ItemBase):
    """A text to read; nothing to answer."""

    type: Literal["note"]


class ComputedItem(ItemBase):
    """A value that the program works out."""

    type: Literal["computed"]
    value: Word
    decimals: WholeNumber = 0
    unit: TextSource | None = None
    measure: Measure | None = None


class RepeatItem(ItemBase):
    """The same items up to `repeat` times."""

    type: Literal["repeat"]
    repeat: NumberOrName
    items: Many[ItemSource]


ItemSource = Annotated[
    SingleItem | MultipleItem | GridItem | NumberItem | DecimalItem | DateItem | WordsItem | NoteItem | ComputedItem
    | RepeatItem,
    Field(discriminator="type"),
]  # fmt: skip

ExampleValue = Word | Many[Word]
Example = dict[str, ExampleValue]


class RuleSource(Shape):
    """A check across answers, with a message and at least one passing and one failing example."""

    name: Name
    level: Level
    rule: Word
    at: Word | None = None
    message: TextSource
    passing: Example | Many[Example] = Field(alias="pass")
    failing: Example | Many[Example] = Field(alias="fail")


class SectionSource(Shape):
    """Items that belong together."""

    section: Name
    title: TextSource
    intro: TextSource | None = None
    ask_if: Word | None = None
    items: Many[ItemSource]
    rules: Many[RuleSource] = ()


class ParameterSource(Shape):
    """What a module lets its users choose: a code list, a text or a number."""

    kind: Literal["codelist", "text", "number"]
    about: str = ""
    default: TextSource | Word | None = None


class UseSource(Shape):
    """A module, taken in with its parameters."""

    use: Word
    version: Word
    parameters: dict[str, TextSource | Word] = Field(default_factory=dict, alias="with")
    ask_if: Word | None = None


class PathSource(Shape):
    """An example of a respondent, for whom `evaltools check` counts the answer fields."""

    label: TextSource | None = None
    answers: Example = Field(default_factory=dict)
    at_most: WholeNumber | None = None


def _use_or_section(value: Any) -> str:
    used = "use" in value if isinstance(value, dict) else isinstance(value, UseSource)
    return "<use>" if used else "<section>"


SectionEntry = Annotated[
    Annotated[UseSource, Tag("<use>")] | Annotated[SectionSource, Tag("<section>")], Discriminator(_use_or_section)
]


class ModuleSource(Shape):
    """A reusable block of sections: `surveys/modules/<module>.yaml`."""

    module: Name
    version: Word
    title: TextSource
    source: TextSource | None = None
    licence: str = ""
    about: TextSource | None = None
    parameters: dict[str, ParameterSource] = Field(default_factory=dict)
    codelists: dict[str, CodeListSource] = Field(default_factory=dict)
    sections: Many[SectionSource]
    rules: Many[RuleSource] = ()


class QuestionnaireSource(Shape):
    """One wave of a survey: `surveys/<survey>/<wave>/questionnaire.yaml`."""

    survey: Name
    wave: Wave
    title: TextSource
    unit: Word
    unit_words: TextSource | None = None
    population: Word
    universe: TextSource
    languages: Many[Language] = ("da", "en")
    reference_year: WholeNumber
    answer_year: WholeNumber
    records: Literal["one", "many"] = "one"
    references: Many[Name] = ()
    publisher: TextSource | Word | None = None
    contact: TextSource | Word | None = None
    legal_basis: TextSource | Word | None = None
    coordination: TextSource | Word | None = None
    codelists: dict[str, CodeListSource] = Field(default_factory=dict)
    sections: Many[SectionEntry]
    rules: Many[RuleSource] = ()
    paths: dict[str, PathSource] = Field(default_factory=dict)

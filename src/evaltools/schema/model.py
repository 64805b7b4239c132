"""What a questionnaire is, once read: frozen values that everybody asks and nobody changes.

The names follow DDI: survey, wave, section, item, code list, category, universe, concept. How the YAML file
looks is the business of `schema.source`; here modules are expanded, terms filled in and code lists bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

from evaltools.language import Language, Text
from evaltools.schema.missing import Missing
from evaltools.schema.tree import Tree

Kind = Literal[
    "single", "multiple", "grid", "integer", "decimal", "count", "year", "month", "date", "text", "email", "note",
    "computed", "repeat",
]  # fmt: skip
Level = Literal["stop", "explain", "note"]
Measure = Literal["nominal", "ordinal", "interval", "ratio"]
Confidentiality = Literal["practice", "opinion", "children", "families", "staff", "personal"]
"""What a number made of the item counts or tells; decides how it may be shown (see `present.disclosure`)."""
STRICTEST: Final[tuple[Confidentiality, ...]] = ("personal", "families", "children", "staff", "opinion", "practice")
"""From what must be kept closest to what may be told most freely."""

Value = str | int | float | bool | tuple[str, ...] | Missing
"""One answer: a category code or text, a number, the codes of a multiple item, or a kind of missing."""

REASON_SUFFIX: Final = "__reason"


@dataclass(frozen=True, slots=True)
class Category:
    """One code of a code list with its label. Codes are text."""

    code: str
    label: Text
    exclusive: bool = False
    write_in: bool = False


@dataclass(frozen=True, slots=True)
class CodeList:
    """An ordered or unordered list of categories, with the spellings that are known to mean one of them."""

    name: str
    label: Text
    categories: tuple[Category, ...]
    ordered: bool = False
    aliases: Mapping[str, str] = field(default_factory=dict, hash=False)

    def category(self, code: str) -> Category:
        """The category with that code; `KeyError` if there is none."""
        for category in self.categories:
            if category.code == code:
                return category
        raise KeyError(code)

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes in order."""
        return tuple(category.code for category in self.categories)


@dataclass(frozen=True, slots=True)
class Concept:
    """A defined notion. With `codelist` and `codes` it also names a set of categories, such as `user`."""

    name: str
    label: Text
    definition: Text
    codelist: str = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a grid, asked when `ask_if` is true (always when None)."""

    name: str
    label: Text
    ask_if: Tree | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `cell` is what each row of a grid holds; `items` are the inner items of a repeat.

    `heading` stands above it, and above the items that follow it in its section, until the next heading.
    """

    name: str
    kind: Kind
    section: str
    text: Text
    label: Text
    instruction: Text | None = None
    universe: Text | None = None
    unit: Text | None = None
    codelist: CodeList | None = None
    rows: tuple[Row, ...] = ()
    cell: Literal["single", "multiple", "integer", "count", "year"] = "single"
    minimum: int | float | None = None
    maximum: int | float | None = None
    decimals: int = 0
    max_choices: int | None = None
    max_length: int = 1000
    missing: tuple[Missing, ...] = ()
    required: bool = False
    ask_if: Tree | None = None
    value: Tree | None = None
    items: tuple[Item, ...] = ()
    repeat_max: int = 1
    concept: str = ""
    measure: Measure = "nominal"
    confidentiality: Confidentiality = "practice"
    reference: str = ""
    heading: Text | None = None
    module: str = ""
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """A check across answers. A missing result never blocks. `at` is the field the message stands beside."""

    name: str
    level: Level
    condition: Tree
    message: Text
    at: str
    passing: tuple[Mapping[str, Value], ...] = field(default=(), hash=False)
    failing: tuple[Mapping[str, Value], ...] = field(default=(), hash=False)
    where: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Section:
    """Items that belong together: one page of the form. `module` is `id@version` when it comes from one."""

    name: str
    title: Text
    items: tuple[Item, ...]
    intro: Text | None = None
    ask_if: Tree | None = None
    module: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One place to answer: an item, or one row of a grid. `name` is the key of the answer everywhere.

    `kind` is never `grid`, `repeat` or `note`. Fields of a `count` item are `<item>` and `<item>_of`, both of kind
    `count`. A field inside a repeat is named `<repeat>_<n>_<item>`. A category marked `write_in` gives a text field
    `<field>_<code>_text`, whose `item` is a text item made for it. `ask_if` is the whole condition (section, item,
    row and, for a write-in, the code), so that a field is asked exactly when it is true or None.
    """

    name: str
    item: Item
    kind: Kind
    label: Text
    row: Row | None = None
    ask_if: Tree | None = None
    part: Literal["", "of", "text"] = ""


@dataclass(frozen=True, slots=True)
class Variable:
    """One column of data. A multiple field gives one 0/1 variable per category: `<field>_<code>`."""

    name: str
    field: Field
    label: Text
    category: Category | None = None


@dataclass(frozen=True, slots=True)
class Module:
    """A reusable block that a questionnaire uses: where it comes from and on what terms."""

    name: str
    version: str
    title: Text
    source: Text | None = None
    licence: str = ""


@dataclass(frozen=True, slots=True)
class ExamplePath:
    """An example of a respondent, for whom the answer fields are counted. `at_most` None: any number will do."""

    name: str
    label: Text
    answers: Mapping[str, Value] = field(hash=False)
    at_most: int | None = None
    where: str = field(default="", compare=False)


@dataclass(frozen=True)
class Questionnaire:
    """A wave of a survey, complete and checked: what `read_survey` returns."""

    survey: str
    wave: str
    title: Text
    languages: tuple[Language, ...]
    unit: str
    population: str
    universe: Text
    reference_year: int
    answer_year: int
    many_records: bool
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...]
    concepts: Mapping[str, Concept]
    references: tuple[str, ...]
    content_sha256: str
    source: str
    """The whole questionnaire as canonical JSON, so that a store can hold it and give it back."""
    modules: tuple[Module, ...] = ()
    paths: tuple[ExamplePath, ...] = ()
    about: Mapping[str, Text] = field(default_factory=dict)
    """Texts for readers: `publisher`, `contact`, `legal_basis`, `coordination`."""
    unit_words: Text | None = None
    """The noun of `unit` in three forms, such as `et bibliotek, biblioteker, bibliotekerne`."""

    def __hash__(self) -> int:
        return hash(self.content_sha256)

    def __eq__(self, other: object) -> bool:
        """By the source, which says everything: part by part would cost a save more than its own checks."""
        return self is other or (isinstance(other, Questionnaire) and bool(self.source) and self.source == other.source)

    @property
    def id(self) -> str:
        """`survey/wave`, such as `network_methods/2018`."""
        return f"{self.survey}/{self.wave}"

    def titled(self, language: Language) -> str:
        """What a reader calls the wave: the title of the survey, and the year where the wave is one."""
        named = self.title.to(language)
        return f"{named}, {self.wave}" if len(self.wave) == 4 else named

    def counted(self, language: Language) -> str:
        """What a base of its answers counts, for `evaltools.language.noun`."""
        return self.unit_words.to(language) if self.unit_words else self.unit

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """All items in the order they are asked."""
        return tuple(item for section in self.sections for item in section.items)

    @cached_property
    def item_by_name(self) -> Mapping[str, Item]:
        """Items by name."""
        return {item.name: item for item in self.items}

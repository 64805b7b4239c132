"""The shape of the dictionary's files: `concepts.yaml`, `indicators.yaml` and `terms.yaml`."""

from __future__ import annotations

from pydantic import Field

from evaltools.schema.scalars import Code, Many, Shape, WholeNumber, Word
from evaltools.schema.source import TextSource


class ConceptSource(Shape):
    """A defined notion; with `codelist` and `codes` it may stand in rules."""

    label: TextSource
    definition: TextSource
    codelist: Word | None = None
    codes: Many[Code] = ()


class ConceptsSource(Shape):
    """The file `concepts.yaml`."""

    concepts: dict[str, ConceptSource] = Field(default_factory=dict)


class TargetSource(TextSource):
    """Where an indicator should go: words, and the share that can be tested."""

    share: Word | None = None


class BaselineSource(TextSource):
    """Where an indicator started: words, and the counts that a later share can be held against."""

    count: WholeNumber | None = None
    base: WholeNumber | None = None


class IndicatorSource(Shape):
    """A number that is followed over time. `span` is how long a flow is counted, where it is not a year."""

    label: TextSource
    definition: TextSource | None = None
    numerator: TextSource | Word
    denominator: TextSource | Word
    unit: TextSource | Word
    direction: TextSource | Word | None = None
    baseline: BaselineSource | Word | None = None
    target: TargetSource | Word | None = None
    age_base: TextSource | Word | None = None
    period: TextSource | Word | None = None
    span: TextSource | Word | None = None
    source: TextSource | Word | None = None
    concept: Word | None = None
    survey: Word | None = None
    items: Many[Word] = ()
    note: TextSource | Word | None = None


class IndicatorsSource(Shape):
    """The file `indicators.yaml`."""

    indicators: dict[str, IndicatorSource] = Field(default_factory=dict)


class TermWordSource(Shape):
    """The word of a term in the reference years from `from` until `until`, both included."""

    da: Word
    en: Word
    first: WholeNumber = Field(default=0, alias="from")
    until: WholeNumber = 9999
    law: str = ""


class TermSource(Shape):
    """A term whose word depends on the law of the year."""

    label: TextSource | None = None
    words: Many[TermWordSource]


class TermsSource(Shape):
    """The file `terms.yaml`."""

    terms: dict[str, TermSource] = Field(default_factory=dict)

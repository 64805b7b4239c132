"""On what ground a result may be shown at all: published with its source, or counts that nothing else tells."""

from __future__ import annotations

import re
from typing import Final

from evaltools.errors import Fault, ReleaseError
from evaltools.estimate.result import Source, Test
from evaltools.present.primary import rule_of

_PUBLISHED: Final = ("published_case(", "cited_rate(")
_TYPED: Final = re.compile(r"\brate\(")


def check_test(result: Test) -> None:
    """A test of one counted share tells the counts: `ReleaseError` TEST_TELLS_COUNTS where these must be hidden."""
    row = result.row
    if row is not None and rule_of(row, "share", result.source):
        problem = "the p-value and the probability tell counts that are too small to be shown"
        remedy = "Leave it out, or count over more units or a longer time."
        raise ReleaseError(Fault("TEST_TELLS_COUNTS", result.source.question, problem, remedy))


def check_not_typed(source: Source) -> None:
    """Of a result with hidden counts: `ReleaseError` TYPED_COUNT_HIDDEN where the chapter itself tells them."""
    if _TYPED.search(source.code):
        problem = "a count that must be hidden was typed by hand, so the chapter itself tells it"
        remedy = "Make the rate from the registered answers with `as_indicator`, or leave it out."
        raise ReleaseError(Fault("TYPED_COUNT_HIDDEN", source.question, problem, remedy))


def check_published(source: Source) -> None:
    """`ReleaseError` PUBLISHED_WITHOUT_SOURCE unless it is of the file of published cases, or cited with a source."""
    if not source.citation or "load(" in source.code or not any(each in source.code for each in _PUBLISHED):
        remedy = "Put the case with its source into data_dictionary/published_cases.yaml and read it from there."
        problem = "a published number must come from the file of published cases"
        raise ReleaseError(Fault("PUBLISHED_WITHOUT_SOURCE", source.question, problem, remedy))

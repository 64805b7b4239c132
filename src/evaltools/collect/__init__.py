"""How an answer enters: reading raw input, routing, checking, comparing. The same for every channel."""

from evaltools.collect.checking import UnperformedCheck, check_answers, unexplained, unperformed_checks
from evaltools.collect.comparing import differences
from evaltools.collect.hashing import receipt_hash
from evaltools.collect.model import Answers, Difference, Problem, Reading
from evaltools.collect.reading import read_answers
from evaltools.collect.routing import asked, complete
from evaltools.collect.values import value_from_json, value_to_json

__all__ = [
    "Answers",
    "Difference",
    "Problem",
    "Reading",
    "UnperformedCheck",
    "asked",
    "check_answers",
    "complete",
    "differences",
    "read_answers",
    "receipt_hash",
    "unexplained",
    "unperformed_checks",
    "value_from_json",
    "value_to_json",
]

"""Which fields are asked, given the answers so far, and the complete answers that follow (routing: `schema.ask`)."""

from __future__ import annotations

from evaltools.collect.model import Answers
from evaltools.schema import ask, fields, names_in
from evaltools.schema.missing import Missing
from evaltools.schema.model import REASON_SUFFIX, Field, Questionnaire, Value
from evaltools.schema.tree import Tree


def asked(q: Questionnaire, answers: Answers) -> frozenset[str]:
    """The names of the fields that are asked: those whose whole routing condition is true, or that have none.

    :param answers: by field name, as far as they are given; also `ref_...` and `last_...`
    """
    return ask(q, answers).asked


def complete(q: Questionnaire, answers: Answers) -> Answers:
    """Every field of the wave with a value or a kind of missing, in the order of the form; reasons are kept.

    :param answers: by field name, as far as they are given; also `ref_...` and `last_...`
    :returns: a field that is not asked is `not_asked`, also when it was answered earlier; one that is asked and has no
        answer is `not_answered`. Computed values are computed; one without a value takes over the kind of missing of
        the first field it lacks, and is `no_cases` when nothing is lacking (something was divided by zero)
    """
    counting = ask(q, answers).answers
    values = {field.name: _value(field, counting) for field in fields(q)}
    reasons = {name: value for name, value in answers.items() if name.endswith(REASON_SUFFIX) and name not in values}
    return values | reasons


def _value(field: Field, counting: Answers) -> Value:
    value = counting.get(field.name)
    if value is None and field.item.value is not None:
        return _why_missing(field.item.value, counting)
    return Missing.NOT_ANSWERED if value is None or value in ("", ()) else value


def _why_missing(tree: Tree, counting: Answers) -> Missing:
    for name in names_in(tree):
        value = counting.get(name, Missing.NOT_ANSWERED)
        if isinstance(value, Missing):
            return value
    return Missing.NO_CASES

"""Where two sets of answers differ, such as what two colleagues saved."""

from __future__ import annotations

from collections.abc import Iterable

from evaltools.collect.model import Answers, Difference
from evaltools.schema.missing import Missing
from evaltools.schema.model import Value


def differences(ours: Answers, theirs: Answers, order: Iterable[str] = ()) -> tuple[Difference, ...]:
    """Each field whose values differ; a field left blank and a field never touched are alike.

    :param order: field names in the order of the form; without it, the order of `ours` and then of `theirs`
    :returns: one `Difference` per field, None for a field without an answer

    >>> differences({"f1": 3, "f2": 1}, {"f1": 4, "f2": 1})
    (Difference(field='f1', ours=3, theirs=4, by='', at=None),)
    """
    names = dict.fromkeys((*(name for name in order if name in ours or name in theirs), *ours, *theirs))
    pairs = ((name, _answer(ours, name), _answer(theirs, name)) for name in names)
    return tuple(Difference(name, left, right) for name, left, right in pairs if not same(left, right))


def same(left: Value | None, right: Value | None) -> bool:
    """Whether two values say the same. The number -8 is never the kind of missing with code -8; 1 is never true.

    >>> same(1, 1.0), same(-8, Missing.DONT_KNOW)
    (True, False)
    """
    return _nature(left) is _nature(right) and left == right


def _nature(value: Value | None) -> type:
    return float if type(value) is int else type(value)


def _answer(answers: Answers, name: str) -> Value | None:
    value = answers.get(name)
    return None if value is Missing.NOT_ANSWERED else value

"""One answer as JSON and back: a kind of missing is `{"missing": "dont_know"}`, several codes are a list."""

from __future__ import annotations

from evaltools.errors import CollectError, Fault, near
from evaltools.schema.missing import Missing, missing_kind
from evaltools.schema.model import Value

MISSING_KEY = "missing"


def value_to_json(value: Value) -> object:
    """The value as JSON holds it.

    >>> value_to_json(Missing.DONT_KNOW), value_to_json(("1", "3")), value_to_json(0)
    ({'missing': 'dont_know'}, ['1', '3'], 0)
    """
    if isinstance(value, Missing):
        return {MISSING_KEY: value.kind}
    return list(value) if isinstance(value, tuple) else value


def value_from_json(value: object, where: str = "") -> Value:
    """The value that `value_to_json` wrote.

    :raises CollectError: `NO_VALUE` for what is no value, `NO_SUCH_MISSING_KIND` for an unknown kind

    >>> value_from_json({"missing": "no_cases"})
    <Missing.NO_CASES: -2>
    """
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, list) and all(isinstance(code, str) for code in value):
        return tuple(value)
    if isinstance(value, dict) and list(value) == [MISSING_KEY]:
        return _missing(str(value[MISSING_KEY]), where)
    remedy = 'Write a text, a number, a list of codes, or {"missing": kind}.'
    raise CollectError(Fault("NO_VALUE", where, f"{value!r} is no value of an answer", remedy))


def _missing(kind: str, where: str) -> Missing:
    try:
        return missing_kind(kind)
    except KeyError:
        remedy = near(kind, (known.kind for known in Missing))
        fault = Fault("NO_SUCH_MISSING_KIND", where, f'there is no kind of missing called "{kind}"', remedy)
        raise CollectError(fault) from None

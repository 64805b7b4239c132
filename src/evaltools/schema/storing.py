"""A questionnaire as canonical JSON and back, and the hash of its content (not of comments or layout)."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from evaltools.errors import Fault, SchemaError
from evaltools.provenance import canonical_json, sha256_of
from evaltools.schema.missing import Missing, missing_kind
from evaltools.schema.model import Questionnaire
from evaltools.schema.universes import with_universes

PLACED: Final = {"__all__": {"where": True}}
ITEMS: Final = {"__all__": {"where": True, "items": PLACED}}
LEFT_OUT: Final[Any] = {
    "content_sha256": True,
    "source": True,
    "sections": {"__all__": {"items": ITEMS}},
    "rules": PLACED,
    "paths": PLACED,
}
"""What can be worked out again, and where in a file something stood."""
NOT_CONTENT: Final = ("concepts", "modules", "paths", "about", "unit_words")
"""Kept with the questionnaire but not what respondents meet: they do not enter the hash."""


def with_source(questionnaire: Questionnaire) -> Questionnaire:
    """The questionnaire with its source and content hash filled in."""
    data = _to_json(_adapter().dump_python(questionnaire, exclude=LEFT_OUT, exclude_defaults=True))
    content = {key: value for key, value in data.items() if key not in NOT_CONTENT}
    return replace(questionnaire, source=canonical_json(data), content_sha256=sha256_of(content))


def survey_from_source(source: str) -> Questionnaire:
    """The questionnaire whose `source` this is, without reading any file.

    :raises SchemaError: BROKEN_SOURCE if the text is not such a source
    """
    try:
        data = _from_json(json.loads(source))
        questionnaire = _adapter().validate_python({**data, "content_sha256": "", "source": ""})
    except (ValueError, TypeError, ValidationError) as error:
        problem = f"this is not the source of a questionnaire: {str(error).splitlines()[0]}"
        remedy = "Take it from Questionnaire.source, unchanged."
        raise SchemaError(Fault("BROKEN_SOURCE", "source", problem, remedy)) from None
    return with_universes(with_source(questionnaire))


@cache
def _adapter() -> TypeAdapter[Questionnaire]:
    return TypeAdapter(Questionnaire)


def _to_json(value: Any) -> Any:
    if isinstance(value, Missing):
        return {"missing": value.kind}
    if isinstance(value, dict):
        return {str(key): _to_json(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_to_json(inner) for inner in value]
    return value


def _from_json(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"missing"} and isinstance(value["missing"], str):
            return missing_kind(value["missing"])
        return {key: _from_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return tuple(_from_json(inner) for inner in value)
    return value

"""The hash on a receipt, by which anybody can check that what was submitted is what is kept."""

from __future__ import annotations

from collections.abc import Mapping

from evaltools.collect.values import value_from_json, value_to_json
from evaltools.provenance import canonical_json, sha256_of


def receipt_hash(receipt: Mapping[str, object]) -> str:
    """The content hash made anew of the answers of a JSON receipt; equal to its `content_sha256` if nothing changed.

    Raises: CollectError NO_VALUE, NO_SUCH_MISSING_KIND for what is no answer.
    """
    key = {name: str(receipt.get(name, "")) for name in ("survey", "wave", "unit", "record")}
    answers = receipt.get("answers")
    given = answers if isinstance(answers, Mapping) else {}
    return sha256_of([key, {name: _value_text(value, name) for name, value in given.items()}])


def _value_text(value: object, name: str) -> str:
    return canonical_json(value_to_json(value_from_json(value, name)))

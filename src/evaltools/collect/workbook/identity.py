"""Whose workbook it is, and a signature that tells whether we wrote that."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from evaltools.collect.workbook.model import Contents, Identity
from evaltools.language import Language
from evaltools.language.text import LANGUAGES
from evaltools.provenance import canonical_json
from evaltools.schema.model import Questionnaire

PREFIX: Final = "evaltools:"
"""What every mark begins with that the program writes for itself into a cell or a document property."""
ABOUT, SIGNATURE, VERSION = f"{PREFIX}about", f"{PREFIX}signature", f"{PREFIX}version"
WHOLE_UNIT: Final = ""
"""The record of a unit that answers once."""


def identity_of(q: Questionnaire, contents: Contents, language: Language) -> Identity:
    """What a workbook with these contents is."""
    versions = {one.record: one.version for one in contents.responses}
    return Identity(q.survey, q.wave, q.content_sha256, contents.unit, language, versions)


def sign(identity: Identity, key: bytes) -> str:
    """The signature of an identity: a text of hexadecimal digits.

    >>> mine = Identity("tiny", "2018", "aa", "0741", "da", {"": 3})
    >>> sign(mine, b"secret") == sign(mine, b"other")
    False
    """
    return hmac.new(key, canonical_json(asdict(identity)).encode(), hashlib.sha256).hexdigest()


def is_signed(identity: Identity, signature: str, key: bytes) -> bool:
    """Whether the signature was made of exactly this identity with that key."""
    return hmac.compare_digest(sign(identity, key), signature)


def to_text(identity: Identity) -> str:
    """The identity as a cell or a property holds it, without the versions, which stand one by one."""
    said = asdict(identity)
    del said["versions"]
    return canonical_json(said)


def own_texts(identity: Identity, key: bytes | None) -> frozenset[str]:
    """What a workbook says of itself in the cells that nobody fills in."""
    return frozenset({to_text(identity), *([sign(identity, key)] if key else [])})


def from_text(text: str, versions: Mapping[str, int]) -> Identity | None:
    """The identity that `to_text` wrote; None where the text says something else.

    >>> mine = Identity("tiny", "2018", "aa", "0741", "da", {"": 3})
    >>> from_text(to_text(mine), {"": 3}) == mine, from_text("{}", {})
    (True, None)
    """
    try:
        said = json.loads(text)
        found = Identity(**said, versions=dict(versions))
    except (ValueError, TypeError):
        return None
    texts = (found.survey, found.wave, found.schema_sha256, found.unit)
    return found if all(isinstance(one, str) for one in texts) and found.language in LANGUAGES else None

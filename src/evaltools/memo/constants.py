"""Numbers that are no results but stand in prose: `{{fixed:98|source}}`."""

from __future__ import annotations

import re

from evaltools.estimate.result import Source
from evaltools.language import Texts
from evaltools.memo.model import Entry
from evaltools.present.model import Number
from evaltools.provenance import sha256_of


def fixed_entry(shown: str, citation: str, chapter: str, texts: Texts) -> Entry:
    """The register entry of a constant; the same text and source give the same id."""
    slug = re.sub(r"\W+", "-", shown).strip("-").lower()
    source = Source(
        origin="published",
        survey="",
        question=texts.say("memo.constant"),
        universe="",
        weight="",
        confidentiality="practice",
        code="",
        citation=citation,
    )
    number = Number(_value(shown), "number", {"": shown}, "", source, disclosure="published_elsewhere")
    return Entry(f"fixed.{slug}.{sha256_of([shown, citation])[:6]}", number, chapter)


def _value(shown: str) -> float | int | None:
    plain = shown.replace(".", "").replace(",", ".").replace("\u2212", "-")
    try:
        return int(plain) if plain.lstrip("-").isdigit() else float(plain)
    except ValueError:
        return None

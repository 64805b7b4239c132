"""How a workbook shows a number: as many decimals as the document does."""

from __future__ import annotations

import re
from typing import Final

from evaltools.language import Language

_FIGURES: Final = re.compile(r"[-−]?\d[\d.,\u00a0]*")


def number_format(value: float | int, shown: str, language: Language) -> str:
    r"""The Excel format that shows `value` as the document shows it.

    Parameters: `value`, raw (a share is 0-1); `shown`, the text in the document; `language`, for its decimal sign.
    Returns: an Excel number format; "" when the text does not show this value.

    >>> number_format(0.571, "57,1 pct.", "da"), number_format(1234, "1.234", "da"), number_format(0.5, "få", "da")
    ('0.0%', '#,##0', '')
    """
    found = _FIGURES.search(shown)
    if not found:
        return ""
    decimals, parsed = _parsed(found.group(), language)
    digits = "." + "0" * decimals if decimals else ""
    tolerance = 0.5000001 * 10**-decimals
    if abs(parsed - value) <= tolerance and "pct" not in shown and "%" not in shown:
        return f"#,##0{digits}"
    if abs(parsed - 100 * value) <= tolerance:
        return f"0{digits}%"
    return f"#,##0{digits}" if abs(parsed - value) <= tolerance else ""


def _parsed(figures: str, language: Language) -> tuple[int, float]:
    """Decimals and value of a number as written in that language."""
    group, point = (".", ",") if language == "da" else (",", ".")
    plain = figures.rstrip(".,\u00a0").replace("\u00a0", "").replace("−", "-").replace(group, "").replace(point, ".")
    return len(plain.partition(".")[2]), float(plain)

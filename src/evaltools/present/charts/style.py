"""How charts look: font, sizes and colours. Three hues; everything must also be told without colour.

Each hue has a contrast of 3:1 or more to white, they lie 15 or more steps of lightness apart (readable in grey) and
stay apart for colour-blind readers; tests/unit/present/test_palette.py computes it.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal, TypedDict

from matplotlib import get_data_path
from matplotlib.font_manager import FontProperties

BLUE: Final = "#13487C"
OCHRE: Final = "#83681B"
MAROON: Final = "#47100E"

INK: Final = "#1C2127"
QUIET_INK: Final = "#555D66"
MUTED: Final = "#868E97"
HAIRLINE: Final = "#C9CED4"
PAPER: Final = "#FFFFFF"
WATERMARK: Final = "#DDE1E6"
_NEUTRAL: Final = "#ECEEF0"
_RAMP_ENDS: Final = ((0xE9, 0xF0, 0xF7), (0x0C, 0x2C, 0x50))


class Look(TypedDict, total=False):
    """How a surface is drawn: keywords of a matplotlib patch."""

    facecolor: str
    edgecolor: str
    linewidth: float
    linestyle: tuple[int, tuple[int, int]]
    hatch: str
    hatch_linewidth: float


OUTLINE: Final[Look] = {"edgecolor": "#0C2C50", "linewidth": 0.6}
"""Around light fills, so that they stand out from the paper."""
HATCHED: Final[Look] = {
    "facecolor": "#FFFFFF",
    "edgecolor": "#6B737C",
    "linewidth": 0.6,
    "hatch": "//////",
    "hatch_linewidth": 0.5,
}
"""What is not shown or not known."""

SIZE: Final = 9.5
SMALL: Final = 8.5

Weight = Literal["regular", "semibold", "italic"]
_SOURCE_SANS: Final = {
    "regular": "SourceSansPro-Regular.ttf",
    "semibold": "SourceSansPro-Semibold.ttf",
    "italic": "SourceSansPro-It.ttf",
}
_DEJAVU: Final = {"regular": "DejaVuSans", "semibold": "DejaVuSans-Bold", "italic": "DejaVuSans-Oblique"}


@cache
def font(size: float = SIZE, weight: Weight = "regular") -> FontProperties:
    """Source Sans from its package; DejaVu, which comes with matplotlib, where the package is not installed."""
    return FontProperties(fname=_font_file(weight), size=size)


def _font_file(weight: Weight) -> Path:
    package = find_spec("font_source_sans_pro")
    if package is None or package.origin is None:
        return Path(get_data_path()) / "fonts" / "ttf" / f"{_DEJAVU[weight]}.ttf"
    return Path(package.origin).parent / "files" / _SOURCE_SANS[weight]


def ramp(steps: int) -> tuple[str, ...]:
    """Colours for ordered categories, from light to dark in one hue. Light ones need an edge.

    >>> ramp(2)
    ('#E9F0F7', '#0C2C50')
    """
    light, dark = _RAMP_ENDS
    shares = [step / max(steps - 1, 1) for step in range(steps)]
    return tuple(
        "#" + "".join(f"{round(start + (end - start) * share):02X}" for start, end in zip(light, dark, strict=True))
        for share in shares
    )


def diverging(before: int, after: int) -> tuple[str, ...]:
    """Colours around a neutral category: brown to the left, grey in the middle, blue to the right.

    >>> diverging(1, 1)
    ('#83681B', '#ECEEF0', '#13487C')
    """
    return (*_shades(OCHRE, before), _NEUTRAL, *reversed(_shades(BLUE, after)))


def _shades(colour: str, steps: int) -> list[str]:
    """That colour and lighter ones, the strongest first."""
    channels = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
    mixes = [0.62 * step / max(steps - 1, 1) for step in range(steps)]
    return ["#" + "".join(f"{round(part + (255 - part) * mix):02X}" for part in channels) for mix in mixes]


def ink_on(colour: str) -> str:
    """The text colour that reads best on that colour.

    >>> ink_on("#E9F0F7"), ink_on(BLUE)
    ('#000000', '#FFFFFF')
    """
    return "#000000" if luminance(colour) > 0.179 else PAPER  # both have 4.6:1 there


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.1) of a `#RRGGBB` colour, 0 to 1."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

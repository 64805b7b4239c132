"""A figure measured in centimetres: panels, measured and wrapped text, the rehearsal mark, and the finished pictures.

No pyplot and no global state: every figure is an object of its own, and its bytes depend on its content alone.
"""

from __future__ import annotations

import io
from functools import cache
from typing import Any, Final, Literal, TypedDict, Unpack

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import get_font

from evaltools.language import Language, texts
from evaltools.present.charts.style import INK, MUTED, PAPER, QUIET_INK, SIZE, WATERMARK, Weight, font

CM: Final = 1 / 2.54
WIDTH_CM: Final = 16.0
DPI: Final = 200
LINE_CM: Final = 0.42
"""Height of one line of label text."""
_MARGIN: Final = 0.34
_MARK_STEP: Final = (4.2, 1.9)
_POINTS_PER_CM: Final = 72 / 2.54
_RC: Final[dict[Any, Any]] = {"svg.fonttype": "path", "svg.hashsalt": "evaltools", "path.simplify": False}


class Canvas:
    """One figure being drawn. Lengths are centimetres from the top left corner.

    Below the height that is asked for, a narrow margin stays free: the rehearsal mark stands there.
    """

    def __init__(self, height: float, width: float = WIDTH_CM) -> None:
        self.width = width
        self.height = height = height + _MARGIN
        self.figure = Figure(figsize=(width * CM, height * CM), facecolor=PAPER)
        FigureCanvasAgg(self.figure)

    def panel(self, left: float, top: float, width: float, height: float) -> Axes:
        """An empty plotting area without frame, ticks or background."""
        box = (left / self.width, 1 - (top + height) / self.height, width / self.width, height / self.height)
        axes = self.figure.add_axes(box)
        axes.set_axis_off()
        axes.patch.set_visible(False)
        return axes

    def sheet(self) -> Axes:
        """A panel over the whole figure whose coordinates are centimetres from the top left corner."""
        axes = self.panel(0, 0, self.width, self.height)
        axes.set_xlim(0, self.width)
        axes.set_ylim(self.height, 0)
        return axes

    def mark_rehearsal(self, language: Language, layer: Literal["behind", "in_front"] = "behind") -> None:
        """Print the rehearsal mark all over, so close that a cropped part of the picture still says it.

        layer : `in_front` of charts that cover most of the paper; it is thin enough to read through.
        """
        word = texts(language).say("present.rehearsal.mark")
        axes = self.sheet()
        axes.set_zorder(-1 if layer == "behind" else 10)
        look: Lettering = {"size": 12.0, "weight": "semibold", "rotation": 14, "ha": "center", "clip_on": True}
        look |= {"color": WATERMARK} if layer == "behind" else {"color": MUTED, "alpha": 0.33}
        rows = max(round(self.height / _MARK_STEP[1]), 1)
        for row in range(rows):
            y = (row + 0.5) * self.height / rows
            for column in range(-1, int(self.width / _MARK_STEP[0]) + 2):
                x = (column + 0.5 * (row % 2)) * _MARK_STEP[0] + 1.0
                write(axes, x, y, word, **look)
        write(axes, self.width - 0.05, self.height - 0.04, word, size=8.0, color=QUIET_INK, ha="right", va="bottom")

    def pictures(self, description: str) -> tuple[str, bytes]:
        """The finished figure as SVG text and as PNG (200 dpi). `description` goes into the SVG's own metadata."""
        svg, png = io.StringIO(), io.BytesIO()
        with mpl.rc_context(_RC):
            self.figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None, "Description": description})
            self.figure.savefig(png, format="png", dpi=DPI, metadata={"Software": None})
        return svg.getvalue(), png.getvalue()


class Lettering(TypedDict, total=False):
    """How a text is drawn: `size` and `weight` of the chart font, the rest as in matplotlib."""

    size: float
    weight: Weight
    color: str
    alpha: float
    ha: Literal["left", "center", "right"]
    va: Literal["center", "bottom"]
    rotation: float
    clip_on: bool


def write(axes: Axes, x: float, y: float, text: str, **look: Unpack[Lettering]) -> None:
    """Text in the chart font; where nothing else is said in ink and centred on `y`."""
    style: Lettering = {"color": INK, "va": "center", "clip_on": False, **look}
    chosen = font(style.pop("size", SIZE), style.pop("weight", "regular"))
    axes.text(x, y, text, fontproperties=chosen, linespacing=1.12, **style)


@cache
def text_width(text: str, size: float = SIZE, weight: Weight = "regular") -> float:
    """Width in centimetres of one line of text."""
    face = get_font(str(font(size, weight).get_file()))
    face.set_size(size, 72)
    face.set_text(text, 0.0)
    return float(face.get_width_height()[0]) / 64 / _POINTS_PER_CM


def wrapped(text: str, width: float, size: float = SIZE, weight: Weight = "regular") -> str:
    """The text broken between words into as few lines of at most that width (cm) as it needs, alike in length."""
    best = _broken(text, width, size, weight)
    narrower = width - 0.2
    while narrower > 1 and best.count("\n"):
        closer = _broken(text, narrower, size, weight)
        if not _fits(closer, best, width, size):
            break
        best, narrower = closer, narrower - 0.2
    return best


def _fits(closer: str, best: str, width: float, size: float) -> bool:
    """Whether the closer break needs no more lines and no line is wider than allowed."""
    widest = max(text_width(line, size) for line in closer.split("\n"))
    return closer.count("\n") == best.count("\n") and widest <= width


def _broken(text: str, width: float, size: float, weight: Weight) -> str:
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, weight) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return "\n".join(lines)


def lines_in(text: str) -> int:
    """How many lines a wrapped text has."""
    return text.count("\n") + 1

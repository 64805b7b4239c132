"""The tile map of the municipalities: one square each, three letters, lightness and dots for the answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Final

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from evaltools.language import Language, danish_key, number, texts
from evaltools.present.charts.alt import Subject, Told, alt_text
from evaltools.present.charts.canvas import WIDTH_CM, Canvas, write
from evaltools.present.charts.furniture import KEY_ROW, Key, draw_keys, key_lines, swatch
from evaltools.present.charts.style import HATCHED, MUTED, OUTLINE, QUIET_INK, Look, ink_on, ramp
from evaltools.present.model import FigureExhibit, ReleasedTiles, Tile
from evaltools.present.notes import compose, is_rehearsal, titled

_LETTERS: Final = 7.2
_NO_ANSWER: Final[Look] = {
    "facecolor": "#FFFFFF",
    "edgecolor": MUTED,
    "linewidth": 0.6,
    "linestyle": (0, (2, 2)),
}


def tile_map(
    released: ReleasedTiles, title: str, *, note: str = "", language: Language = "da", alt: str = ""
) -> FigureExhibit:
    """A map on which every municipality has the same size.

    released : from `release_tiles`. The first category is lightest and has no dot, the next one dot, and so on;
    without consent a tile is hatched, without an answer it is empty with a broken edge.
    title, note, language : as in `bar_chart`. alt : own alternative text; made from the answers where it is empty.
    Returns a figure with its picture, alternative text and data. Raises nothing: the gate has decided what may be
    named.
    """
    rows = [tile.row for tile in released.tiles]
    columns = [tile.column for tile in released.tiles]
    side = min((WIDTH_CM - 0.1) / (max(columns) - min(columns) + 1), 0.86)
    keys = _keys(released, language)
    top = KEY_ROW * len(key_lines(keys, WIDTH_CM)) + 0.25
    canvas = Canvas(top + side * (max(rows) - min(rows) + 1))
    sheet = canvas.sheet()
    draw_keys(sheet, keys, 0.08, 0.05, canvas.width)
    left = (canvas.width - side * (max(columns) - min(columns) + 1)) / 2
    for tile in released.tiles:
        corner = left + (tile.column - min(columns)) * side, top + (tile.row - min(rows)) * side
        _draw_tile(sheet, tile, corner, side * 0.94, released)
    return _exhibit(canvas, released, (title, note, alt), language)


def _exhibit(
    canvas: Canvas, released: ReleasedTiles, wording: tuple[str, str, str], language: Language
) -> FigureExhibit:
    title, note, alt = wording
    say = texts(language)
    sources = [released.source]
    if is_rehearsal(sources):
        canvas.mark_rehearsal(language, "in_front")
    alt = alt or _alternative(released, title, language)
    svg, png = canvas.pictures(alt)
    question = say.say("present.note.question", question=released.source.question)
    return FigureExhibit(
        title=titled(title, sources, language),
        svg=svg,
        png=png,
        alt=alt,
        note=compose([question, say.say("present.tiles.note"), note], sources, language),
        header=tuple(say.say(f"present.tiles.{name}") for name in ("code", "name", "answer")),
        rows=tuple((tile.code, tile.name, _answer(tile, released, language)) for tile in _ordered(released)),
        width_cm=canvas.width,
    )


def _draw_tile(sheet: Axes, tile: Tile, corner: tuple[float, float], side: float, released: ReleasedTiles) -> None:
    x, y = corner
    look = _look(tile, released)
    sheet.add_patch(Rectangle(corner, side, side, **look))
    colour = ink_on(look["facecolor"]) if tile.state == "shown" else QUIET_INK
    if tile.state == "no_consent":
        band = Rectangle((x + 0.06, y + side * 0.27), side - 0.12, side * 0.4, facecolor="#FFFFFF", linewidth=0)
        sheet.add_patch(band)
    write(sheet, x + side / 2, y + side * 0.46, tile.label, ha="center", size=_LETTERS, color=colour)
    if tile.state == "shown":
        _draw_dots(sheet, x + side / 2, y + side * 0.82, int(tile.category), colour)


def _draw_dots(sheet: Axes, middle: float, y: float, count: int, colour: str) -> None:
    for place in range(count):
        sheet.plot(middle + (place - (count - 1) / 2) * 0.13, y, "o", color=colour, markersize=2.0, markeredgewidth=0)


def _look(tile: Tile, released: ReleasedTiles) -> Look:
    if tile.state == "no_consent":
        return HATCHED
    if tile.state == "no_answer":
        return _NO_ANSWER
    return {**OUTLINE, "facecolor": ramp(len(released.categories))[int(tile.category)]}


def _keys(released: ReleasedTiles, language: Language) -> list[Key]:
    """The legend; counts stand in it, so that the map can be read without counting tiles."""
    fills = ramp(len(released.categories))
    keys = [
        Key(_counted(label, code, released, language), _dotted_swatch(fills[place], place))
        for place, (code, label) in enumerate(released.categories)
    ]
    say = texts(language)
    for state, look in (("no_consent", HATCHED), ("no_answer", _NO_ANSWER)):
        if any(tile.state == state for tile in released.tiles):
            keys.append(Key(_counted(say.say(f"present.tiles.{state}"), state, released, language), swatch(look)))
    return keys


def _dotted_swatch(fill: str, dots: int) -> Callable[[Axes, float, float], None]:
    return partial(_draw_dotted_swatch, fill=fill, dots=dots)


def _draw_dotted_swatch(sheet: Axes, x: float, y: float, *, fill: str, dots: int) -> None:
    sheet.add_patch(Rectangle((x - 0.05, y - 0.19), 0.4, 0.38, facecolor=fill, **OUTLINE))
    _draw_dots(sheet, x + 0.15, y + 0.06, dots, ink_on(fill))


def _counted(label: str, key: str, released: ReleasedTiles, language: Language) -> str:
    counts = Counter(tile.category or tile.state for tile in released.tiles)
    return texts(language).say("present.tiles.count", label=label, count=f"({number(counts[key], 0, language)})")


def _answer(tile: Tile, released: ReleasedTiles, language: Language) -> str:
    if tile.state == "shown":
        return dict(released.categories)[tile.category]
    return texts(language).say(f"present.tiles.{tile.state}")


def _ordered(released: ReleasedTiles) -> list[Tile]:
    return sorted(released.tiles, key=lambda tile: danish_key(tile.name))


def _alternative(released: ReleasedTiles, title: str, language: Language) -> str:
    say = texts(language)
    counts = Counter(tile.category or tile.state for tile in released.tiles)
    names = [
        *released.categories,
        *((state, say.say(f"present.tiles.{state}")) for state in ("no_consent", "no_answer")),
    ]
    told = [Told(label, number(counts[key], 0, language), counts[key]) for key, label in names if counts[key]]
    return alt_text(Subject("tile_map", title, "", is_rehearsal([released.source])), told, language)

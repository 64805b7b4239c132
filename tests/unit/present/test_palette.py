"""The palette can be told apart on paper, in grey and by the colour-blind.

Matrices for complete protan, deutan and tritan vision: Machado, Oliveira and Fernandes (2009), IEEE TVCG 15(6),
severity 1.0, applied to linear sRGB. Lightness and distance: CIE 1976 L*a*b* under D65. Contrast: WCAG 2.1.
"""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import numpy.typing as npt
import pytest

from evaltools.present.charts import style
from evaltools.present.charts.style import BLUE, MAROON, OCHRE, diverging, ink_on, luminance, ramp

HUES = (BLUE, OCHRE, MAROON)

Vector = npt.NDArray[np.float64]

VISION = {
    "normal": np.eye(3),
    "protan": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deutan": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritan": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
D65 = np.array([0.95047, 1.0, 1.08883])


def linear(colour: str) -> Vector:
    channels = np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb: Vector) -> Vector:
    ratio = XYZ @ np.clip(rgb, 0, 1) / D65
    root = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted([luminance(one), luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("colour", HUES)
def test_each_hue_stands_out_from_white_paper(colour: str) -> None:
    assert contrast(colour, "#FFFFFF") >= 3


def test_the_hues_lie_fifteen_steps_of_lightness_apart_in_grey() -> None:
    lightness = sorted(float(lab(linear(colour))[0]) for colour in HUES)
    assert min(np.diff(lightness)) >= 15


@pytest.mark.parametrize("vision", VISION)
def test_the_hues_stay_apart_for_every_kind_of_colour_vision(vision: str) -> None:
    seen = [lab(VISION[vision] @ linear(colour)) for colour in HUES]
    assert min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2)) >= 30


@pytest.mark.parametrize("steps", [2, 3, 4, 5])
def test_ordered_categories_grow_darker_by_fifteen_steps(steps: int) -> None:
    lightness = [float(lab(linear(colour))[0]) for colour in ramp(steps)]
    assert all(earlier - later >= 15 for earlier, later in pairwise(lightness))


def test_a_split_scale_grows_darker_away_from_the_middle_on_both_sides() -> None:
    lightness = [float(lab(linear(colour))[0]) for colour in diverging(2, 2)]
    assert lightness == [*sorted(lightness[:3]), *sorted(lightness[3:], reverse=True)]


@pytest.mark.parametrize("colour", [*HUES, *ramp(7), *diverging(3, 3)])
def test_figures_on_a_colour_can_be_read(colour: str) -> None:
    assert contrast(ink_on(colour), colour) >= 4.5


@pytest.mark.parametrize("weight", ["regular", "semibold", "italic"])
def test_without_the_font_package_the_font_of_matplotlib_is_used(
    weight: style.Weight, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert style._font_file(weight).is_file()
    assert "SourceSansPro" in style._font_file(weight).name
    monkeypatch.setattr(style, "find_spec", lambda name: None)
    assert style._font_file(weight).is_file()
    assert "DejaVu" in style._font_file(weight).name

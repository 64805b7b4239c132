"""Curves as values: their frame, their look, and how one point or one of several curves is taken."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from evaltools.errors import DesignError
from evaltools.estimate import Curve, CurvePoint, Signal
from made_results import monitored


def phased() -> Curve:
    before, after = (
        tuple(
            replace(point, at=f"{name} {point.at}", coordinates=(("phase", name),), labels=(name.title(),))
            for point in monitored([(9, 20), (12, 40)]).points
        )
        for name in ("before", "after")
    )
    signals = (Signal("beyond", "Et punkt ligger uden for.", (after[0].at,), (("phase", "after"),)),)
    return replace(monitored([]), points=(*before, *after), signals=signals)


def test_the_frame_is_fresh_and_holds_coordinates_values_counts_limits_and_flags() -> None:
    curve = phased()
    frame = curve.frame
    assert list(frame.columns[:5]) == ["phase", "x", "at", "y", "count"]
    assert frame["n"].tolist() == [20, 40, 20, 40]
    frame["y"] = 0.0
    assert curve.frame["y"].tolist() == pytest.approx([0.45, 0.3, 0.45, 0.3])


def test_a_point_without_a_value_has_an_empty_place_in_the_frame() -> None:
    curve = replace(monitored([]), points=(CurvePoint(0.0, "uge 1", None, 0, flags=("empty",)),))
    assert curve.frame["y"].isna().all()
    assert "ingen tilfælde" in repr(curve)


def test_a_curve_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        monitored([(9, 20)]).name = "x"  # type: ignore[misc]


def test_it_prints_points_counts_limits_signals_method_and_notes_in_the_words_of_its_language() -> None:
    curve = replace(
        monitored([(9, 20)]), signals=(Signal("beyond", "Et punkt ligger uden for grænserne."),), notes=("Kort note.",)
    )
    lines = repr(curve).replace("\u00a0", " ").splitlines()
    assert lines[1].split() == ["Punkt", "Andel", "Antal", "n", "Midterlinje", "Grænser"]
    assert lines[2].split() == ["2018-K1", "45,0", "%", "9", "20", "50,0", "%", "40,0", "%", "til", "60,0", "%"]
    assert lines[3:] == ["Et punkt ligger uden for grænserne.", "Metode: p-kort (Shewhart).", "Kort note."]
    assert "<caption>" in curve._repr_html_()


def test_a_long_curve_prints_its_beginning_and_its_end() -> None:
    lines = repr(monitored([(place, 100) for place in range(60)])).splitlines()
    assert len(lines) == 2 + 12 + 1 + 12 + 1
    assert lines[14].split()[0] == "..."


def test_one_point_is_found_by_its_name_and_a_wrong_name_is_answered_with_the_nearest() -> None:
    assert phased().point("before 2018-K1").n == 20
    with pytest.raises(DesignError) as refused:
        phased().point("before 2018-K9")
    assert refused.value.code == "NO_SUCH_POINT"
    assert "before 2018-K" in str(refused.value)


def test_points_of_several_curves_that_lie_at_the_same_place_need_a_coordinate() -> None:
    twice = replace(phased(), points=tuple(replace(point, at="2018") for point in phased().points[::2]))
    with pytest.raises(DesignError) as refused:
        twice.point("2018")
    assert refused.value.code == "MANY_ROWS"
    assert twice.point("2018", phase="after").coordinate("phase") == "after"


def test_one_of_several_curves_is_taken_with_its_signals_and_says_so_in_its_code() -> None:
    after = phased().only(phase="after")
    assert [point.coordinate("phase") for point in after.points] == ["after", "after"]
    assert len(after.signals) == 1
    assert phased().only(phase="before").signals == ()
    assert after.source.code.endswith('.only(phase="after")')
    with pytest.raises(DesignError) as refused:
        phased().only(phase="afterr")
    assert '"after"' in str(refused.value)

"""The benchmark of rollouts compares like with like: on a small panel all contenders give the same numbers."""

from __future__ import annotations

import pytest

from rollout.contenders import CONTENDERS, agree
from rollout.panels import Size, frame_of


@pytest.mark.filterwarnings("ignore:The inplace keyword")
def test_all_contenders_give_the_same_effects() -> None:
    frame = frame_of(Size(60, 30))
    found = [contender.run(contender.prepare(frame)) for contender in CONTENDERS]
    assert len(found) == 3
    assert all(agree(found[0], each) for each in found[1:])
    assert not agree(found[0], {event: value + 0.01 for event, value in found[0].items()})

"""The municipal survey with the day on which each unit submitted."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from evaltools.dataset import Dataset
from municipal_survey import municipal_data

START = dt.datetime(2018, 11, 1, 12, tzinfo=dt.UTC)


def timed(data: Dataset | None = None) -> Dataset:
    """One answer a day, in the order of the municipalities."""
    data = municipal_data() if data is None else data
    units = data.frame.index[data.frame["responded"]]
    return replace(data, submitted_at={str(unit): START + dt.timedelta(days=day) for day, unit in enumerate(units)})

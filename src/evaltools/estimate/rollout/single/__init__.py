"""One municipality: its own series before and after, a mixture of others like it, and lots drawn again."""

from evaltools.estimate.rollout.single.interrupted import Series, interrupted_series, series
from evaltools.estimate.rollout.single.synthetic_control import synthetic_control

__all__ = ["Series", "interrupted_series", "series", "synthetic_control"]

"""Who adopted when: cohorts with their sizes, units that never did, and units that stopped again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from evaltools.estimate.arrays import Codes, Floats
from evaltools.estimate.calls import call
from evaltools.estimate.result import NO_R, Estimate, Row, Source
from evaltools.estimate.rollout.outcomes import Measured
from evaltools.estimate.rollout.panels import RolloutPanel
from evaltools.estimate.rollout.wording import Story, common_notes, sizes_as_extra, source_of, story_of


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Adoption(Estimate):
    """Counts of units by cohort, with the periods of the rollout and every unit's own first period.

    periods : in order. starts : by unit of `units`, the place of its first period; `len(periods)` where it has none.
    reversals : units that had the method and then not.
    """

    periods: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    starts: Codes | None = None
    reversals: tuple[str, ...] = ()

    @property
    def table(self) -> pd.DataFrame:
        """One row per unit: `unit`, `first` (its first period, NA where it has none), `reversed`."""
        assert self.starts is not None
        first = [self.periods[start] if start < len(self.periods) else pd.NA for start in self.starts.tolist()]
        back = [unit in self.reversals for unit in self.units]
        table = pd.DataFrame({"unit": self.units, "first": pd.array(first, dtype="string"), "reversed": back})
        return table.sort_values(["first", "unit"], kind="stable", ignore_index=True)


def adoption(panel: RolloutPanel) -> Adoption:
    """Who adopted when: how many units began in each period, how many never did, and who stopped again.

    panel : from `panel`. Returns a row per cohort (coordinate `cohort`: its first period, `never` for units without the
    method); `n` is the number of all units. `table` has every unit; `reversals` names those that had the method and
    then not. Units of which it is not known in every period whether they had it are left out, and a note counts them.
    Cohorts of fewer than five units are pointed out. Raises nothing.

    >>> import pandas as pd
    >>> import evaltools as ev
    >>> rows = pd.DataFrame({"unit": list("aabb"), "period": [2015, 2016] * 2, "uses": [0, 1, 0, 0]})
    >>> who = ev.rollout.adoption(ev.rollout.panel(rows, treated="uses"))
    >>> who.row(cohort="2016").count, who.extra["never"]
    (1, 1.0)
    """
    known = panel.of_units(np.asarray(~panel.unknown.any(axis=1)))
    story = _story(known, tuple(sorted(set(panel.units) - set(known.units))), panel.code)
    counts = [(story.periods[start], story.say("label.cohort", period=story.periods[start]), size)
              for start, size in story.sizes.items()]  # fmt: skip
    if story.never:
        counts.append(("never", story.say("label.never"), story.never))
    total = len(known.units)
    rows = tuple(
        Row(
            coordinates=(("cohort", key),),
            labels=(label,),
            estimate=float(count),
            n=total,
            base=float(total),
            method=story.say("method.adoption"),
            N=total,
            count=count,
        )
        for key, label, count in counts
    )
    return Adoption(
        measure="count",
        rows=rows,
        source=_source(story),
        notes=common_notes(story),
        r=f"{NO_R}counts of a column",
        extra=sizes_as_extra(story),
        periods=panel.periods,
        units=known.units,
        starts=known.starts,
        reversals=known.reversals,
    )


def _story(panel: RolloutPanel, left_out: tuple[str, ...], code: str) -> Story:
    nothing: Floats = np.zeros((len(panel.units), 1))
    outcome = panel.about.method or panel.names[2]
    found = Measured(
        panel, nothing, np.ones(len(panel.units)), outcome, is_share=False, average="unit", left_out=left_out
    )
    return story_of(found, call("rollout.adoption", code, {}))


def _source(story: Story) -> Source:
    found = source_of(story, story.code)
    return replace(found, question=story.about.method or found.question, confidentiality="practice")

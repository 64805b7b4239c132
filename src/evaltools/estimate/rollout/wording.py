"""What a result of a rollout says about itself: whose average it is, who adopted when, what cannot be told and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from evaltools.estimate.arrays import Codes, Floats
from evaltools.estimate.result import Measured as Kind
from evaltools.estimate.result import Row, Source
from evaltools.estimate.rollout.engine import Heard
from evaltools.estimate.rollout.outcomes import Average, Measured
from evaltools.estimate.rollout.panels import About
from evaltools.estimate.rollout.unlike import degrees, reach
from evaltools.language import Language, listed, noun, number, texts

FEW: Final = 5
"""Cohorts with fewer units than this are pointed out."""


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """What every result of one outcome in one rollout shares, without the data.

    starts, weights : by unit. periods : in words. reversals, left_out : how many units. name : of the outcome.
    outcome : its name or words. average : whose. heard : caveats of the engine.
    """

    starts: Codes
    weights: Floats
    periods: tuple[str, ...]
    reversals: int
    left_out: int
    outcome: str
    is_share: bool
    average: Average
    about: About
    code: str
    heard: Heard = field(default_factory=Heard)
    sizes: Mapping[int, int] = field(init=False)
    """How many units each cohort has, by its start."""

    def __post_init__(self) -> None:
        starts, counts = np.unique(self.starts[self.starts < len(self.periods)], return_counts=True)
        object.__setattr__(self, "sizes", dict(zip(starts.tolist(), counts.tolist(), strict=True)))

    def say(self, key: str, **values: object) -> str:
        """A text of this room in the language of the results."""
        return texts(self.about.language).say(f"rollout.{key}", **values)

    @property
    def unlike(self) -> bool:
        """Whether some units count more than others."""
        return bool(np.ptp(self.weights) > 0)

    @property
    def interval(self) -> str:
        """How limits are found, in words."""
        return self.say(f"interval.{'unlike' if self.unlike else 'alike'}")

    def degrees(self, influence: Floats) -> list[float | None]:
        """Degrees of freedom of each effect (influence : units x effects); None where intervals are normal."""
        if not self.unlike:
            return [None] * influence.shape[1]
        found = degrees(influence.T, self.weights[None, :], self.starts)
        return [each if np.isfinite(each) else None for each in found.tolist()]

    @property
    def kind(self) -> Kind:
        """Shares differ by percentage points; other numbers in their own unit."""
        return "difference" if self.is_share else "coefficient"

    @property
    def cohorts(self) -> tuple[int, ...]:
        """The starts that units have, in order; those without the method are no cohort."""
        return tuple(self.sizes)

    @property
    def never(self) -> int:
        """How many units never had the method."""
        return int((self.starts == len(self.periods)).sum())

    def units(self, count: int) -> str:
        """A number of units in words ("12 kommuner")."""
        language = self.about.language
        known = noun(self.about.unit, language)
        word = (known.one if count == 1 else known.many) if known else self.about.unit
        return f"{number(count, 0, language)} {word}"


def story_of(measured: Measured, code: str, heard: Heard = Heard()) -> Story:  # noqa: B008 frozen
    """The story of an outcome; code : the call that gives the result again, after its panel."""
    panel = measured.panel
    return Story(
        starts=panel.starts,
        weights=measured.weights,
        periods=panel.periods,
        reversals=len(panel.reversals),
        left_out=len(measured.left_out),
        outcome=panel.about.outcome or measured.name,
        is_share=measured.is_share,
        average=measured.average,
        about=panel.about,
        code=code,
        heard=heard,
    )


def source_of(story: Story, code: str) -> Source:
    """Where a number comes from."""
    about = story.about
    known = noun(about.unit, about.language)
    return Source(
        origin=about.origin,
        survey=about.title or story.outcome,
        question=story.outcome,
        universe=story.say("universe", units=known.many if known else about.unit),
        weight=weight_words(story),
        confidentiality=about.confidentiality,
        code=code,
        unit=about.unit,
        title=about.title,
        language=about.language,
    )


def weight_words(story: Story) -> str:
    """How units count, in words."""
    if story.average == "unit":
        return texts(story.about.language).say("estimate.weight.none")
    return story.say("weight.size", counted=_counted(story))


def target(story: Story, key: str, **values: object) -> str:
    """The target parameter in words, with whose average it is."""
    known = noun(story.about.unit, story.about.language)
    units = known.many if known else story.about.unit
    whose = story.say(f"average.{story.average}", units=units, counted=_counted(story))
    return story.say("note.target", target=story.say(f"target.{key}", units=units, **values), average=whose)


def _counted(story: Story) -> str:
    known = noun(story.about.counted, story.about.language)
    return known.many if known else story.about.counted


def common_notes(story: Story, told: Iterable[tuple[int, int]] = ()) -> tuple[str, ...]:
    """Notes on who adopted when, small cohorts, units left out, units that stopped, and caveats of the engine.

    told : starts and periods (places) that the result has an effect for; none where it has none by cohort.
    """
    found = [_cohort_note(story)]
    small = [start for start, size in story.sizes.items() if size < FEW]
    if small:
        which = listed([_named(story, start) for start in small], story.about.language)
        found.append(story.say("note.small", cohorts=which, limit=FEW))
    found += _unidentified(story, set(told)) if told else []
    for key, count in (("left_out", story.left_out), ("reversals", story.reversals)):
        if count:
            found.append(story.say(f"note.{key}", units=story.units(count)))
    found += [story.say(f"caveat.{key}") for key in story.heard.keys]
    if story.heard.other:
        found.append(story.say("caveat.other", count=story.heard.other))
    return tuple(found)


def _cohort_note(story: Story) -> str:
    cohorts = listed([_named(story, start) for start in story.cohorts], story.about.language)
    return story.say("note.cohorts", cohorts=cohorts, never=story.units(story.never))


def _named(story: Story, start: int) -> str:
    return story.say("note.cohort", period=story.periods[start], units=story.units(story.sizes[start]))


def _unidentified(story: Story, told: set[tuple[int, int]]) -> list[str]:
    """What no effect can be told of, and why: no period before, or nobody without the method in the period."""
    silent = [start for start in story.cohorts if not any(each == start for each, _ in told)]
    later = [start for start in silent if start]
    found = [
        story.say(
            f"note.{'no_effect' if start else 'no_before'}",
            period=story.periods[start],
            units=story.units(story.sizes[start]),
        )
        for start in silent
    ]
    last = max((period for _, period in told), default=0)
    missing = [story.periods[place] for place in range(last + 1, len(story.periods))]
    if missing and later:
        found.append(story.say("note.no_untreated", periods=listed(missing, story.about.language)))
    return found


def interval(effect: float, se: float, level: float, df: float | None = None) -> tuple[float, float]:
    """The normal interval, or that of a t distribution."""
    half = float(reach(level, np.inf if df is None else df)) * se
    return effect - half, effect + half


def effect_row(
    coordinates: Sequence[tuple[str, str]],
    labels: Sequence[str],
    numbers: tuple[float, float | None],
    n: int,
    told: tuple[str, float],
    df: float | None = None,
) -> Row:
    """One effect. numbers : effect and standard error, None where it has none. told : method in words, level.

    df : degrees of freedom of the interval; None where it is normal.
    """
    effect, se = numbers
    low, high = (None, None) if se is None else interval(effect, se, told[1], df)
    return Row(
        coordinates=tuple(coordinates),
        labels=tuple(labels),
        estimate=effect,
        n=n,
        base=float(n),
        method=told[0],
        se=se,
        low=low,
        high=high,
        level=told[1],
        df=df,
    )


def sizes_as_extra(story: Story) -> dict[str, float]:
    """What a result rests on as values: `cohort_2015`, `never`, `left_out`, `reversals`; `by_size` is 1 or 0."""
    found = {f"cohort_{story.periods[start]}": float(size) for start, size in story.sizes.items()}
    return {
        **found,
        "never": float(story.never),
        "left_out": float(story.left_out),
        "reversals": float(story.reversals),
        "by_size": float(story.average == "size"),
    }


def event_words(story: Story, event: int) -> str:
    """An event time in words ("2 perioder efter")."""
    language: Language = story.about.language
    if event == 0:
        return story.say("event.start")
    key = f"event.{'after' if event > 0 else 'before'}{'_one' if abs(event) == 1 else ''}"
    return story.say(key, count=number(abs(event), 0, language))

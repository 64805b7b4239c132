"""What steers a rehearsal, and what it reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from evaltools.collect.model import Answers
from evaltools.language import Text
from evaltools.rehearsal.chance import Chance
from evaltools.rehearsal.drivers import Predictor, predict
from evaltools.schema.model import Questionnaire


@dataclass(frozen=True, slots=True)
class Course:
    """Something that begins, goes on for months and ends in one of several ways, and when a register sees it.

    begins : the field of its first month. opened, closed : first and last month of the register, counted from January
    of the reference year. scales, shapes : of the Weibull time (months) to each ending, by its code. hastes : what
    makes an ending come sooner: log of the hazard.
    """

    begins: str
    opened: int
    closed: int
    scales: Mapping[str, float]
    shapes: Mapping[str, float]
    hastes: Mapping[str, Predictor] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ItemSettings:
    """How the answers to one item, or one of its fields, are drawn. What is empty is drawn in the ordinary way.

    weights : of the codes of a single choice (or of the values of a small number), in the order they lie on a
    ladder; shift : what moves a unit up it. chosen : log-odds of each code of a multiple choice;
    alone : probability of a code that excludes the others. mean : log of the
    expected count, but of a year the year itself; spread : standard deviation of a unit's own deviation from it,
    on the log scale; exact : no counting noise on top. of, less, share : a part of the field `of` without the
    fields `less`, each with the log-odds of `share`. plus : a field that the drawn number is added to. after : a
    year or month that this one does not lie before; `<year>:<week>` names the fields of a week. low, high : limits;
    of a month in months from January of the reference year. missing : log-odds per kind of missing. blank :
    probability that it is left empty; along : a field without which it is left empty. like, likely : takes the
    answer of another field over with that probability.
    says : sentences of which a text has two, after the mark of a rehearsal.
    course : the name of the course that the field tells about, with the codes `going` and `gone` where it says
    whether that is over; follows : it is the month from which the course is seen; latest : the highest of its codes,
    in months, that the course has lasted; reaches : left empty where the course has not lasted so many months.
    In names of fields `{row}` stands for the row of a grid.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    shift: Predictor = field(default_factory=dict)
    chosen: Mapping[str, Predictor] = field(default_factory=dict)
    mean: Predictor = field(default_factory=dict)
    spread: float = 0.0
    exact: bool = False
    of: str = ""
    less: tuple[str, ...] = ()
    plus: str = ""
    after: str = ""
    share: Predictor = field(default_factory=dict)
    alone: float | None = None
    low: float | None = None
    high: float | None = None
    missing: Mapping[str, Predictor] = field(default_factory=dict)
    blank: float | None = None
    along: str = ""
    like: str = ""
    likely: float = 0.0
    says: tuple[str, ...] = ()
    course: str = ""
    going: str = ""
    gone: str = ""
    follows: bool = False
    latest: bool = False
    reaches: float = 0.0


@dataclass(frozen=True, slots=True)
class SurveySettings:
    """How one survey is rehearsed.

    response : log-odds that a unit submits. panel : correlation of a unit's answers between waves.
    records, units : in a registration, how many records (least, most) each of how many units keeps; likeness :
    correlation of two records of one unit. courses : by name, what fields tell about.
    """

    response: Predictor
    panel: float
    records: tuple[int, int]
    units: int
    likeness: float
    items: Mapping[str, ItemSettings]
    courses: Mapping[str, Course] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draw:
    """What a draw can look at: the unit's frame, the wave, the answers before, and its chance.

    wave : 0 for the first; in a register the number of the record, from 0.
    texts : the words of made-up answers. attempt : 0, or how often the field has been drawn before.
    """

    questionnaire: Questionnaire
    frame: Mapping[str, str]
    wave: int
    answers: Answers
    chance: Chance
    texts: Mapping[str, str]
    attempt: int

    def even(self, name: str, what: str = "") -> float:
        """The number between 0 and 1 that decides a field; at the first attempt it resembles the other wave's."""
        if self.attempt:
            return self.chance.even(name, what, self.attempt)
        return self.chance.tied(name, what)

    def predict(self, predictor: Predictor) -> float:
        """The sum of a predictor here."""
        return predict(predictor, self.frame, self.wave, self.answers)


@dataclass(frozen=True, slots=True)
class Relation:
    """Something true about the made-up answers, and how to find it again from the answers alone.

    value : the truth on the scale of the estimator. estimator : `log_odds` (a yes/no outcome), `part_log_odds` (`of`
    out of a total), `log_mean` (a count) or `correlation` (of one figure between two waves). outcome, base : fields;
    codes : which answers count as yes; on : the driver whose coefficient is the truth; also : further drivers in the
    model; waves : whose answers are used.
    """

    name: str
    sentence: Text
    survey: str
    waves: tuple[str, ...]
    estimator: str
    outcome: str
    on: str
    value: float
    codes: tuple[str, ...] = ()
    base: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WaveCount:
    """How a rehearsed wave went: units by how far they came, and the records of a registration."""

    id: str
    units: int
    submitted: int
    partial: int
    refused: int
    records: int


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What was made up."""

    seed: int
    waves: tuple[WaveCount, ...]

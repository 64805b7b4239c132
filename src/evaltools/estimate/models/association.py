"""Whether answering goes with a column of the frame: Pearson's test of association, by statsmodels."""

from __future__ import annotations

import numpy as np
from statsmodels.stats.contingency_tables import Table

from evaltools.dataset.model import Dataset
from evaltools.errors import DesignError, Fault, near
from evaltools.estimate.result import Source, Test
from evaltools.estimate.survey import words
from evaltools.estimate.survey.answers import code_text
from evaltools.language import texts

_FEW = 5


def response_test(data: Dataset, by: str) -> Test:
    """Pearson's chi-squared test of whether units answered equally often in all groups of a frame column.

    by : a column of the frame, such as `region`. A note tells when groups are so small that the p-value is rough.
    Raises `DesignError`: NO_SUCH_VARIABLE, NOTHING_TO_EXPLAIN.
    Source: Pearson (1900), by statsmodels `Table.test_nominal_association`.
    """
    units = data.frame if data.population.empty else data.population
    where = data.questionnaire.id
    if by not in data.frame_columns:
        problem = f'the frame has no column "{by}"'
        raise DesignError(Fault("NO_SUCH_VARIABLE", where, problem, near(by, data.frame_columns)))
    groups = np.array([code_text(value) for value in units[by]])
    responded = units["responded"].to_numpy(dtype=bool)
    if responded.all() or not responded.any() or len(set(groups)) < 2:
        problem = "all units answered, or none did, or there is one group only"
        raise DesignError(Fault("NOTHING_TO_EXPLAIN", where, problem, "There is no difference to explain."))
    counts = np.array([[np.sum(responded[groups == g]), np.sum(~responded[groups == g])] for g in sorted(set(groups))])
    table = Table(counts, shift_zeros=False)
    found = table.test_nominal_association()
    say = texts(data.questionnaire.languages[0]).say
    few = bool((table.fittedvalues < _FEW).any())
    return Test(
        name=say("estimate.label.response_test"),
        statistic=float(found.statistic),
        p_value=float(found.pvalue),
        method=say("estimate.method.chi_squared"),
        source=Source(
            origin=data.origin,
            survey=where,
            question=say("estimate.label.responded"),
            universe=data.questionnaire.universe.to(data.questionnaire.languages[0]),
            weight=say("estimate.weight.none"),
            confidentiality="practice",
            code=words.call("response_test", data.code, {}, by),
            unit=data.questionnaire.unit,
            title=words.title(data.questionnaire, data.questionnaire.languages[0]),
        ),
        df=(float(found.df),),
        notes=(say("estimate.note.few_expected", limit=_FEW),) if few else (),
    )

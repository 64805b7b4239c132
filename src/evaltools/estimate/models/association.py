"""Whether answering goes with a column of the frame: Pearson's test of association, by statsmodels."""

from __future__ import annotations

import numpy as np
from statsmodels.stats.contingency_tables import Table

from evaltools.dataset.model import Dataset
from evaltools.errors import DesignError, Fault
from evaltools.estimate.result import Test
from evaltools.estimate.survey.designs.answers import code_text
from evaltools.estimate.survey.designs.soundness import check_in_frame
from evaltools.estimate.survey.writing import words
from evaltools.language import texts

_FEW = 5


def response_test(data: Dataset, by: str) -> Test:
    """Pearson's chi-squared test of whether units answered equally often in all groups of a frame column.

    by : a column of the frame, such as `region`. A note tells when groups are so small that the p-value is rough.
    Raises `DesignError`: NO_SUCH_VARIABLE, NOTHING_TO_EXPLAIN.
    Source: Pearson (1900), by statsmodels `Table.test_nominal_association`.
    data : from `load`. Returns a `Test`.
    """
    units = data.frame if data.population.empty else data.population
    where = data.questionnaire.id
    check_in_frame(data, [by])
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
        source=words.source_of_response(data, words.call("response_test", data.code, {}, by)),
        df=(float(found.df),),
        notes=(say("estimate.note.few_expected", limit=_FEW),) if few else (),
        r=f"chisq.test(matrix(c({', '.join(map(str, counts.T.ravel()))}), ncol = 2), correct = FALSE)",
    )

"""Design-based estimates: one `Design`, and shares, means, totals, ratios and tests that respect it."""

from evaltools.estimate.survey.amounts.design_effects import design_effects
from evaltools.estimate.survey.amounts.means import mean, ratio, total
from evaltools.estimate.survey.amounts.quantiles import quantile
from evaltools.estimate.survey.amounts.variances import variance
from evaltools.estimate.survey.census import design
from evaltools.estimate.survey.comparisons.changes import change
from evaltools.estimate.survey.comparisons.comparing import t_test
from evaltools.estimate.survey.comparisons.contrasts import contrast
from evaltools.estimate.survey.comparisons.multiplicity import adjust, adjusted
from evaltools.estimate.survey.comparisons.pairs import cochran_q, mcnemar, pairwise_mcnemar
from evaltools.estimate.survey.comparisons.several import answer_shares, combinations
from evaltools.estimate.survey.comparisons.together import together
from evaltools.estimate.survey.designs.model import Design
from evaltools.estimate.survey.intervals import interval
from evaltools.estimate.survey.intervals.interval import Interval
from evaltools.estimate.survey.plain import survey_design
from evaltools.estimate.survey.regression import (
    Model,
    average_marginal_effects,
    effect_ratios,
    glm,
    predicted_means,
    term_test,
)
from evaltools.estimate.survey.responding.absence import missing_kinds
from evaltools.estimate.survey.responding.early import early_and_late
from evaltools.estimate.survey.responding.response import item_response, response, response_balance
from evaltools.estimate.survey.shares.proportions import choices, proportion
from evaltools.estimate.survey.shares.publishing import publication_flags
from evaltools.estimate.survey.tables.crosstabs import crosstab, rao_scott
from evaltools.estimate.survey.tables.permuting import permutation_test
from evaltools.estimate.survey.weights.resampling import bootstrap, half_samples, jackknife, with_replicates
from evaltools.estimate.survey.weights.weighting import calibrate, poststratify, rake, standardise, trim

__all__ = [
    "Design",
    "Interval",
    "Model",
    "adjust",
    "adjusted",
    "answer_shares",
    "average_marginal_effects",
    "bootstrap",
    "calibrate",
    "change",
    "choices",
    "cochran_q",
    "combinations",
    "contrast",
    "crosstab",
    "design",
    "design_effects",
    "early_and_late",
    "effect_ratios",
    "glm",
    "half_samples",
    "interval",
    "item_response",
    "jackknife",
    "mcnemar",
    "mean",
    "missing_kinds",
    "pairwise_mcnemar",
    "permutation_test",
    "poststratify",
    "predicted_means",
    "proportion",
    "publication_flags",
    "quantile",
    "rake",
    "rao_scott",
    "ratio",
    "response",
    "response_balance",
    "standardise",
    "survey_design",
    "t_test",
    "term_test",
    "together",
    "total",
    "trim",
    "variance",
    "with_replicates",
]

"""Generalised linear models on a design: linear, logistic and Poisson, with design-based covariance."""

from evaltools.estimate.survey.regression.effects import average_marginal_effects
from evaltools.estimate.survey.regression.model import Model, glm
from evaltools.estimate.survey.regression.predictions import predicted_means
from evaltools.estimate.survey.regression.testing import effect_ratios, term_test

__all__ = ["Model", "average_marginal_effects", "effect_ratios", "glm", "predicted_means", "term_test"]

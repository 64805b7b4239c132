"""Ordinary statistical models on survey data, fitted by statsmodels.

A room of its own, and not imported by `evaltools.estimate`: loading statsmodels takes seconds.
"""

from evaltools.estimate.models.association import response_test
from evaltools.estimate.models.response_model import response_model

__all__ = ["response_model", "response_test"]

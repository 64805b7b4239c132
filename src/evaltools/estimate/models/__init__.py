"""Ordinary statistical models on survey data, fitted by statsmodels.

A room of its own, and not imported by `evaltools.estimate`: loading statsmodels takes seconds.
"""

from evaltools.estimate.models.response_model import response_model
from evaltools.estimate.models.response_test import response_test

__all__ = ["response_model", "response_test"]

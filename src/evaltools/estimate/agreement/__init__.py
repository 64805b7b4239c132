"""How well coders agree: Cohen's and Fleiss' kappa, Krippendorff's alpha, with missing codes and intervals."""

from evaltools.estimate.agreement.codings import Codes
from evaltools.estimate.agreement.kappas import cohen, fleiss
from evaltools.estimate.agreement.krippendorff import krippendorff
from evaltools.estimate.agreement.resampling import Resampled

__all__ = ["Codes", "Resampled", "cohen", "fleiss", "krippendorff"]

"""The form: what its pages show, carry and take in."""

from evaltools.web.form.rules_for_page import RunningSum, rules_for_page, running_sums

__all__ = ["RunningSum", "rules_for_page", "running_sums"]

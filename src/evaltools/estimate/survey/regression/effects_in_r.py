"""R code for average marginal effects and predicted means, which R's `survey` does not give with their whole variance.

It has nothing for the former; `svypredmeans` adds the variances of coefficients and of covariates, and leaves out how
they go together.
"""

from __future__ import annotations

from typing import Final

from evaltools.estimate.survey.designs.answers import Column
from evaltools.estimate.survey.writing import rcode

PROGRAM: Final = """m <- {model}
s <- m$survey.design
X <- model.matrix(m)
used <- match(rownames(X), rownames(s$variables))
w <- weights(s, "sampling")[used]
u <- s$variables[used, ]
v <- weights(m, "working")
A <- solve(crossprod(X, v * X))
expected <- function(new, b) {{
  f <- model.frame(delete.response(terms(m)), new, xlev = m$xlevels)
  eta <- drop(model.matrix(delete.response(terms(m)), f) %*% b)
  m$family$linkinv(if (is.null(model.offset(f))) eta else eta + model.offset(f))
}}
average <- function(effect) {{
  g <- effect(coef(m))
  a <- weighted.mean(g, w)
  J <- sapply(seq_along(coef(m)), function(j) {{
    h <- replace(0 * coef(m), j, 1e-3 * SE(m)[j])
    weighted.mean(effect(coef(m) + h) - effect(coef(m) - h), w) / (2 * h[j])
  }})
  z <- (g - a) / sum(w) + drop((X * resid(m, "working") * v / w) %*% (A %*% J))
  list(a = a, z = z)
}}
ame <- function(one, other, unit) average(function(b) (expected(one, b) - expected(other, b)) / unit)
predicted <- function(one) average(function(b) expected(one, b))
effects <- list({calls})
z <- matrix(0, nrow(s$variables), length(effects))
z[used, ] <- sapply(effects, function(one) one$z)
r <- svytotal(z, s)
r[] <- sapply(effects, function(one) one$a)
r"""
"""The effect by coefficient is a difference quotient, good to about 1e-6."""


def difference(column: Column, one: object, other: object) -> str:
    """The mean difference if all had one value or the other."""
    return f"ame({_all_with(column, one)}, {_all_with(column, other)}, 1)"


def prediction(column: Column, one: object) -> str:
    """The mean outcome if all had the value."""
    return f"predicted({_all_with(column, one)})"


def _all_with(column: Column, value: object) -> str:
    written = rcode.quoted(value) if isinstance(value, str) else f"{value:g}"
    return f"transform(u, {column.name} = {written})"


def slope(column: Column, step: float) -> str:
    """The mean slope, as a difference quotient over a small step."""
    step = float(f"{step:.0e}")
    more, less = (f"transform(u, {column.name} = {column.name} {sign} {step:g})" for sign in "+-")
    return f"ame({more}, {less}, {2 * step:g})"

"""The same results in R, for those who want to check: packages did, fixest, didimputation, bacondecomp, synthdid."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final, Protocol

from evaltools.estimate.rollout.outcomes import Outcome
from evaltools.estimate.rollout.panels import RolloutPanel

UNLIKE: Final = "# R does otherwise: it does not widen errors where units count unlike (HC2), and its limits are normal"


class HowCompared(Protocol):
    """What R is told of a comparison."""

    @property
    def controls(self) -> str:
        """Whom units with the method are compared with."""
        ...

    @property
    def covariates(self) -> tuple[str, ...]:
        """Columns that trends may depend on."""
        ...

    @property
    def adjustment(self) -> str:
        """How they are adjusted for."""
        ...

    @property
    def anticipation(self) -> int:
        """How many periods ahead the method may show."""
        ...

    @property
    def base(self) -> str:
        """What differences before adoption are from."""
        ...

    @property
    def average(self) -> str:
        """Whose average."""
        ...


def r_data(panel: RolloutPanel, outcome: Outcome) -> str:
    """Lines that make R's frame: `data` is the user's; `y`, `id`, `t` and `g` (first period, 0: never) are added."""
    unit, period, adoption = (f'data[["{name}"]]' for name in panel.names)
    y = " / ".join(f'data[["{name}"]]' for name in ([outcome] if isinstance(outcome, str) else outcome))
    lines = [f"data$y <- {y}", f"data$id <- as.integer(factor({unit}))", f"data$t <- {period}"]
    if panel.codes:
        having = ", ".join(f'"{code}"' for code in panel.codes)
        lines.append(f"data$g <- ave(ifelse({adoption} %in% c({having}), data$t, Inf), data$id, FUN = min)")
        lines.append("data$g[is.infinite(data$g)] <- 0")
    else:
        lines.append(f"data$g <- ifelse(is.na({adoption}), 0, {adoption})")
    return "; ".join(lines)


def r_group_time(panel: RolloutPanel, outcome: Outcome, how: HowCompared) -> str:
    """R's att_gt."""
    formula = f"~ {' + '.join(how.covariates)}" if how.covariates else "~ 1"
    arguments = {
        "yname": '"y"',
        "tname": '"t"',
        "idname": '"id"',
        "gname": '"g"',
        "xformla": formula,
        "control_group": json.dumps(how.controls.replace("_", "")),
        "est_method": '"dr"' if how.adjustment == "doubly_robust" else '"reg"',
        "anticipation": str(how.anticipation),
        "base_period": json.dumps(how.base),
        "bstrap": "FALSE",
        "cband": "FALSE",
    }
    size = ""
    if how.average == "size":
        size = f"{UNLIKE}\n"
        arguments["weightsname"] = json.dumps(panel.size or (outcome[1] if not isinstance(outcome, str) else ""))
    said = ", ".join(f"{name} = {value}" for name, value in arguments.items())
    return f"{size}{r_data(panel, outcome)}\nlibrary(did)\neffects <- att_gt({said}, data = data)"


def r_aggregate(r: str, kind: str) -> str:
    """R's aggte of the effects."""
    return f'{r}\naggte(effects, type = "{kind}", bstrap = FALSE, cband = FALSE)'


def r_imputation(panel: RolloutPanel, outcome: Outcome, covariates: Sequence[str], average: str) -> str:
    """R's did_imputation."""
    size = f"{UNLIKE}; it is told of no weights here\n" if average == "size" else ""
    first = f"first_stage = ~ {' + '.join(covariates)} | id + t, " if covariates else ""
    call = f'did_imputation(data, yname = "y", gname = "g", tname = "t", idname = "id", {first}horizon = TRUE)'
    return f"{size}{r_data(panel, outcome)}\nlibrary(didimputation)\n{call}"


def r_interaction(panel: RolloutPanel, outcome: Outcome) -> str:
    """R's sunab."""
    call = "feols(y ~ sunab(ifelse(g == 0, 10000, g), t) | id + t, data, cluster = ~ id)"
    return f"{r_data(panel, outcome)}\nlibrary(fixest)\n{call}"


def r_two_way(panel: RolloutPanel, outcome: Outcome) -> str:
    """R's regression with two fixed effects."""
    treated = "data$d <- as.integer(data$g > 0 & data$t >= data$g)"
    return f"{r_data(panel, outcome)}\n{treated}\nlibrary(fixest)\nfeols(y ~ d | id + t, data, cluster = ~ id)"


def r_decomposition(panel: RolloutPanel, outcome: Outcome) -> str:
    """R's Goodman-Bacon decomposition."""
    treated = "data$d <- as.integer(data$g > 0 & data$t >= data$g)"
    call = 'bacondecomp::bacon(y ~ d, data, id_var = "id", time_var = "t")'
    return f"{r_data(panel, outcome)}\n{treated}\n{call}"


def r_synthetic(panel: RolloutPanel, outcome: Outcome) -> str:
    """R's synthdid."""
    treated = "data$d <- as.integer(data$g > 0 & data$t >= data$g)"
    call = "synthdid_estimate(s$Y, s$N0, s$T0)"
    setup = 's <- panel.matrices(data, unit = "id", time = "t", outcome = "y", treatment = "d")'
    return f"{r_data(panel, outcome)}\n{treated}\nlibrary(synthdid)\n{setup}\n{call}"

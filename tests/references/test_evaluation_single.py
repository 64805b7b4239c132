"""One place: interrupted series held to R and statsmodels, synthetic control to a solver of its own kind."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.optimize import minimize

import evaltools as ev


def months() -> pd.DataFrame:
    """Made-up placements by month, with a trend, seasons, a fall and neighbours that are alike."""
    chance = np.random.default_rng(7)
    time = np.arange(1, 73)
    alike = np.convolve(chance.normal(0, 0.1, 75), [0.5, 0.3, 0.2, 0.1], mode="valid")
    children = 4000 + 10 * time
    rate = -5.0 + 0.004 * time + 0.1 * np.sin(2 * np.pi * time / 12) - 0.25 * (time > 40) + alike
    counts = chance.poisson(children * np.exp(rate))
    return pd.DataFrame({"month": time, "placed": counts, "children": children})


def columns(season: bool) -> npt.NDArray[np.float64]:
    time = np.arange(1.0, 73.0)
    after = (time > 40).astype(float)
    waves = [wave(2 * np.pi * each * time / 12) for each in (1, 2) for wave in (np.sin, np.cos)] if season else []
    return np.column_stack([np.ones(72), after, after * (time - 40), time, *waves])


TOLD: dict[str, dict[str, Any]] = {
    "poisson": {},
    "quasi": {"scale": "X2"},
    "hac": {"cov_type": "HAC", "cov_kwds": {"maxlags": 3}},
}


@pytest.mark.parametrize("errors", ["poisson", "quasi", "hac"])
@pytest.mark.parametrize("season", [0, 12])
def test_the_regression_is_that_of_statsmodels(errors: str, season: int) -> None:
    rows = months()
    series = ev.rollout.series(rows, start=41, count="placed", base="children", period="month")
    ours = ev.rollout.interrupted_series(series, season=season, errors=errors)  # type: ignore[arg-type]
    model = sm.GLM(rows["placed"], columns(bool(season)), sm.families.Poisson(), offset=np.log(rows["children"]))
    told = TOLD[errors]
    theirs = model.fit(tol=1e-13, **told)
    for place, term in enumerate(("level", "slope", "trend"), 1):
        row = ours.row(term=term)
        assert row.estimate == pytest.approx(theirs.params.iloc[place], abs=1e-9)
        assert row.se == pytest.approx(theirs.bse.iloc[place], rel=1e-7)
    assert ours.extra["dispersion"] == pytest.approx(theirs.pearson_chi2 / theirs.df_resid, rel=1e-8)
    assert "lag = 3" in ours.r if errors == "hac" else "glm(count" in ours.r


def states() -> pd.DataFrame:
    chance = np.random.default_rng(3)
    common = chance.normal(size=(3, 20)).cumsum(axis=1)
    values = chance.dirichlet(np.ones(3), 15) @ common + chance.normal(0, 0.05, (15, 20))
    values[0, 14:] += 2.0
    return pd.DataFrame(
        {
            "place": np.repeat([f"p{each:02d}" for each in range(15)], 20),
            "year": np.tile(np.arange(2001, 2021), 15),
            "rate": values.ravel(),
            "first": np.repeat([2015, *[0] * 14], 20),
        }
    )


def test_the_mixture_is_the_one_that_a_general_solver_finds() -> None:
    rows = states()
    values = rows["rate"].to_numpy().reshape(15, 20)

    def away(weights: npt.NDArray[np.float64]) -> float:
        return float(((values[0, :14] - weights @ values[1:, :14]) ** 2).sum())

    whole = {"type": "eq", "fun": lambda weights: weights.sum() - 1}
    found = minimize(
        away, np.full(14, 1 / 14), bounds=[(0, 1)] * 14, constraints=[whole], options={"ftol": 1e-15, "maxiter": 2000}
    )
    gaps = values[0] - found.x @ values[1:]
    ours = ev.rollout.synthetic_control(ev.rollout.panel(rows, unit="place", period="year", first="first"), "rate")
    assert ours.extra["squares_before"] == pytest.approx(found.fun, rel=1e-4)
    assert ours.extra["squares_before"] <= found.fun * (1 + 1e-9)
    assert ours.row(period="mean").estimate == pytest.approx(gaps[14:].mean(), abs=2e-3)
    assert ours.extra["rank"] == 1
    assert ours.extra["p_value"] == pytest.approx(1 / 15)
    assert ours.row(period="mean").estimate == pytest.approx(2.0, abs=0.2)

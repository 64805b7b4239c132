"""Makes the samples of our own municipalities that the twins of the reference entries are about; seeded.

    python tests/municipal_samples.py

writes them into `references/data/` again. All numbers are made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

DATA = Path(__file__).parent / "references" / "data"
SEED = 98
DRAWN, REPLICATES = 20, 30


def samples() -> Mapping[str, pd.DataFrame]:
    """The tables by the name of their file, made from the 98 municipalities that lie beside them."""
    rng = np.random.default_rng(SEED)
    municipalities = pd.read_csv(DATA / "muni98_synthetic.csv")
    answered = pd.read_csv(DATA / "muni98_synthetic_respondents.csv")
    drawn, joint = unequal(municipalities, rng)
    return {
        "municipal_children.csv": children(municipalities, rng),
        "municipal_drawn.csv": drawn,
        "municipal_joint.csv": joint,
        "municipal_bootstrap.csv": bootstrapped(answered, rng),
        "municipal_lonely.csv": answered[(answered["region"] != "Nordjylland") | ~answered["region"].duplicated()],
    }


def children(municipalities: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Two stages: 20 of 98 municipalities, in pairs of about the same number of children; some children in each."""
    chosen = municipalities.iloc[np.sort(rng.choice(len(municipalities), DRAWN, replace=False))]
    rows = []
    for place, (number, inhabitants) in enumerate(
        chosen.sort_values("pop")[["muni_id", "pop"]].itertuples(index=False)
    ):
        size, share = int(5 + inhabitants // 4000), float(rng.uniform(0.2, 0.7))
        for child in range(int(rng.integers(3, 6))):
            kin = rng.random() < share
            weeks = round(float(rng.gamma(4, 6 if kin else 4)) + 1, 1)
            rows.append(
                {
                    "muni_id": number,
                    "pair": f"p{place // 2:02}",
                    "child": 100 * number + child,
                    "municipalities": len(municipalities),
                    "children": size,
                    "kin": "yes" if kin else "no",
                    "method": ("fgc", "none", "sos")[int(rng.integers(0, 3))],
                    "weeks": weeks,
                    "visits": int(rng.poisson(weeks / 3)),
                    "followed": int(rng.random() < 0.4 + 0.3 * kin),
                }
            )
    frame = pd.DataFrame(rows)
    per = frame.groupby("muni_id")["child"].transform("size")
    return frame.assign(wt=(len(municipalities) / DRAWN * frame["children"] / per).round(10))


def unequal(municipalities: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Municipalities drawn with probabilities after the root of their inhabitants; joint ones after Hájek (1964)."""
    root = np.sqrt(municipalities["pop"].to_numpy(dtype=float))
    p = DRAWN * root / root.sum()
    places = np.flatnonzero(np.diff(np.floor(np.concatenate([[0.0], np.cumsum(p)]) + rng.random())) > 0)
    chosen = municipalities.iloc[places]
    placed = rng.poisson(chosen["pop"].to_numpy() * 0.0012)
    network = rng.binomial(placed, 0.1)
    own = np.round(p[places], 12)
    joint = np.outer(own, own) * (1 - np.outer(1 - own, 1 - own) / (p * (1 - p)).sum())
    np.fill_diagonal(joint, own)
    frame = pd.DataFrame({"muni_id": chosen["muni_id"], "p": own, "placed": placed, "network": network})
    return frame, pd.DataFrame(joint, columns=[f"j{number}" for number in chosen["muni_id"]])


def bootstrapped(answered: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Those who answered, with bootstrap weights: n - 1 draws with replacement in each region."""
    columns = np.zeros((len(answered), REPLICATES))
    for _, rows in answered.groupby("region"):
        n = len(rows)
        draws = rng.multinomial(n - 1, np.full(n, 1 / n), REPLICATES).T
        columns[rows.index] = draws * n / (n - 1) * rows["wt"].to_numpy()[:, None]
    names = [f"bw{number}" for number in range(1, REPLICATES + 1)]
    kept = answered[["muni_id", "region", "wt", "placements", "network_placements"]]
    return kept.join(pd.DataFrame(columns.round(10), columns=names, index=answered.index))


if __name__ == "__main__":
    for name, frame in samples().items():
        frame.to_csv(DATA / name, index=False)

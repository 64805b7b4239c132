"""Published examples of counted shares and agreement: twins of the reference cases, which run everywhere."""

from __future__ import annotations

import pytest

from evaluation_calls import Case, check
from evaluation_calls.indicators import CALLS

# Every value has its source; the counts are published ones or made up.
TWINS: list[Case] = [
    {"method": "Miettinen-Nurminen", "dataset": "48/80 vs 56/70", "value": [0.0528, 0.3382], "tolerance": 5e-5,
     "source": "Newcombe (1998), Statistics in Medicine 17, table II, example a, method 4"},
    {"method": "Newcombe", "dataset": "48/80 vs 56/70", "value": [0.0524, 0.3339], "tolerance": 5e-5,
     "source": "Newcombe (1998), Statistics in Medicine 17, table II, example a, method 10"},
    {"method": "Newcombe", "dataset": "0/20 vs 9/10", "value": [0.5558, 0.9821], "tolerance": 1e-4,
     "source": "by hand: 0.9 - sqrt((0.9 - 0.5958)^2 + 0.1611^2), from Wilson's limits 0.5958-0.9821 and 0-0.1611"},
    {"method": "Fisher exact p", "dataset": "8/57 vs 22/98", "value": 0.2915987193, "tolerance": 1e-9,
     "source": "R 4.2.2 fisher.test"},
    {"method": "Boschloo exact p, years as groups", "dataset": "8/57 vs 22/98", "value": 0.2216419055, "tolerance": 1e-8,
     "source": "scipy 1.17.1 with the years as columns", "groups": "years"},
    {"method": "Cohen kappa, se", "dataset": "[[44, 5, 1], [7, 20, 3], [9, 5, 6]]", "value": [0.4915254237, 0.0721274593],
     "tolerance": 1e-8, "source": "statsmodels 0.15.0, cohens_kappa"},
    {"method": "Krippendorff alpha nominal", "dataset": "four coders", "value": 0.743, "tolerance": 5e-4,
     "source": "Krippendorff (2011), Computing Krippendorff's alpha-reliability",
     "parameters": {"data": [
         [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None], [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
         [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None], [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
     ]}},
]  # fmt: skip


@pytest.mark.parametrize("case", TWINS, ids=lambda case: f"{case['method']} {case['dataset']}")
def test_a_published_example_is_ours(case: Case) -> None:
    source = case["source"].replace("scipy", "") if case.get("groups") == "years" else case["source"]
    check({"se": None, **case, "source": source}, CALLS)

"""Small results built by hand, so that what is shown can be tested without a survey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from evaltools.estimate.curve import Curve, CurvePoint, Kind
from evaltools.estimate.result import Estimate, Row, Source
from evaltools.provenance import Origin
from evaltools.schema.model import Confidentiality

METHODS = {"m1": "Familierådslagning", "m2": "Signs of Safety", "m3": "Det inddragende netværksmøde"}


def source(confidentiality: Confidentiality = "practice", origin: Origin = "collected", **changes: str) -> Source:
    """A source in the words of the municipal survey."""
    plain = Source(
        origin=origin,
        survey="Kommunernes arbejde med netværk, 2018",
        question="B1. Hvor langt er kommunen med hver metode pr. 31. december 2017?",
        universe="kommuner, der har svaret",
        weight="ingen",
        confidentiality=confidentiality,
        code='proportion(design(load("network_methods/2018")), "b1_stage", category="user")',
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def share_row(count: int, n: int, N: int | None = None, labels: Sequence[str] = (), **coordinates: str) -> Row:
    """A share with its counts, an interval of plus and minus ten points and its bounds."""
    share = count / n if n else float("nan")
    return Row(
        coordinates=tuple(coordinates.items()),
        labels=tuple(labels) or tuple(coordinates.values()),
        estimate=share,
        n=n,
        base=float(n),
        method="exact hypergeometric",
        se=0.05,
        low=max(share - 0.1, 0.0),
        high=min(share + 0.1, 1.0),
        N=N,
        count=count,
        bounds_low=None if N is None else count / N,
        bounds_high=None if N is None else (count + N - n) / N,
    )


def shares(
    counts: Mapping[str, tuple[int, int]],
    *,
    labels: Mapping[str, str] = METHODS,
    name: str = "row",
    N: int | None = 98,
    where: Source | None = None,
) -> Estimate:
    """Shares by the value of one coordinate: value -> (count, n)."""
    rows = tuple(
        share_row(count, n, N, (labels.get(value, value),), **{name: value}) for value, (count, n) in counts.items()
    )
    return Estimate("share", rows, where or source())


def published(count: int | None, n: int, *, share: float | None = None, **changes: str) -> Estimate:
    """A published local case, with or without counts."""
    changes = {
        "survey": "Aflastning i netværket",
        "question": "Nye aflastningsfamilier fundet i barnets eget netværk",
        "universe": "nye aflastningsfamilier",
        "code": 'published_case("copenhagen_new_families_2012")',
        "citation": "Socialstyrelsen, 9. maj 2014",
        **changes,
    }
    value = share if share is not None else (count or 0) / n
    row = Row((("period", "2012"),), ("2012",), value, n, float(n), "published", count=count)
    return Estimate("share", (row,), source("families", "published", **changes))


def monitored(counts: Sequence[tuple[int, int]], *, kind: Kind = "control", where: Source | None = None) -> Curve:
    """A share by quarter from (count, n), with limits ten points around a half."""
    points = tuple(
        CurvePoint(
            float(place), f"2018-K{place + 1}", count / n if n else None, n, count, centre=0.5, low=0.4, high=0.6
        )
        for place, (count, n) in enumerate(counts)
    )
    return Curve("p-kort", kind, "share", points, where or source(), "p-kort (Shewhart)")


def survived(events: Sequence[tuple[float, int, int]], *, where: Source | None = None) -> Curve:
    """A survival curve from (time, at risk, events)."""
    points, left = [], 1.0
    for time, n, count in events:
        left *= 1 - count / n
        points.append(CurvePoint(time, str(time), left, n, count))
    return Curve("Overlevelse", "steps", "share", tuple(points), where or source("children"), "Kaplan-Meier")

"""An investment in vulnerable children, year by year: staff, dropouts, placement mix, principles, cost and pay-back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

from evaltools.document.model import Block, Paragraph
from evaltools.estimate.economy import Amount
from evaltools.estimate.result import Estimate
from evaltools.language import number as in_digits
from evaltools.language import with_unit
from evaltools.local.blocks import (
    NOTHING,
    drawn,
    heading,
    hidden,
    indicators_block,
    own_table,
    said_share,
    words,
)
from evaltools.local.counting import amount, whole
from evaltools.local.dividing import part_counts
from evaltools.local.paying import (
    ASSUMED,
    PAYS,
    PRICES,
    SPENT,
    amounts_of,
    day_price,
    hangs_on,
    more_for_more,
    pays_after,
)
from evaltools.local.report import System
from evaltools.local.setting import Local
from evaltools.local.yearly import QUOTIENTS, SHARES, yearly_values
from evaltools.local.years import KINDS, Year, knows, may_tell_days, mix, of_year, per_post, told_year, years
from evaltools.present import number
from evaltools.present.charts import tornado_chart
from evaltools.present.tables import Entry
from evaltools.schema.thresholds import thresholds

_STAFF: Final = ("caseworkers", "network_advisers", "wellbeing_staff")
_MOST_YEARS: Final = 6


def _says(local: Local) -> list[str]:
    over = years(local)
    if not over:
        return [local.say("investment.no_year")]
    year = told_year(over)
    said = said_share(of_year(local, year, mix(local, over)), "r5_network")
    first = local.say("investment.in_year", year=year.year, said=said)
    return [first, *_change(local, over), *_prices(local, over), *_paying(local, over)]


def _change(local: Local, over: tuple[Year, ...]) -> Iterator[str]:
    """The children in network care in the first and the last year in which they may be told."""
    released = mix(local, over)
    if released is None:
        return
    counts = {
        year.year: part_counts(local, released, str(year.year), "network") for year in over if knows(year, "network")
    }
    shown = [(year, counts[year]) for year in counts if counts[year] != hidden(local)]
    if len(shown) > 1:
        (first, before), (last, after) = shown[0], shown[-1]
        yield local.say("investment.change", first=first, last=last, before=before, after=after)


def _prices(local: Local, over: tuple[Year, ...]) -> Iterator[str]:
    """What a day of each kind cost in the latest year that tells it."""
    known = amounts_of(local, over)
    if known.keys() >= {"price_foster", "price_institution"}:
        foster, institution = (known[name] for name in ("price_foster", "price_institution"))
        said = {"foster": _kroner(local, foster.value), "institution": _kroner(local, institution.value)}
        yield local.say("investment.prices", foster_source=foster.source, institution_source=institution.source, **said)


def _paying(local: Local, over: tuple[Year, ...]) -> Iterator[str]:
    """When the investment would be covered, and what one more of the effect cost."""
    known = amounts_of(local, over)
    found = pays_after(local, known)
    if found is None:
        yield local.say("investment.never" if known.keys() >= set(PAYS) else "investment.no_break_even")
    else:
        shown = number(local.released(found), language=local.language).shown
        said = {"days": shown[""], "limits": shown.get("limits", shown[""]), "years": found.notes[-1]}
        yield local.say("investment.pays", investment=_kroner(local, known["investment"].value), **said)
    more = more_for_more(local, known)
    if more is not None:
        yield _more(local, known, more)


def _more(local: Local, known: Mapping[str, Amount], found: Estimate) -> str:
    """What one more of the effect cost, or that no figure can say it, since one grew and the other fell."""
    dearer = known["cost_after"].value >= known["cost_before"].value
    more = known["effect_after"].value > known["effect_before"].value
    said = {"first": known["cost_before"].source, "last": known["cost_after"].source}
    said |= {"effect": local.assumed.effect or local.say("investment.effect")}
    said |= {"cost": number(local.released(found), language=local.language).shown[""]}
    return local.say(f"investment.{'dearer' if dearer else 'cheaper'}_{'more' if more else 'fewer'}", **said)


def _shows(local: Local) -> list[Block]:
    over = years(local)
    if not over:
        return []
    year = told_year(over)
    last = of_year(local, year, mix(local, over))
    title = local.say("investment.indicators", year=year.year)
    return [
        indicators_block(last, SHARES, title),
        *_by_year(local, over[-_MOST_YEARS:]),
        heading(local.say("investment.more_heading")),
        *_principles(local, over[-_MOST_YEARS:]),
        *_costs(local, over[-_MOST_YEARS:]),
        *_economy(local, over),
    ]


def _by_year(local: Local, over: tuple[Year, ...]) -> Iterator[Block]:
    """Staff, cases, dropouts, the mix and prices, a line each and a column for each year."""
    together = mix(local, over)

    def lives(kind: str) -> Callable[[Year], Entry]:
        return lambda year: (
            part_counts(local, together, str(year.year), kind)
            if together is not None and knows(year, kind)
            else NOTHING
        )

    asked: dict[str, Callable[[Year], Entry]] = {name: partial(_posts, local, name) for name in _STAFF}
    asked |= {"cases": partial(_count, local, "cases"), "per_post": partial(_per_post, local)}
    asked |= {"dropouts": partial(_dropouts, local), "placed": partial(_count, local, "placed")}
    asked |= {kind: lives(kind) for kind in KINDS}
    asked |= {f"day_{kind}": partial(_price, local, kind) for kind in ("foster", "institution")}
    rows = [[local.say(f"investment.line.{key}"), *(told(year) for year in over)] for key, told in asked.items()]
    yield own_table(local, "investment.by_year", ["", *_named(over)], rows, widths=(3.2, *(1.2,) * len(over)))


def _posts(local: Local, name: str, year: Year) -> str:
    posts = amount(year.values.get(name))
    if posts is None:
        return NOTHING
    if 0 < posts < thresholds()["staff"] and not local.internal:
        return hidden(local)
    return in_digits(posts, 1, local.language)


def _count(local: Local, name: str, year: Year) -> str:
    count = whole(year.values, name)
    if count is None:
        return NOTHING
    small = 0 < count < thresholds()["children"] and not local.internal
    return hidden(local) if small else in_digits(count, 0, local.language)


def _per_post(local: Local, year: Year) -> str:
    value = per_post(local, year)
    return NOTHING if value is None else in_digits(value, 1, local.language)


def _dropouts(local: Local, year: Year) -> Entry:
    share = of_year(local, year, None).share("r5_dropouts")
    if share is None:
        return NOTHING
    shown = number(share, language=local.language)
    return (shown, "" if shown.disclosure == "hidden" else "counts")


def _price(local: Local, kind: str, year: Year) -> Entry:
    found = day_price(local, year, kind)
    return NOTHING if found is None else (number(local.released(found), language=local.language), "bare")


def _principles(local: Local, over: tuple[Year, ...]) -> Iterator[Block]:
    """The guiding principles that had been decided by the end of each year."""
    item = local.file.questionnaire.item_by_name["principles"]
    labels = {one.code: one.label.to(local.language) for one in item.codelist.categories} if item.codelist else {}
    rows: list[list[Entry]] = []
    for row in item.rows:
        told = [year.values.get(f"principles_{row.name}") for year in over]
        rows.append([row.label.to(local.language), *(labels.get(str(each), NOTHING) for each in told)])
    yield own_table(local, "investment.principles", ["", *_named(over)], rows, widths=(3.2, *(1.2,) * len(over)))


def _costs(local: Local, over: tuple[Year, ...]) -> Iterator[Block]:
    """What was spent on what, and how certain the figures of each year are."""
    rows: list[list[Entry]] = [
        [local.say(f"investment.cost.{name}"), *(_cost(local, name, year) for year in over)] for name in SPENT
    ]
    codelist = local.file.questionnaire.item_by_name["figures_quality"].codelist
    labels = {one.code: one.label.to(local.language) for one in codelist.categories} if codelist is not None else {}
    certain = [labels.get(str(year.values.get("figures_quality")), NOTHING) for year in over]
    rows.append([local.say("investment.certain"), *certain])
    yield own_table(local, "investment.costs", ["", *_named(over)], rows, widths=(3.2, *(1.2,) * len(over)))


def _cost(local: Local, name: str, year: Year) -> str:
    cost, kind = amount(year.values.get(name)), name.removeprefix("cost_")
    if cost is None or (kind in PRICES.values() and not may_tell_days(local, year, kind)):
        return NOTHING
    return in_digits(cost, 0, local.language)


def _economy(local: Local, over: tuple[Year, ...]) -> Iterator[Block]:
    """What the calculation assumes, and what its result hangs on most."""
    known = amounts_of(local, over)
    lines = [name for name in ASSUMED if name in known]
    if not lines:
        yield Paragraph(words(local.say("investment.no_break_even")))
        return
    rows: list[list[Entry]] = [[_called(local, name), *_amount(local, known[name])] for name in lines]
    header = [local.say(f"column.{name}") for name in ("assumption", "value", "range", "source")]
    yield own_table(local, "investment.assumptions", header, rows, widths=(3.2, 1.3, 1.9, 2.2))
    if pays_after(local, known) is not None:
        released = local.released(hangs_on(local, known))
        yield drawn(
            local, "tornado", local.say("investment.chart"), partial(tornado_chart, released, language=local.language)
        )


def _called(local: Local, name: str) -> str:
    """What an amount is called; of an effect also what it counts."""
    effect = local.assumed.effect or local.say("investment.effect")
    return local.say(f"investment.amount.{name}", effect=effect[:1].upper() + effect[1:])


def _amount(local: Local, found: Amount) -> tuple[str, str, str]:
    low, high = found.range
    limits = (in_digits(each, 0, local.language) for each in (low, high))
    span = NOTHING if low == high else local.say("span", low=next(limits), high=next(limits))
    return in_digits(found.value, 0, local.language), span, found.source


def _named(over: tuple[Year, ...]) -> list[str]:
    return [str(year.year) for year in over]


def _kroner(local: Local, value: float) -> str:
    return with_unit(in_digits(value, 0, local.language), "kroner", local.language)


INVESTMENT: Final = System(
    "investment", "investment", (*SHARES, *QUOTIENTS), _says, _shows, assumes=ASSUMED, values=yearly_values
)

"""When an entry of the knowledge applies: conditions against what was found and what is known beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from catalog_route.case import CaseFacts
from catalog_route.knowledge import Knowledge, Step, When

_WEIGHTS = {"codes": 4, "signals": 3, "history": 2, "case": 2, "destinations": 1, "start": 1}
MANY_CASES = 2
# What ends a matter, and with it all work towards a case.
FINAL = "final-no"
# Days after which nobody has to wait for a change to show any more.
LONG = 7


def calls_off(when: When, met: When) -> bool:
    """Whether a final no of Amazon's is met that `when` does not ask for: what works towards a case is called off then."""
    return FINAL in met.case and FINAL not in when.case


def holds(when: When, met: When) -> bool:
    """Whether every list of a condition has something in common with what is met, and `unless` nothing.

    Empty lists ask for nothing.
    """
    have = vars(met)
    if when.unless and any(set(when.unless) & set(values) for values in have.values()):
        return False
    return all(not wanted or not set(wanted).isdisjoint(have[name]) for name, wanted in vars(when).items() if name != "unless")


def specificity(when: When) -> int:
    """How much a condition asks for: codes and signals weigh more than history, and that more than destinations."""
    return sum(weight for name, weight in _WEIGHTS.items() if getattr(when, name))


def reason(when: When) -> Literal["problem", "history", "case", "destination", "always"]:
    """What a condition hangs on, the closest first."""
    if when.codes or when.signals:
        return "problem"
    if when.history:
        return "history"
    if when.case:
        return "case"
    return "destination" if when.destinations or when.start else "always"


def circumstances(case: CaseFacts, *, asked: bool = False) -> tuple[str, ...]:
    """What `When.case` can ask for, as it is known; `asked`: the history says that support was asked before."""
    return tuple(_circumstances(case, asked))


def _circumstances(case: CaseFacts, asked: bool) -> Iterator[str]:
    yield "has-case" if asked or case.has_case else "no-case"
    if max(case.count("contacts"), len(case.case_ids)) >= MANY_CASES:
        yield "several-cases"
    if case.final_no:
        yield FINAL
    if case.refused:
        yield "refused"
    if case.count("lasting_days") >= LONG:
        yield "lasts-long"
    if case.account:
        yield case.account
    if case.brand_registered is not None:
        yield "brand-registered" if case.brand_registered else "not-brand-registered"
    if any(not number.valid for number in case.identifiers):
        yield "wrong-check-digit"
    yield from (f"tried-{tier}" for tier in case.tried)


def road(known: Knowledge, met: When) -> list[Step]:
    """The steps that apply, in their order."""
    return sorted((step for step in known.steps.values() if holds(step.when, met)), key=lambda step: (step.order, step.id))

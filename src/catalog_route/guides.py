"""Pages of what is advised: tips, steps, drafts and their placeholders, questions, changes; and of the words of phrases."""

from __future__ import annotations

from collections.abc import Iterator

from catalog_route.drafting import named_in
from catalog_route.knowledge import Change, Draft, Group, Knowledge, Placeholder, Question, Step, Tip, When
from catalog_route.shown import STAGES, Row, Section, Sheet, filled, labelled, source_rows


def tip(known: Knowledge, here: Tip) -> Sheet:
    """A tip: when it is given, why, and on what it rests."""
    rows = (("stage", STAGES[here.stage], ""), ("why", here.why, here.certainty))
    sections = (
        Section("", rows),
        Section("given when", _condition(known, here.when)),
        Section("source", source_rows(known, here.source)),
    )
    return Sheet(here.id, here.text, filled(sections), here)


def step(known: Knowledge, here: Step) -> Sheet:
    """A step of the road: who acts there, how long to wait, when it is taken."""
    place = here.at if here.at not in {**known.tiers, **known.teams} else known.destination(here.at).name
    acting = "you" if here.at == "seller" else place
    rows = (("who acts", acting, ""), ("wait", here.wait, ""), ("certainty", here.certainty, ""))
    sections = (
        Section("", rows),
        Section("taken when", _condition(known, here.when)),
        Section("source", source_rows(known, here.source)),
    )
    return Sheet(here.id, here.text, filled(sections), here)


def draft(known: Knowledge, here: Draft) -> Sheet:
    """A draft with its text as it is kept, placeholders and all."""
    names = dict.fromkeys(name for line in (here.subject, *here.lines) for name in named_in(line))
    words = (
        (signal, f"{{{name}}}: {text}", "") for signal, held in here.words.items() for name, text in held.items()
    )  # fmt: skip
    sections = (
        Section("", (("send", here.send, ""), ("attach", ", ".join(here.attach), ""))),
        Section("subject, as it is kept", (("", here.subject, ""),)),
        Section("text, as it is kept", tuple(("", line or "·", "") for line in here.lines)),
        Section("used when", _condition(known, here.when)),
        Section("words for one problem", tuple(words)),
        Section("placeholders", tuple(_filled_by(known.placeholders[name]) for name in names if name in known.placeholders)),
    )
    return Sheet(here.id, labelled(known, here.subject), filled(sections), here)


def placeholder(known: Knowledge, here: Placeholder) -> Sheet:
    """A placeholder: what fills it, and the drafts that use it."""
    used = (d for d in known.drafts.values() if any(here.id in named_in(line) for line in (d.subject, *d.lines)))
    sections = (
        Section("", (_filled_by(here),)),
        Section("used by", tuple((d.id, labelled(known, d.subject), f"show {d.id}") for d in used)),
    )
    return Sheet(f"{{{here.id}}}", f"Stands in drafts for: {here.label}", filled(sections), here)


def question(known: Knowledge, here: Question) -> Sheet:
    """A question, and how each answer is read."""
    among = ", ".join(_named(known, name) for name in here.between)
    asked = f"hardly sure between {among}" if among else "nothing at all is clear"
    sections = (
        Section("", (("asked when", asked, ""),)),
        Section("answers", tuple((answer, f'read as "{text}"', "") for answer, text in here.answers.items())),
    )
    return Sheet(here.id, here.text, filled(sections), here)


def change(known: Knowledge, here: Change) -> Sheet:
    """What could be otherwise, and how that is tried."""
    tried = "left out" if here.absent else "added"
    counts = ", ".join(f"{name} {'down' if here.absent else 'up'} to {number}" for name, number in here.facts.items())
    rows = ((tried, " ".join(filter(None, (here.signal, here.history))), ""), ("counted", counts, ""))
    summary = f"if {here.text}: the decision is run again with it, and told when the answer becomes another one"
    return Sheet(here.id, summary, filled((Section("", rows), Section("tried when", _condition(known, here.when)))), here)


def group(known: Knowledge, here: Group) -> Sheet:
    """A word group of the vocabulary, and what uses it."""
    name = f"<{here.id}>"
    users = [(s.id, s.title, "") for s in known.signals.values() if any(name in says for says in (*s.says, *s.not_))]
    users += [(h.id, h.title, "") for h in known.history.values() if any(name in says for says in (*h.says, *h.not_))]
    within = ", ".join(f"<{other.id}>" for other in known.groups.values() if name in other.words)
    sections = (
        Section("", (("words", ", ".join(here.words), ""), ("part of", within, ""))),
        Section("used by", tuple(users)),
    )
    return Sheet(name, f"A word group: phrases write {name} for any of its words.", filled(sections), here)


def _filled_by(holder: Placeholder) -> Row:
    by = f"filled from the case: {holder.fact}" if holder.fact else "filled in by the seller, or by the words of a draft"
    return f"{{{holder.id}}}", holder.label, by


def _condition(known: Knowledge, when: When) -> tuple[Row, ...]:
    """A condition in words; nothing asked for means always."""
    rows = tuple(_asked(known, when))
    return rows or (("", "always", ""),)


def _asked(known: Knowledge, when: When) -> Iterator[Row]:
    labels = {
        "signals": "the problem is", "destinations": "the answer is", "history": "it has happened", "codes": "the code is",
        "start": "to start with", "case": "the case", "unless": "unless",
    }  # fmt: skip
    for name, label in labels.items():
        yield label, ", ".join(_named(known, value) for value in getattr(when, name)), ""


def _named(known: Knowledge, ident: str) -> str:
    return known.destination(ident).short if ident in known.tiers or ident in known.teams else ident

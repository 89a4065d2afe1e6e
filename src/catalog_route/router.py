"""The router: text and case facts in, advice out. The one object that programs need.

>>> from catalog_route import Router, load_knowledge
>>> router = Router(load_knowledge())
>>> router.route("feed issue").recommended.id
'captive'
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from catalog_route.advice import Advice
from catalog_route.advising import Adviser
from catalog_route.case import Told, blanked, overruled, read_case, read_history
from catalog_route.deciding import Decider, Decision
from catalog_route.knowledge import Knowledge
from catalog_route.likeness import Likeness
from catalog_route.matching import Matcher, Matches
from catalog_route.places import WEIGHTS, data_dir
from catalog_route.record import changed
from catalog_route.text import oversized


class TextTooLongError(ValueError):
    """A text beyond the stated limit of characters."""


class Router:
    """Routes texts over one knowledge. Holds no state between texts; one router serves any number of threads."""

    def __init__(self, known: Knowledge, likeness: Likeness | None = None, matcher: Matcher | None = None) -> None:
        """`likeness` defaults to the shipped weights, `matcher` to the phrases of `known`, compiled here."""
        self.known = known
        self.likeness = likeness or Likeness.load(data_dir() / WEIGHTS)
        self.matcher = matcher or Matcher(known, self.likeness.words)
        self.decider = Decider(known, self.likeness)
        self.adviser = Adviser(known, self.decider, self.matcher.match)

    def route(self, text: str, case: Told | None = None, *, draft: bool = False, answers: tuple[str, ...] = ()) -> Advice:
        """The advice for `text`; what is told in `case` overrules what the text says. `answers` to its questions count like
        words of the text, but stay out of the draft.

        Raises TextTooLongError beyond 100,000 characters.
        """
        said, heard = self._match("\n".join((text, *answers)), case)
        facts = read_case(said, case, self.known.vocabulary)
        return self.adviser.advise(heard, facts, self.decider.decide(heard, facts), draft=draft, typed=text, answers=answers)

    def decide(self, text: str, case: Told | None = None) -> tuple[Matches, Decision]:
        """Only the decision, without tips and road: what batch runs need."""
        said, heard = self._match(text, case)
        return heard, self.decider.decide(heard, read_history(said, case))

    def _match(self, text: str, case: Told | None) -> tuple[Matches, Matches]:
        """What the text shows, and the same without the words that `case` overrules."""
        if fault := oversized(text):
            raise TextTooLongError(fault)
        said = self.matcher.match(text)
        unheard = overruled(said, case) if case else []
        if not unheard:
            return said, said
        heard = self.matcher.match(blanked(text, unheard))
        return said, changed(heard, view=changed(heard.view, original=text))

    def route_many(self, texts: Iterable[str]) -> Iterator[Advice]:
        """The advice for each text, in order, as they come."""
        return map(self.route, texts)


def knowledge_for(*folders: Path) -> Knowledge:
    """The shipped knowledge with `folders` laid over it (see `load_knowledge`), as compiled before where that still holds.

    Raises KnowledgeError.
    """
    from catalog_route import compiled, stored

    kept = compiled.read(*folders)
    return stored.knowledge(kept, *folders) if kept is not None else _compile(folders).known


def router_for(*folders: Path) -> Router:
    """A router over the same; as it was compiled before, where that still holds.

    Raises KnowledgeError.
    """
    from catalog_route import compiled, stored

    kept = compiled.read(*folders)
    if kept is not None:
        with suppress(compiled.BrokenError), _undisturbed():
            return Router(stored.knowledge(kept, *folders), Likeness.of(kept), Matcher.of(kept))
    return _compile(folders)


def _compile(folders: tuple[Path, ...]) -> Router:
    """Read, check and compile, and keep what comes out."""
    from catalog_route import compiled, stored
    from catalog_route.compiling import matcher_tables
    from catalog_route.loading import load, usable

    loaded = load(folders)
    likeness = Likeness.load(data_dir() / WEIGHTS)
    usable(loaded)
    router = Router(loaded.known, likeness, Matcher.of(matcher_tables(loaded.known, likeness.words, loaded.locate)))
    tables = {**router.matcher.tables, **router.likeness.tables, **stored.sections(loaded.known)}
    compiled.write(folders, loaded.known, tables)
    return router


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Without the garbage collector, which would look through large tables again and again while they are made."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()

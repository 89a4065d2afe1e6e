"""Many texts in one stream: one record out for each record in, in their order, and nothing lost.

A block of lines becomes records, each record its answer, each answer a line of output. `Work` does that for one block and
keeps nothing for the next, so blocks may be worked on anywhere; `batch = map of single` holds by construction.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog_route.counts import Counts

if TYPE_CHECKING:
    from catalog_route.advice import Advice
    from catalog_route.batch_output import Writer
    from catalog_route.records import Parser, Record
    from catalog_route.router import Router
    from catalog_route.workers import Pool


@dataclass(frozen=True, slots=True)
class Brief:
    """What `batch` writes for one record by default, beside the record's own fields.

    `status` is routed, unclear or rejected; `signals` are those that decided. A rejected record has an `error`, and its
    line as it stood as `input` when it has no own fields. Own fields with one of these names, or whose name begins with
    `input.`, get `input.` in front.
    """

    line: int
    status: str
    recommended: str | None
    group: str | None
    start_with: str | None
    confidence: str | None
    signals: tuple[str, ...]
    error: str | None
    input: str | None = None


class Answer(NamedTuple):
    """The brief answer to one text."""

    status: str
    recommended: str | None
    group: str | None
    start_with: str | None
    confidence: str | None
    signals: tuple[str, ...]


REJECTED = Answer("rejected", None, None, None, None, ())


def brief(router: Router, text: str) -> Answer:
    """The answer to `text` in brief: what `route` decides, without tips and road. Raises TextTooLongError."""
    decision = router.decide(text)[1]
    names = [found.signal.id for found in decision.findings if found.counts]
    names += [held.history.id for held in decision.history]
    signals = tuple(dict.fromkeys(names))
    there = decision.destination
    if there is None:
        return Answer("unclear", None, None, None, decision.confidence, signals)
    return Answer("routed", there, router.known.destination(there).group, decision.start, decision.confidence, signals)


def in_brief(advice: Advice) -> Answer:
    """A whole answer in brief; `in_brief(router.route(text)) == brief(router, text)`."""
    signals = tuple(dict.fromkeys(found.signal for found in advice.findings if found.counts))
    there, start = advice.recommended, advice.start_with
    if there is None:
        return Answer("unclear", None, None, None, advice.confidence, signals)
    return Answer("routed", there.id, there.group, start.id if start else None, advice.confidence, signals)


class Done(NamedTuple):
    """A block worked off: its output, and what was counted in it."""

    output: str
    counts: Counts


class Work:
    """Blocks → output. Can be pickled and sent to another process."""

    def __init__(self, router: Router, parser: Parser, writer: Writer, *, full: bool = False) -> None:
        self._router = router
        self._parser = parser
        self._writer = writer
        self._full = full

    def __call__(self, block: Any, stopped: Callable[[], bool] = lambda: False) -> Done:
        """The output of a block; it ends early, after a whole record, when `stopped` says so."""
        counts = Counts()
        out = []
        answered = self._answered if self._full else self._answered_briefly
        for record in self._parser.records(block, counts):
            line, answer = answered(record)
            out.append(line)
            if answer.recommended is not None:
                counts.destinations[answer.recommended] += 1
                counts.confidence[answer.confidence or ""] += 1
            elif answer is REJECTED:
                counts.rejected += 1
            else:
                counts.unclear += 1
            if stopped():
                break
        return Done("".join(out), counts)

    def _answered_briefly(self, record: Record) -> tuple[str, Answer]:
        if record.text is None:
            return self._rejected(record)
        try:
            answer = brief(self._router, record.text)
        except Exception as fault:
            return self._rejected(record._replace(error=_told(fault)))
        return self._writer.line(record, answer), answer

    def _answered(self, record: Record) -> tuple[str, Answer]:
        if record.text is None:
            return self._rejected(record)
        try:
            advice = self._router.route(record.text)
            document = advice.to_dict()
        except Exception as fault:
            return self._rejected(record._replace(error=_told(fault)))
        return self._writer.document(record, document), in_brief(advice)

    def _rejected(self, record: Record) -> tuple[str, Answer]:
        return self._writer.line(record, REJECTED), REJECTED


def _told(fault: Exception) -> str:
    """Why a text could not be routed. One bad record costs one record, whatever it sets off."""
    from catalog_route.router import TextTooLongError

    return str(fault) if isinstance(fault, TextTooLongError) else f"cannot be routed: {type(fault).__name__}: {fault}"


def run(work: Work, blocks: Iterator[Any], stopped: Callable[[], bool]) -> Iterator[Done]:
    """Work off the blocks, one after the other."""
    for block in blocks:
        yield work(block, stopped)
        if stopped():
            return


def run_parallel(pool: Pool, blocks: Iterator[Any], stopped: Callable[[], bool], ready: Callable[[], bool]) -> Iterator[Done]:
    """Work off the blocks in several processes, results in the order of the blocks.

    Only a few blocks are under way at once. While `ready` says that no input is waiting, what is under way is finished
    first, so that a slow source gets its answers at once. When stopped, or when the input breaks, what is under way is
    finished too; what broke the input is raised after that.
    """
    under_way: deque[Any] = deque()
    broken: Exception | None = None
    more = True
    while more or under_way:
        if more and not stopped() and len(under_way) < pool.most and (not under_way or ready()):
            try:
                block = next(blocks, None)
            except KeyboardInterrupt:
                block = None
            except Exception as fault:
                block, broken = None, fault
            more = block is not None
            if block is not None:
                under_way.append(pool.submit(block))
        elif under_way:
            yield under_way[0].result()
            under_way.popleft()
        else:
            return
    if broken is not None:
        raise broken

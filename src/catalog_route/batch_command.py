"""The body of `catalog-route batch`: open, recognise, work off, write, count. Exit 5 when records were rejected."""

from __future__ import annotations

import codecs
import os
import select
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from catalog_route.batch import Done, Work, run, run_parallel
from catalog_route.batch_output import CsvWriter, JsonWriter, NoWriter, Writer
from catalog_route.batch_progress import Progress
from catalog_route.batch_summary import in_order, summary_line, summary_lines
from catalog_route.counts import Counts
from catalog_route.display import visible
from catalog_route.interrupting import Interrupts
from catalog_route.recognising import FORMATS, by_line, by_name, first_line, names_ahead, open_records
from catalog_route.records import Parser
from catalog_route.router import Router, router_for
from catalog_route.streaming import KEEP, READ, whole_lines
from catalog_route.tables import TableError, TableParser
from catalog_route.terminal import Exit, Stop, print_lines, say, unicode_ok, write


@dataclass(frozen=True, slots=True)
class Options:
    """How a batch is read and written. `form` None: recognised; `to` None: by the ending of `output`, else jsonl.

    `workers` 0: one for each core.
    """

    form: str | None = None
    text_field: str | None = None
    encoding: str | None = None
    to: str | None = None
    full: bool = False
    output: Path | None = None
    workers: int = 1
    summary: bool = False
    as_json: bool = False

    @property
    def csv(self) -> bool:
        """Whether CSV comes out."""
        return (self.to or (by_name(self.output.name) if self.output else None)) == "csv"

    def check(self) -> None:
        """Stop (exit 2) on what does not go together."""
        if self.form is not None and self.form not in FORMATS:
            raise Stop(f"--format: {self.form!r} is none of {', '.join(FORMATS)}", Exit.USAGE)
        if self.to not in (None, "jsonl", "csv"):
            raise Stop(f"--to: {self.to!r} is neither jsonl nor csv", Exit.USAGE)
        if self.full and self.csv:
            raise Stop("--full: whole documents are written as JSON lines, not as CSV", Exit.USAGE)
        if self.as_json and not self.summary:
            raise Stop("--json: batch writes JSON lines anyway; with --summary it gives the counts as JSON", Exit.USAGE)
        if self.workers < 0:
            raise Stop("--workers: give 1 or more, or 0 for all cores", Exit.USAGE)
        if self.encoding is not None:
            try:
                codecs.getincrementaldecoder(self.encoding)
                b"a".decode(self.encoding, KEEP)
            except (LookupError, ValueError) as fault:
                raise Stop(f"--encoding: no encoding of texts is called {self.encoding!r}", Exit.USAGE) from fault


def batch(file: str, options: Options | None = None, *data: Path) -> int:
    """Answer all texts of a file with the knowledge of `data` (see `load_knowledge`).

    The exit code: 0, 5 when records were rejected, 128 + the signal that stopped it.

    Stop with exit 5 when the input cannot be read at all, 6 when the output cannot be written, 2 on wrong options.
    """
    options = options or Options()
    options.check()
    if sys.stdout is None:
        raise Stop("standard output is closed", Exit.OUTPUT)
    with Interrupts() as interrupts, _opened(file, interrupts) as source:
        _refuse_own_input(source, options.output)
        try:
            return _Run(source, options, interrupts, router_for(*data)).go()
        except KeyboardInterrupt:
            return interrupts.exit_code


class Source:
    """The bytes that come in; `size` when it is a regular file, `taken` so far."""

    def __init__(self, stream: BinaryIO, name: str, interrupts: Interrupts) -> None:
        self.name = name
        self.taken = 0
        self._read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
        self._interrupts = interrupts
        try:
            self._handle = stream.fileno()
            self.status: os.stat_result | None = os.fstat(self._handle)
        except OSError:
            self._handle, self.status = -1, None
        self.size = self.status.st_size if self.status and stat.S_ISREG(self.status.st_mode) else None

    def read(self) -> bytes:
        """What is there, waiting only for the first byte of it. Stop (exit 5) when it breaks."""
        try:
            with self._interrupts.waiting():
                data = self._read(READ)
        except OSError as fault:
            raise Stop(f"{self.name}: {fault.strerror or fault}", Exit.INPUT) from fault
        self.taken += len(data)
        return data

    def ready(self) -> bool:
        """Whether reading would not wait."""
        try:
            return self.size is not None or self._handle < 0 or bool(select.select([self._handle], [], [], 0)[0])
        except (OSError, ValueError):
            return True


@contextmanager
def _opened(file: str, interrupts: Interrupts) -> Iterator[Source]:
    if file == "-":
        if sys.stdin is None:
            raise Stop("standard input is closed", Exit.USAGE)
        if sys.stdin.isatty():
            say("reading texts from the terminal, one a line; end with Ctrl-D")
        yield Source(sys.stdin.buffer, "-", interrupts)
        return
    try:
        with interrupts.waiting():
            stream = Path(file).open("rb")  # noqa: SIM115 - closed below
    except (OSError, ValueError) as fault:
        raise Stop(f"{file}: {getattr(fault, 'strerror', None) or fault}", Exit.INPUT) from fault
    with stream:
        yield Source(stream, file, interrupts)


def _refuse_own_input(source: Source, output: Path | None) -> None:
    """Stop (exit 2) when the output is the input."""
    if source.size is None or source.status is None:
        return
    try:
        there = output.stat() if output is not None else os.fstat(sys.stdout.fileno())
    except (OSError, ValueError):
        return
    if os.path.samestat(source.status, there):
        raise Stop("the output is the input: write to another file", Exit.USAGE)


class _Run:
    """One run over one source."""

    def __init__(self, source: Source, options: Options, interrupts: Interrupts, router: Router) -> None:
        self._source = source
        self._options = options
        self._interrupts = interrupts
        self._router = router
        self._counts = Counts()
        to_terminal = sys.stdout.isatty() and options.output is None and not options.summary
        self._shown = to_terminal
        self._progress = Progress(source.size, wanted=not to_terminal)

    def go(self) -> int:
        """Work it all off and tell the counts."""
        try:
            parser, blocks = self._records()
            writer, blocks = self._writer(parser, blocks)
        except KeyboardInterrupt:
            self._tell()
            raise
        work = Work(self._router, parser, writer, full=self._options.full)
        try:
            with closing(self._progress):
                self._write(writer.head, self._results(work, blocks))
        except (Stop, KeyboardInterrupt) as fault:
            if not (isinstance(fault, Stop) and fault.code is Exit.OUTPUT):
                self._tell()
            raise
        self._tell()
        if self._interrupts.stopped():
            return self._interrupts.exit_code
        return Exit.INPUT if self._counts.rejected else Exit.ANSWERED

    def _records(self) -> tuple[Parser, Iterator[Any]]:
        """The parser and its blocks, the format recognised if it was not told."""
        options, source = self._options, self._source
        lines = whole_lines(source.read, options.encoding)
        kind = options.form or by_name(source.name)
        told = kind is not None
        if kind is None:
            line, lines = first_line(lines)
            kind = by_line(line)
        try:
            parser, blocks = open_records(lines, kind, options.text_field)  # type: ignore[arg-type]
        except TableError as fault:
            where = "--text-field" if fault.field is not None else source.name
            raise Stop(f"{where}: {fault}", Exit.USAGE if fault.field is not None else Exit.INPUT) from fault
        column = parser.field if isinstance(parser, TableParser) and options.text_field is None else "text"
        if not told or column != "text":
            say(f"catalog-route: read as {kind}" + (f', the text in column "{column}"' if column != "text" else ""))
        return parser, blocks

    def _writer(self, parser: Parser, blocks: Iterator[Any]) -> tuple[Writer, Iterator[Any]]:
        if self._options.summary and self._options.output is None:
            return NoWriter(), blocks
        if not self._options.csv:
            return JsonWriter(), blocks
        names, blocks = names_ahead(parser, blocks)
        return CsvWriter(names, loose=parser.names is None), blocks

    @contextmanager
    def _sink(self) -> Iterator[BinaryIO]:
        output = self._options.output
        if output is None:
            yield sys.stdout.buffer
            return
        from catalog_route.atomic_file import atomic

        try:
            with atomic(output) as stream:
                yield stream
        except BrokenPipeError:
            raise
        except OSError as fault:
            raise Stop(f"{output}: {fault.strerror or fault}", Exit.OUTPUT) from fault

    @contextmanager
    def _results(self, work: Work, blocks: Iterator[Any]) -> Iterator[Iterator[Done]]:
        """The blocks worked off, here or in workers."""
        stopped = self._interrupts.stopped
        if self._options.workers == 1:
            yield run(work, blocks, stopped)
            return
        from catalog_route.workers import Broken, Pool, cores

        try:
            with Pool(work, self._options.workers or cores()) as pool:
                yield run_parallel(pool, blocks, stopped, self._source.ready)
        except Broken as fault:
            raise Stop(f"a worker process was ended from outside, after {self._counts.read} records", Exit.OUTPUT) from fault

    def _write(self, head: str, results: Any) -> None:
        with self._sink() as sink, results as done_blocks:
            self._put(sink, head)
            for done in done_blocks:
                self._put(sink, done.output)
                self._counts.add(done.counts)
                self._progress.tick(self._counts.read, self._source.taken)
            if self._interrupts.stopped() and self._options.output is not None:
                raise KeyboardInterrupt

    def _put(self, sink: BinaryIO, output: str) -> None:
        """Write whole lines. An unbuffered stream may take less than it is given when a signal comes in."""
        shown = visible(output) if self._shown else output
        left = memoryview(shown.encode("utf-8", "backslashreplace"))
        with self._interrupts.writing():
            while left:
                left = left[sink.write(left) or 0 :]
            sink.flush()

    def _tell(self) -> None:
        """The counts: the table on stdout where that is asked for, else a line on stderr."""
        known, counts, options = self._router.known, self._counts, self._options
        if self._interrupts.stopped():
            kept = f"; {options.output} is left as it was" if options.output is not None else ""
            say(f"catalog-route: stopped after {counts.read} records{kept}")
        if options.as_json:
            import json

            write(json.dumps(counts.to_dict(in_order(known)), indent=2) + "\n")
        elif options.summary:
            print_lines(summary_lines(counts, known, block="█" if unicode_ok() else "#"))
        else:
            say(f"catalog-route: {summary_line(counts, known, self._progress.seconds)}")

"""Find natural examples for phrases that have none: `check` wants every phrase shown by an example of its entry.

    python training/prove.py            # say which texts would prove what, and what nothing proves
    python training/prove.py --write    # put them under examples: of the entries in data/signals/

Examples come from the labelled texts of training/texts/, whole or a sentence of them. As few as possible are taken, short
ones first, and only texts that are answered as they are labelled.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from catalog_route.knowledge import Signal
from catalog_route.likeness import Likeness
from catalog_route.lints.subject import VETO, Subject
from catalog_route.loading import load
from catalog_route.matching import Matcher
from catalog_route.places import WEIGHTS, data_dir
from catalog_route.router import Router

TEXTS = sorted((Path(__file__).parent / "texts").glob("*.jsonl"))
LONGEST = 160
SHORTEST = 12
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


class Candidate(NamedTuple):
    """A text that could be an example: what it proves of one entry."""

    text: str
    proves: frozenset[str]


def texts() -> dict[str, tuple[str, frozenset[str], str]]:
    """Text → label, accepted answers with the label, and the signal that is meant ("" when none is told)."""
    out: dict[str, tuple[str, frozenset[str], str]] = {}
    for path in TEXTS:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            told = (row["label"], frozenset([row["label"], *row.get("ok", [])]), row.get("signal") or "")
            parts = [row["text"]] if len(row["text"]) <= LONGEST else _SENTENCE.split(row["text"])
            for part in (" ".join(part.split()) for part in parts):
                if SHORTEST <= len(part) <= LONGEST and part.isprintable() and '"' not in part and "\\" not in part:
                    out.setdefault(part, told)
    return out


class Prover:
    """Candidates for every entry."""

    def __init__(self) -> None:
        loaded = load()
        self.known, self.locate, self.folder = loaded.known, loaded.locate, data_dir()
        self.router = Router(self.known, Likeness.load(self.folder / WEIGHTS))
        self.subject = Subject(self.known, self.locate, self.router.likeness)
        self.entries = {entry.id: (section, entry) for section, entry in self.subject.entries()}
        self.group = {n: self.known.destination(self.known.owner(s)).group for n, s in self.known.signals.items()}

    def unproven(self) -> dict[tuple[str, bool], set[str]]:
        """(id, whether vetoes) → phrases without example."""
        left: dict[tuple[str, bool], set[str]] = {}
        for name, (_, entry) in self.entries.items():
            left[name, False], left[name, True] = set(entry.says), set(entry.not_)
        for shown in self.subject.shown:
            if shown.fires:
                left[shown.entry.id, False] -= {seen.phrase for seen in shown.seen}
        for shown in self.subject.vetoes:
            left[shown.entry.id, True] -= {s.phrase for s in shown.matches.signals.get(f"{VETO}{shown.entry.id}", ())}
        return {key: phrases for key, phrases in left.items() if phrases}

    def candidates(self, wanted: dict[tuple[str, bool], set[str]]) -> dict[tuple[str, bool], list[Candidate]]:
        """For everything wanted the texts that prove some of it."""
        vetoes = self._veto_matcher()
        out: dict[tuple[str, bool], list[Candidate]] = defaultdict(list)
        for text, (label, accepted, meant) in texts().items():
            found = self.router.matcher.match(text)
            firing = {**found.signals, **found.history}
            for name, held in firing.items():
                proves = {seen.phrase for seen in held} & wanted.get((name, False), set())
                if proves and self._right(name, text, accepted, meant):
                    out[name, False].append(Candidate(text, frozenset(proves)))
            for veto, held in vetoes.match(text).signals.items():
                name = veto.removeprefix(VETO)
                proves = {seen.phrase for seen in held} & wanted.get((name, True), set())
                if proves and name not in firing and self.group.get(name) != label and meant != name:
                    out[name, True].append(Candidate(text, frozenset(proves)))
        return out

    def _right(self, name: str, text: str, accepted: frozenset[str], meant: str) -> bool:
        """Whether a text is a fair example of an entry: labelled for where it leads, and answered so."""
        if name in self.known.history:
            return True
        if meant and meant != name and self.group.get(meant) != self.group[name]:
            return False
        decision = self.router.decide(text)[1]
        answer = self.known.destination(decision.destination).group if decision.destination else "unclear"
        return self.group[name] in accepted and answer in accepted

    def _veto_matcher(self) -> Matcher:
        from dataclasses import replace

        from catalog_route.compiling import matcher_tables

        pseudo = {
            f"{VETO}{name}": Signal(f"{VETO}{name}", "", "", "", entry.examples, says=entry.not_, needs=entry.needs)
            for name, (_, entry) in self.entries.items()
            if entry.not_
        }
        words = replace(self.known.vocabulary, negates=(), reports=(), settles=())
        bare = replace(self.known, signals=pseudo, history={}, vocabulary=words)
        return Matcher.of(matcher_tables(bare, self.router.likeness.words))


def chosen(candidates: list[Candidate], wanted: set[str], there: set[str]) -> list[Candidate]:
    """As few candidates as prove all that can be proven: those that prove most first, then the shorter ones."""
    left, out = set(wanted), []
    pool = [each for each in candidates if each.text not in there]
    while left and pool:
        best = max(pool, key=lambda each: (len(each.proves & left), -abs(len(each.text) - 45), each.text))
        if not best.proves & left:
            break
        out.append(best)
        left -= best.proves
        pool.remove(best)
    return out


def write(prover: Prover, picked: dict[tuple[str, bool], list[Candidate]]) -> None:
    """Put the examples behind those that are there, from the end of each file to its beginning."""
    lines: dict[Path, list[tuple[int, list[str]]]] = defaultdict(list)
    for (name, vetoes), each in picked.items():
        section, entry = prover.entries[name]
        side = "silent" if vetoes else "fires"
        held = entry.examples.silent if vetoes else entry.examples.fires
        file, line, column = prover.locate(section, name, "examples", side, len(held) - 1)
        path = prover.folder.parent / file
        lines[path].append((line, [f'{" " * (column - 3)}- "{candidate.text}"' for candidate in each]))
    for path, additions in lines.items():
        there = path.read_text(encoding="utf-8").split("\n")
        for line, more in sorted(additions, reverse=True):
            there[line:line] = more
        path.write_text("\n".join(there), encoding="utf-8")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the examples into the data")
    wants_write = parser.parse_args().write
    prover = Prover()
    wanted = prover.unproven()
    candidates = prover.candidates(wanted)
    picked = {}
    for key, phrases in wanted.items():
        _, entry = prover.entries[key[0]]
        there = {*entry.examples.fires, *entry.examples.silent}
        picked[key] = chosen(candidates.get(key, []), phrases, there)
        for each in picked[key]:
            print(f"{key[0]}: {'silent' if key[1] else 'fires'}: {each.text}")
        for phrase in sorted(phrases.difference(*(each.proves for each in picked[key]))):
            print(f"{key[0]}: nothing proves the {'veto' if key[1] else 'phrase'} {phrase}")
    if wants_write:
        write(prover, {key: each for key, each in picked.items() if each})


if __name__ == "__main__":
    main()

"""How many texts a second are decided beside peers, on one core in one run; prints Markdown for docs/performance.md.

    python benchmarks/throughput.py [--seconds 2]

Texts: tests/evaluation/sellers.jsonl. Peers: what any program would do with the texts first (lower case, tokens, stems), one
regular expression of as many phrases, scikit-learn's TF-IDF of one and two words with logistic regression, learned from the
texts that our weights are learned from, and MiniLM sentence embeddings where their package is installed. All take turns.
Then the cost against the length of a text and the number of phrases. Needs the extra `bench`.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from Stemmer import Stemmer

from catalog_route import Knowledge, Router, load_knowledge
from catalog_route.batch import Work, brief, run
from catalog_route.batch_output import JsonWriter
from catalog_route.recognising import open_records
from catalog_route.streaming import whole_lines

ROOT = Path(__file__).resolve().parents[1]
SELLERS = ROOT / "tests" / "evaluation" / "sellers.jsonl"
LEARNED = ROOT / "training" / "texts"
WORDS = re.compile(r"[a-z0-9]+(?:'[a-z]+)*")
SEED = 7
PHRASES = 2_000
BATCH = "scikit-learn, TF-IDF + logistic regression, in batch"
SINGLE = "the same, one by one"
EMBEDDED = "MiniLM sentence embeddings, in batches of 16"
OURS = "**catalog-route, deciding**"
FILES = "**catalog-route, JSON lines in and out** (what `batch` does)"
WHOLE = "catalog-route, whole advice as JSON"
BARS = {BATCH: 2.0, EMBEDDED: 100.0}
Job = Callable[[Sequence[str]], object]


@dataclass(frozen=True, slots=True)
class Found:
    """Texts a second of each job; (characters, µs a text) of longer and longer texts; (phrases, µs a text) of more and more."""

    rates: dict[str, float]
    lengths: list[tuple[float, float]]
    phrases: list[tuple[int, float]]
    texts: int
    characters: float


def rates(jobs: dict[str, Job], texts: Sequence[str], seconds: float, few: dict[str, int] | None = None) -> dict[str, float]:
    """Texts a second of each job: the best round, the jobs taking turns, so that what else runs meets all alike.

    `few`: how many texts a slow job gets.
    """
    mine = {name: texts[: (few or {}).get(name)] for name in jobs}
    best = dict.fromkeys(jobs, 0.0)
    for name, job in jobs.items():
        job(mine[name])
    ends = time.monotonic() + seconds * len(jobs)
    while time.monotonic() < ends:
        for name, job in jobs.items():
            began = time.perf_counter()
            job(mine[name])
            best[name] = max(best[name], len(mine[name]) / (time.perf_counter() - began))
    return best


def deciding(router: Router) -> Job:
    """Decide each text, keeping nothing."""

    def job(texts: Sequence[str]) -> None:
        for text in texts:
            brief(router, text)

    return job


def in_and_out(router: Router) -> Job:
    """JSON lines in, brief JSON lines out, as `batch` does on one core."""

    def job(texts: Sequence[str]) -> int:
        data = "".join(json.dumps({"id": number, "text": text}) + "\n" for number, text in enumerate(texts)).encode()
        reads = iter([data[at : at + 65_536] for at in range(0, len(data), 65_536)])
        parser, blocks = open_records(whole_lines(lambda: next(reads, b"")), "jsonl", None)
        return sum(len(done.output) for done in run(Work(router, parser, JsonWriter()), blocks, lambda: False))

    return job


def alternation(texts: Sequence[str]) -> re.Pattern[str]:
    """One regular expression of phrases: PHRASES runs of three words, drawn from the texts."""
    draw = random.Random(SEED)
    phrases: set[str] = set()
    while len(phrases) < PHRASES:
        words = WORDS.findall(draw.choice(texts).lower())
        if len(words) >= 3:
            at = draw.randrange(len(words) - 2)
            phrases.add(" ".join(words[at : at + 3]))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(phrases)))})\b")


def peers() -> dict[str, Job]:
    """What else could be done with the same texts."""
    items = [json.loads(line) for path in sorted(LEARNED.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2), LogisticRegression(C=10, max_iter=60, tol=1e-2)
    )
    model.fit([item["text"] for item in items], [item["label"] for item in items])
    stems = Stemmer("english")
    phrases = alternation([item["text"] for item in items])
    jobs: dict[str, Job] = {
        "lower case, split at blanks": lambda asked: [text.lower().split() for text in asked],
        "tokens by one compiled pattern": lambda asked: [WORDS.findall(text.lower()) for text in asked],
        "tokens and their stems (PyStemmer)": lambda asked: [stems.stemWords(WORDS.findall(text.lower())) for text in asked],
        f"one regular expression of {PHRASES:,} phrases": lambda asked: [phrases.findall(text.lower()) for text in asked],
        BATCH: model.predict,
        SINGLE: lambda asked: [model.predict([text]) for text in asked],
    }
    try:
        from minilm import MiniLM, NotInstalledError
    except ImportError:
        return jobs
    try:
        jobs[EMBEDDED] = MiniLM().encode
    except NotInstalledError as fault:
        print(f"left out: {fault}")
    return jobs


def with_phrases(known: Knowledge, times: int) -> Knowledge:
    """The same knowledge with so many times the phrases: the further ones are made of the words of the others."""
    draw = random.Random(SEED)
    pool = [word for signal in known.signals.values() for phrase in signal.says for word in re.findall(r"\b[a-z]{3,}\b", phrase)]
    signals = {}
    for name, signal in known.signals.items():
        more = [" ".join(draw.choices(pool, k=3)) for _ in range((times - 1) * len(signal.says))]
        signals[name] = replace(signal, says=(*signal.says, *more))
    return replace(known, signals=signals)


def against_phrases(known: Knowledge, texts: Sequence[str], seconds: float) -> list[tuple[int, float]]:
    """(phrases, µs a text) with one, three and ten times the phrases."""
    routers = {}
    for times in (1, 3, 10):
        larger = with_phrases(known, times)
        number = sum(len(entry.says) for entry in (*larger.signals.values(), *larger.history.values()))
        with mock.patch("catalog_route.compiling.MAX_PHRASES", 1 + 2 * number):  # ten times is more than is allowed
            routers[str(number)] = deciding(Router(larger))
    return [(int(number), 1e6 / rate) for number, rate in rates(routers, texts, seconds).items()]


def against_length(router: Router, texts: Sequence[str], seconds: float) -> list[tuple[float, float]]:
    """(characters, µs a text) of so many texts joined to one."""
    out = []
    for times in (1, 2, 4, 8, 16, 32):
        longer = ["\n".join(texts[at : at + times]) for at in range(0, 224, times)]
        rate = rates({"": deciding(router)}, longer, seconds)[""]
        out.append((sum(map(len, longer)) / len(longer), 1e6 / rate))
    return out


def measure(seconds: float) -> Found:
    """Everything, each job for about so many seconds."""
    texts = [json.loads(line)["text"] for line in SELLERS.read_text(encoding="utf-8").splitlines()]
    known = load_knowledge()
    router = Router(known)
    jobs = {**peers(), OURS: deciding(router), FILES: in_and_out(router)}
    jobs[WHOLE] = lambda asked: [router.route(text).to_json(None) for text in asked]
    found = rates(jobs, texts, seconds, {SINGLE: 40, EMBEDDED: 32, WHOLE: 60})
    return Found(
        found, against_length(router, texts, seconds / 2), against_phrases(known, texts, seconds),
        len(texts), sum(map(len, texts)) / len(texts),
    )  # fmt: skip


def table(found: Found) -> list[str]:
    """The figures as lines of Markdown."""
    lines = ["| what | texts/s | catalog-route `batch` is so many times as fast | bar |", "|---|--:|--:|--:|"]
    ours = found.rates[FILES]
    for name, rate in found.rates.items():
        bar = BARS.get(name)
        told = "" if bar is None else f"≥ {bar:.0f}, {'met' if ours / rate >= bar else 'missed'}"
        lines.append(f"| {name} | {rate:,.0f} | {ours / rate:,.2f} | {told} |")
    lines += ["", "| characters of a text | µs a text | µs a 100 characters |", "|--:|--:|--:|"]
    lines += [f"| {size:,.0f} | {cost:,.0f} | {100 * cost / size:.0f} |" for size, cost in found.lengths]
    lines += ["", "| phrases | µs a text | × | bar |", "|--:|--:|--:|--:|"]
    first = found.phrases[0][1]
    for number, cost in found.phrases:
        told = f"≤ 1.5, {'met' if cost / first <= 1.5 else 'missed'}" if number == found.phrases[-1][0] else ""
        lines.append(f"| {number:,} | {cost:,.0f} | {cost / first:.2f} | {told} |")
    return lines


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0)
    found = measure(parser.parse_args().seconds)
    print(f"{found.texts} texts of {found.characters:.0f} characters on average, one core.\n")
    print("\n".join(table(found)))


if __name__ == "__main__":
    main()

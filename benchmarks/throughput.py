"""How many texts a second are decided beside peers, on one core in one run; prints Markdown for docs/performance.md.

    python benchmarks/throughput.py [--seconds 2]

Texts: tests/evaluation/sellers.jsonl. The peer is scikit-learn's TF-IDF of one and two words with logistic regression, in
batch and one by one. Then the cost against the length of the text and the number of phrases. Needs the extra `bench`.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from catalog_route import Knowledge, Router, load_knowledge
from catalog_route.batch import brief

SELLERS = Path(__file__).resolve().parents[1] / "tests" / "evaluation" / "sellers.jsonl"
WORDS = re.compile(r"[a-z0-9]+(?:'[a-z]+)*")
SEED = 7
Job = Callable[[Sequence[str]], object]


def rates(jobs: dict[str, Job], texts: Sequence[str], seconds: float) -> dict[str, float]:
    """Texts a second of each job: the best round, the jobs taking turns, so that what else runs meets all alike."""
    best = dict.fromkeys(jobs, 0.0)
    for job in jobs.values():
        job(texts)
    ends = time.monotonic() + seconds * len(jobs)
    while time.monotonic() < ends:
        for name, job in jobs.items():
            began = time.perf_counter()
            job(texts)
            best[name] = max(best[name], len(texts) / (time.perf_counter() - began))
    return best


def deciding(router: Router) -> Job:
    """Decide each text, as `batch` does, keeping nothing."""

    def job(texts: Sequence[str]) -> None:
        for text in texts:
            brief(router, text)

    return job


def peers(texts: Sequence[str], labels: Sequence[str]) -> dict[str, Job]:
    """What else could be done with the same texts."""
    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(max_iter=500))
    model.fit(texts, labels)
    return {
        "lower case, split at blanks": lambda asked: [text.lower().split() for text in asked],
        "tokens by one compiled pattern": lambda asked: [WORDS.findall(text.lower()) for text in asked],
        "scikit-learn TF-IDF + logistic regression, in batch": model.predict,
        "scikit-learn TF-IDF + logistic regression, one by one": lambda asked: [model.predict([text]) for text in asked[:40]],
    }


def with_phrases(known: Knowledge, times: int) -> Knowledge:
    """The same knowledge with so many times the phrases: the further ones are made of the words of the others."""
    draw = random.Random(SEED)
    pool = [word for signal in known.signals.values() for phrase in signal.says for word in re.findall(r"\b[a-z]{3,}\b", phrase)]
    signals = {}
    for name, signal in known.signals.items():
        more = [" ".join(draw.choices(pool, k=3)) for _ in range((times - 1) * len(signal.says))]
        signals[name] = replace(signal, says=(*signal.says, *more))
    return replace(known, signals=signals)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0)
    seconds = parser.parse_args().seconds
    items = [json.loads(line) for line in SELLERS.read_text(encoding="utf-8").splitlines()]
    texts, labels = [item["text"] for item in items], [item["label"] for item in items]
    known = load_knowledge()
    router = Router(known)
    jobs = {**peers(texts, labels), "**catalog-route, deciding** (what `batch` does)": deciding(router)}
    jobs["catalog-route, whole advice as JSON"] = lambda asked: [router.route(text).to_json(None) for text in asked[:60]]
    found = rates(jobs, texts, seconds)
    found["scikit-learn TF-IDF + logistic regression, one by one"] *= 40 / len(texts)
    found["catalog-route, whole advice as JSON"] *= 60 / len(texts)
    peer = found["scikit-learn TF-IDF + logistic regression, in batch"]
    print(f"{len(texts)} texts of {sum(map(len, texts)) / len(texts):.0f} characters on average, one core.\n")
    print("| what | texts/s | × scikit-learn in batch |\n|---|--:|--:|")
    for name, rate in found.items():
        print(f"| {name} | {rate:,.0f} | {rate / peer:.2f} |")
    print("\n| characters | µs a text | µs a 100 characters |\n|--:|--:|--:|")
    for times in (1, 2, 4, 8, 16):
        longer = ["\n".join(texts[at : at + times]) for at in range(0, 240, times)]
        rate = rates({"": deciding(router)}, longer, seconds / 2)[""]
        size = sum(map(len, longer)) / len(longer)
        print(f"| {size:,.0f} | {1e6 / rate:,.0f} | {1e8 / rate / size:.0f} |")
    routers = {times: Router(with_phrases(known, times)) for times in (1, 3, 10)}
    found = rates({str(times): deciding(each) for times, each in routers.items()}, texts, seconds)
    print("\n| phrases | µs a text | × |\n|--:|--:|--:|")
    for times, each in routers.items():
        print(f"| {len(each.matcher._phrases):,} | {1e6 / found[str(times)]:,.0f} | {found['1'] / found[str(times)]:.2f} |")


if __name__ == "__main__":
    main()

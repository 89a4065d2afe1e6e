"""Learn the weights of the second finder from labelled texts and write `data/likeness.json`.

    python training/learn.py            # learn from training/texts/ and the labelled sellers' texts, write the weights
    python training/learn.py --without-sellers --out FILE   # the same without the sellers' texts, to measure on them

Multinomial logistic regression on the features of `catalog_route.likeness`, tf-idf weighted, each text scaled to unit
length. A text that has also accepted answers (`ok`) shares its weight between them. Needs the extra `bench`.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from math import log, sqrt
from pathlib import Path
from typing import Any

from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from catalog_route.likeness import MARK_WEIGHT, SCALE, features, units
from catalog_route.loading import load_knowledge
from catalog_route.matching import Matcher
from catalog_route.places import data_dir

GROUPS = ["outsourced", "captive", "ert", "brand_registry", "fba", "advertising", "other", "unclear"]
ROOT = Path(__file__).parent
SELLERS = ROOT.parent / "tests" / "evaluation" / "sellers.jsonl"
SELLERS_WEIGHT = 2.0
KEPT = 12_000
STRENGTH = 2.0
RAREST = 2
SHARE_OF_OK = 0.3
SIGNAL_WORDS = 40
SETTINGS = {"bonus": {"strong": 2.5, "normal": 1.2, "weak": 0.5}, "high": 0.6, "medium": 0.45}

Row = dict[str, Any]


def read(paths: list[Path]) -> list[Row]:
    """All labelled texts of the files, in the order of their names."""
    return [json.loads(line) for path in sorted(paths) for line in path.read_text(encoding="utf-8").splitlines()]


def known_words(rows: list[Row]) -> list[str]:
    """The words that at least two texts use: spelling must leave them alone."""
    counts = Counter(word for row in rows for word in set(re.findall("[a-z]+", row["text"].lower())))
    return sorted(word for word, n in counts.items() if n > 1)


def bags(rows: list[Row], matcher: Matcher) -> list[list[list[str]]]:
    """For every text its units, each as a list of feature names."""
    out = []
    for row in rows:
        found = matcher.match(row["text"])
        seen: dict[tuple[str, str], list[str]] = {}
        for kind, key, first, _ in units(found.view, found.edges, found.names()):
            if (kind, key) not in seen:
                names = features(kind, key, found.view.stems[first] if kind == "w" else "")
                seen[kind, key] = names * (MARK_WEIGHT if kind == "m" else 1)
        out.append(list(seen.values()))
    return out


def inverse_frequencies(texts: list[list[list[str]]]) -> dict[str, float]:
    """Feature → inverse document frequency; features of fewer than RAREST texts are left out."""
    counts = Counter(name for text in texts for name in {name for unit in text for name in unit})
    return {name: 1 + log(len(texts) / (1 + n)) for name, n in sorted(counts.items()) if n >= RAREST}


def matrix(texts: list[list[list[str]]], idf: dict[str, float]) -> csr_matrix:
    """One row a text: idf for each unit that shows a feature, divided by the length as the finder computes it."""
    place = {name: i for i, name in enumerate(idf)}
    rows, columns, values = [], [], []
    for number, text in enumerate(texts):
        total: Counter[str] = Counter()
        length = 0.0
        for unit in text:
            for name in unit:
                if name in idf:
                    total[name] += idf[name]
                    length += idf[name] ** 2
        norm = sqrt(length) or 1.0
        for name, value in total.items():
            rows.append(number)
            columns.append(place[name])
            values.append(value / norm)
    return csr_matrix((values, (rows, columns)), shape=(len(texts), len(idf)))


def fit(x: csr_matrix, rows: list[Row]) -> LogisticRegression:
    """Fit with the accepted answers as lighter copies of a text."""
    index, labels, weights = [], [], []
    for number, row in enumerate(rows):
        others = [group for group in row["ok"] if group != row["label"]]
        share = SHARE_OF_OK if others else 0.0
        for group, weight in [(row["label"], 1 - share), *((g, share / len(others)) for g in others)]:
            index.append(number)
            labels.append(GROUPS.index(group))
            weights.append(weight * row.get("weight", 1.0))
    return LogisticRegression(C=STRENGTH, max_iter=3000).fit(x[index], labels, sample_weight=weights)


def signal_words(rows: list[Row], matcher: Matcher) -> dict[str, dict[str, float]]:
    """For each signal the stems that set its texts apart from the others (log odds, the strongest SIGNAL_WORDS)."""
    per: dict[str, Counter[str]] = defaultdict(Counter)
    everywhere: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for row in rows:
        stems = set(matcher.match(row["text"]).view.stems)
        per[row.get("signal", "")].update(stems)
        sizes[row.get("signal", "")] += 1
        everywhere.update(stems)
    out = {}
    for name, counts in sorted(per.items()):
        if not name:
            continue
        odds = {
            stem: log((n + 0.5) / (sizes[name] + 1)) - log((everywhere[stem] - n + 0.5) / (len(rows) - sizes[name] + 1))
            for stem, n in counts.items() if n >= 2 and len(stem) > 2
        }  # fmt: skip
        best = sorted(odds.items(), key=lambda pair: (-pair[1], pair[0]))[:SIGNAL_WORDS]
        out[name] = {stem: round(value, 1) for stem, value in best if value > 0.5}
    return out


def store(model: LogisticRegression, idf: dict[str, float], signals: dict[str, dict[str, float]], words: list[str],
          path: Path) -> None:  # fmt: skip
    """Write the KEPT heaviest weights, rounded, one feature a line."""
    table = {}
    for column, (name, value) in enumerate(idf.items()):
        row = [round(SCALE * value**2), *(round(SCALE * value * w) for w in model.coef_[:, column])]
        table[name] = row
    kept = sorted(table, key=lambda name: (-max(map(abs, table[name][1:])), name))[:KEPT]
    table = {name: table[name] for name in sorted(kept)}
    lines = ",\n".join(f"{json.dumps(name)}:{json.dumps(row, separators=(',', ':'))}" for name, row in table.items())
    head = {"settings": SETTINGS, "groups": GROUPS, "bias": [round(float(b), 3) for b in model.intercept_], "signals": signals,
            "words": " ".join(words)}  # fmt: skip
    text = json.dumps(head, separators=(",", ":"))[:-1] + ',"weights":{\n' + lines + "\n}}\n"
    path.write_text(text, encoding="utf-8")


def main() -> None:
    """Learn and store, or measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, default=ROOT / "texts")
    parser.add_argument("--out", type=Path, default=data_dir() / "likeness.json")
    parser.add_argument("--without-sellers", action="store_true")
    options = parser.parse_args()
    rows = read(list(options.texts.glob("*.jsonl")))
    if not options.without_sellers:
        rows += [{**row, "weight": SELLERS_WEIGHT} for row in read([SELLERS])]
    words = known_words(rows)
    matcher = Matcher(load_knowledge(), words)
    texts = bags(rows, matcher)
    idf = inverse_frequencies(texts)
    model = fit(matrix(texts, idf), rows)
    store(model, idf, signal_words(rows, matcher), words, options.out)
    print(f"{len(rows)} texts, {len(idf)} features, written to {options.out}")


if __name__ == "__main__":
    main()

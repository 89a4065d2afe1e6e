"""Learn the weights of the second finder from labelled texts and write `data/likeness.json`.

    python training/learn.py            # learn from training/texts/ and the labelled sellers' texts, write the weights
    python training/learn.py --without-sellers --out FILE   # the same without the sellers' texts, to measure on them

A linear support vector machine for each group on the units of `catalog_route.features`, tf-idf weighted, each text scaled to
unit length; its margins become natural logarithms by what they are worth on texts left out. Needs the extra `bench`.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from math import log, sqrt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import log_softmax
from sklearn.model_selection import KFold
from sklearn.svm import LinearSVC

from catalog_route.features import MARK_WEIGHT, mark_feature, sentences, units
from catalog_route.likeness import SCALE, Likeness, Settings
from catalog_route.loading import load_knowledge
from catalog_route.matching import Matcher
from catalog_route.places import data_dir
from catalog_route.weighing import Weigher

GROUPS = ["outsourced", "captive", "ert", "brand_registry", "fba", "advertising", "other", "unclear"]
ROOT = Path(__file__).parent
SELLERS = ROOT.parent / "tests" / "evaluation" / "sellers.jsonl"
SELLERS_WEIGHT = 2.0
KEPT = 60_000
STRENGTH = 1.0
FOLDS = 5
SEED = 7
RAREST = 2
UNMARKED = 3
SHARE_OF_OK = 0.3
SIGNAL_WORDS = 40
SETTINGS = {"bonus": {"strong": 2.5, "normal": 1.2, "weak": 0.5}, "high": 0.75, "medium": 0.5}

Row = dict[str, Any]
Names = tuple[str, ...]
Array = NDArray[np.float64]


def read(paths: list[Path]) -> list[Row]:
    """All labelled texts of the files, in the order of their names."""
    return [json.loads(line) for path in sorted(paths) for line in path.read_text(encoding="utf-8").splitlines()]


def known_words(rows: list[Row]) -> list[str]:
    """The words that at least two texts use: spelling must leave them alone."""
    counts = Counter(word for row in rows for word in set(re.findall("[a-z]+", row["text"].lower())))
    return sorted(word for word, n in counts.items() if n > 1)


def unmarked(rows: list[Row]) -> list[Row]:
    """Every third text of several sentences once more without any mark: a fifth of the sellers write that way."""
    several = [row for row in rows if len(re.split(r"[.!?]\s", row["text"])) > 1]
    return [{**row, "copy": True, "text": re.sub(r"[^\w\s']+", " ", row["text"])} for row in several[::UNMARKED]]


def bags(rows: list[Row], matcher: Matcher, weigher: Weigher | None) -> list[list[Names]]:
    """For every text the units of what is heard of it (of all of it without a `weigher`), each as its feature names; then
    what the phrases found."""
    out = []
    for row in rows:
        found = matcher.match(row["text"])
        heard = weigher.heard(found) if weigher else sentences(found.view)
        text = [unit.names for places in heard for unit in units(found.view, found.edges, places)]
        out.append([*text, *((mark_feature(name),) * MARK_WEIGHT for name in found.names())])
    return out


def inverse_frequencies(texts: list[list[Names]]) -> dict[str, float]:
    """Feature → inverse document frequency; features of fewer than RAREST texts are left out."""
    counts = Counter(name for text in texts for name in {name for unit in text for name in unit})
    return {name: 1 + log(len(texts) / (1 + n)) for name, n in sorted(counts.items()) if n >= RAREST}


def matrix(texts: list[list[Names]], idf: dict[str, float]) -> csr_matrix:
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


def margins(x: csr_matrix, rows: list[Row], trained: NDArray[np.intp]) -> tuple[Array, Array]:
    """Weights and biases of one linear SVM for each group (squared hinge), learned from the texts `trained`.

    A text whose accepted answers hold a group speaks neither for nor against that group.
    """
    coefficients, biases = [], []
    for group in GROUPS:
        used = [n for n in trained if group == rows[n]["label"] or group not in rows[n]["ok"]]
        belongs = [rows[n]["label"] == group for n in used]
        weights = [rows[n].get("weight", 1.0) for n in used]
        model = LinearSVC(C=STRENGTH, tol=1e-3, random_state=SEED).fit(x[used], belongs, sample_weight=weights)
        coefficients.append(model.coef_[0])
        biases.append(model.intercept_[0])
    return np.array(coefficients), np.array(biases)


def temperature(held: Array, rows: list[Row]) -> tuple[float, Array]:
    """The factor and the biases that turn margins into natural logarithms: the least cross entropy on margins of texts that
    were not learned from (Platt scaling with one factor for all groups). An accepted answer has its share of a text."""
    wanted = np.zeros(held.shape)
    for n, row in enumerate(rows):
        others = [group for group in row["ok"] if group != row["label"]]
        wanted[n, GROUPS.index(row["label"])] = 1 - SHARE_OF_OK * bool(others)
        for group in others:
            wanted[n, GROUPS.index(group)] = SHARE_OF_OK / len(others)

    def loss(values: Array) -> float:
        return float(-(wanted * log_softmax(values[0] * held + values[1:], axis=1)).sum() / len(rows))

    found = minimize(loss, np.array([3.0, *np.zeros(len(GROUPS))]), method="L-BFGS-B").x
    return float(found[0]), found[1:] - found[1:].mean()


def fit(x: csr_matrix, rows: list[Row]) -> tuple[Array, Array]:
    """Weights and biases for evidence in natural logarithms: margins learned from all texts, scaled by what five folds tell."""
    own = [row for row in rows if "copy" not in row]  # the copies stand behind them
    held = np.zeros((len(own), len(GROUPS)))
    for trained, left in KFold(FOLDS, shuffle=True, random_state=SEED).split(own):
        coefficients, biases = margins(x, rows, trained)
        held[left] = x[left] @ coefficients.T + biases
    factor, shift = temperature(held, own)
    coefficients, biases = margins(x, rows, np.arange(len(rows)))
    return factor * coefficients, factor * biases + shift


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


def kept(weights: Array, idf: dict[str, float], texts: list[list[Names]]) -> dict[str, list[int]]:
    """The KEPT features that move most texts most, each with its squared length and its weights as the finder reads them.

    How much a feature moves: its largest weight times the square root of the number of texts that show it.
    """
    shown = Counter(name for text in texts for name in {name for unit in text for name in unit})
    table, moves = {}, {}
    for column, (name, value) in enumerate(idf.items()):
        table[name] = [round(SCALE * value**2), *(round(SCALE * value * w) for w in weights[:, column])]
        moves[name] = max(map(abs, table[name][1:])) * sqrt(shown[name])
    best = sorted(table, key=lambda name: (-moves[name], name))[:KEPT]
    return {name: table[name] for name in sorted(best)}


def store(stored: Row, path: Path) -> None:
    """Write the weights, one feature a line."""
    head = json.dumps({name: value for name, value in stored.items() if name != "weights"}, separators=(",", ":"))
    lines = ",\n".join(f"{json.dumps(name)}:{json.dumps(row, separators=(',', ':'))}" for name, row in stored["weights"].items())
    path.write_text(f'{head[:-1]},"weights":{{\n{lines}\n}}}}\n', encoding="utf-8")


def learned(rows: list[Row]) -> Row:
    """The weights of some texts, with all that is stored beside them.

    Learned twice: first from whole texts, then from what is heard of them by the first weights, as it will be in use.
    """
    known, words = load_knowledge(), known_words(rows)
    matcher, weigher = Matcher(known, words), None
    signals: dict[str, dict[str, float]] = {}
    for _ in range(2):
        texts = bags(rows, matcher, weigher)
        idf = inverse_frequencies(texts)
        weights, bias = fit(matrix(texts, idf), rows)
        table = kept(weights, idf, texts)
        signals = signals or signal_words(rows, matcher)
        shift = [round(float(b), 3) for b in bias]
        weigher = Weigher(known, Likeness(GROUPS, shift, table, signals, Settings(**SETTINGS), words))
    return {"settings": SETTINGS, "groups": GROUPS, "bias": shift, "signals": signals, "words": " ".join(words), "weights": table}


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
    found = learned([*rows, *unmarked(rows)])
    store(found, options.out)
    print(f"{len(rows)} texts, {len(found['weights'])} features, written to {options.out}")


if __name__ == "__main__":
    main()

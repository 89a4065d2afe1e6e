"""How right catalog-route is beside its peers, on the same texts by the same measures; prints Markdown for docs/accuracy.md.

    python benchmarks/accuracy.py                # peers, cross-validated on the labelled texts and learned from training/texts
    python benchmarks/accuracy.py --own          # also our own weights learned anew with each fold left out (minutes)
    python benchmarks/accuracy.py --test FILE    # measure on other labelled texts

Peers: the most frequent label; TF-IDF of words with logistic regression; TF-IDF of character n-grams with a linear SVM;
MiniLM sentence embeddings with logistic regression (skipped, with the reason, when the package is not installed).
Needs the extra `bench`. Every fold, sample and model is seeded.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from catalog_route import Router, load_knowledge
from catalog_route.evaluating import Accuracy, Item, Share, measure, read_items

ROOT = Path(__file__).resolve().parents[1]
SELLERS = ROOT / "tests" / "evaluation" / "sellers.jsonl"
TEXTS = ROOT / "training" / "texts"
SEED = 7
SURE, LIKELY = 0.8, 0.5

# Learns from texts and labels; gives a function texts → one row of shares a text, with the labels of the columns.
Learn = Callable[[Sequence[str], Sequence[str]], "Callable[[Sequence[str]], tuple[Sequence[str], np.ndarray]]"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    name: str
    learned_from: str
    figures: Accuracy
    ms: float


def majority(texts: Sequence[str], labels: Sequence[str]) -> Any:
    """Always the most frequent label."""
    best = Counter(labels).most_common(1)[0][0]
    return lambda asked: ([best], np.ones((len(asked), 1)))


def words(texts: Sequence[str], labels: Sequence[str]) -> Any:
    """TF-IDF of words and word pairs, logistic regression."""
    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=1),
        LogisticRegression(C=10, max_iter=2000, class_weight="balanced", random_state=SEED),
    ).fit(texts, labels)
    return lambda asked: (list(model.classes_), model.predict_proba(asked))


def characters(texts: Sequence[str], labels: Sequence[str]) -> Any:
    """TF-IDF of three to five characters inside words, linear SVM; its margins as a softmax."""
    model = make_pipeline(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=1),
        LinearSVC(C=1.0, class_weight="balanced", random_state=SEED),
    ).fit(texts, labels)
    return lambda asked: (list(model.classes_), _softmax(3 * model.decision_function(asked)))


class Embedded:
    """MiniLM sentence embeddings, logistic regression. Embeddings are kept, since folds ask for the same texts.

    Beyond `most` texts it learns from a fixed sample of so many: NumPy takes some twenty milliseconds a text.
    """

    def __init__(self, most: int) -> None:
        from minilm import MiniLM

        self._encoder = MiniLM()
        self._most = most
        self._kept: dict[str, np.ndarray] = {}

    def __call__(self, texts: Sequence[str], labels: Sequence[str]) -> Any:
        """Learn, as the functions above do."""
        if len(texts) > self._most:
            chosen = sorted(np.random.default_rng(SEED).permutation(len(texts))[: self._most])
            texts, labels = [texts[at] for at in chosen], [labels[at] for at in chosen]
        model = LogisticRegression(C=10, max_iter=3000, class_weight="balanced", random_state=SEED).fit(self._of(texts), labels)
        return lambda asked: (list(model.classes_), model.predict_proba(self._of(asked)))

    def _of(self, texts: Sequence[str]) -> np.ndarray:
        new = [text for text in dict.fromkeys(texts) if text not in self._kept]
        if new:
            self._kept.update(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self._kept[text] for text in texts])


def _softmax(values: np.ndarray) -> np.ndarray:
    raised = np.exp(values - values.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


class Answers:
    """Given answers in the shape of a router, so that all are measured by the very code that measures us."""

    def __init__(self, known: Any, given: dict[str, tuple[str, float]]) -> None:
        self.known = known
        self._given = given
        homes = {team.group: team.id for team in reversed(known.teams.values())}
        self._homes = {**homes, **{tier: tier for tier in known.tiers}, "unclear": None}

    def decide(self, text: str) -> tuple[None, Any]:
        """What was answered, with the peer's own probability as a word."""
        group, share = self._given[text]
        word = "high" if share >= SURE else "medium" if share >= LIKELY else "low"
        return None, SimpleNamespace(destination=self._homes[group], confidence=word, findings=[])


def answered(model: Any, texts: Sequence[str]) -> dict[str, tuple[str, float]]:
    """Text → best label and its share."""
    labels, shares = model(texts)
    best = shares.argmax(axis=1)
    return {text: (labels[b], float(row[b])) for text, b, row in zip(texts, best, shares, strict=True)}


def folds(items: Sequence[Item], number: int) -> list[tuple[list[Item], list[Item]]]:
    """Stratified folds: what is learned from, what is asked."""
    split = StratifiedKFold(number, shuffle=True, random_state=SEED).split(items, [item.label for item in items])
    return [([items[a] for a in learn], [items[a] for a in ask]) for learn, ask in split]


def crossed(
    learn: Learn, items: Sequence[Item], number: int, more: Sequence[Item] = ()
) -> tuple[dict[str, tuple[str, float]], float]:
    """Every text answered by a model that has not seen it; milliseconds a text."""
    out: dict[str, tuple[str, float]] = {}
    spent = 0.0
    for known, asked in folds(items, number):
        rows = [*more, *known]
        model = learn([item.text for item in rows], [item.label for item in rows])
        start = time.perf_counter()
        out.update(answered(model, [item.text for item in asked]))
        spent += time.perf_counter() - start
    return out, 1000 * spent / len(items)


def peers(most: int) -> Iterable[tuple[str, Learn]]:
    """The peers that can be run here; talk about the others goes to stderr."""
    yield "majority label", majority
    yield "TF-IDF words + logistic regression", words
    yield "TF-IDF characters + linear SVM", characters
    try:
        yield "MiniLM embeddings + logistic regression", Embedded(most)
    except (ImportError, RuntimeError, OSError) as fault:
        print(f"MiniLM is left out: {fault}", file=sys.stderr)


def own_crossed(items: Sequence[Item], more: list[dict[str, Any]], number: int) -> Accuracy:
    """Our own weights learned anew for each fold, from `more` and the labelled texts outside it."""
    sys.path.insert(0, str(ROOT / "training"))
    import learn
    from catalog_route.likeness import Likeness

    known = load_knowledge()
    given: dict[str, tuple[str | None, str, list[Any]]] = {}
    for seen, asked in folds(items, number):
        rows = [*more, *({"text": i.text, "label": i.label, "ok": list(i.ok)} for i in seen)]
        with tempfile.TemporaryDirectory() as place:
            path = Path(place) / "likeness.json"
            learned(learn, known, rows, path)
            router = Router(known, Likeness.load(path))
        for item in asked:
            decision = router.decide(item.text)[1]
            given[item.text] = (decision.destination, decision.confidence, decision.findings)
        print(f"fold of {len(asked)} done", file=sys.stderr)
    replay = SimpleNamespace(
        known=known,
        decide=lambda text: (
            None,
            SimpleNamespace(**dict(zip(("destination", "confidence", "findings"), given[text], strict=True))),
        ),
    )
    return measure(replay, items)  # type: ignore[arg-type]


def learned(learn: Any, known: Any, rows: list[dict[str, Any]], path: Path) -> None:
    """What `training/learn.py` does with these rows, written to `path`."""
    from catalog_route.matching import Matcher

    spared = learn.known_words(rows)
    matcher = Matcher(known, spared)
    bags = learn.bags(rows, matcher)
    idf = learn.inverse_frequencies(bags)
    model = learn.fit(learn.matrix(bags, idf), rows)
    learn.store(model, idf, learn.signal_words(rows, matcher), spared, path)


def training(path: Path, held_out: Sequence[Item]) -> list[dict[str, Any]]:
    """The texts that weights are learned from, without any that is asked."""
    asked = {" ".join(item.text.lower().split()) for item in held_out}
    rows = [json.loads(line) for file in sorted(path.glob("*.jsonl")) for line in file.read_text(encoding="utf-8").splitlines()]
    kept = [row for row in rows if " ".join(row["text"].lower().split()) not in asked]
    if len(kept) < len(rows):
        print(f"{len(rows) - len(kept)} of {len(rows)} training texts are asked too: left out", file=sys.stderr)
    return kept


def timed(router: Router, items: Sequence[Item]) -> float:
    """Milliseconds that one decision takes, after a first round."""
    for item in items:
        router.decide(item.text)
    start = time.perf_counter()
    for item in items:
        router.decide(item.text)
    return 1000 * (time.perf_counter() - start) / len(items)


def markdown(rows: Iterable[Row]) -> Iterable[str]:
    """The table."""
    head = ["", "learned from", "accepted (95 %)", "strict", "balanced accepted", "balanced strict", "under-tier", "over-tier",
            "right when high", "share high", "ms a text"]  # fmt: skip
    yield "| " + " | ".join(head) + " |"
    yield "|---|---|" + "---:|" * (len(head) - 2)
    for row in rows:
        f = row.figures
        high = f.by_confidence["high"]
        routed = sum(held.of for held in f.by_confidence.values())
        cells = [
            row.name, row.learned_from, f"{_share(f.accepted)} ({f.accepted.low:.3f}–{f.accepted.high:.3f})", _share(f.strict),
            f"{f.balanced_accepted:.3f}", f"{f.balanced:.3f}", _share(f.under_tier), _share(f.over_tier), _share(high),
            f"{high.of / routed:.2f}" if routed else "–", f"{row.ms:.2f}",
        ]  # fmt: skip
        yield "| " + " | ".join(cells) + " |"


def _share(held: Share) -> str:
    return "–" if held.share is None else f"{held.share:.3f}"


def compare(options: argparse.Namespace) -> list[Row]:
    """Every peer in both ways of learning, then ourselves."""
    items = read_items(options.test)
    known = load_knowledge()
    router = Router(known)
    texts = training(options.texts, items)
    more = [Item("", row["text"], row["label"], tuple(row["ok"])) for row in texts]
    rows = []
    for name, learn in peers(options.embedded):
        given, ms = crossed(learn, items, options.folds)
        rows.append(Row(name, f"labelled texts, {options.folds} folds", measure(Answers(known, given), items), ms))
        if more:
            model = learn([item.text for item in more], [item.label for item in more])
            start = time.perf_counter()
            given = answered(model, [item.text for item in items])
            ms = max(ms, 1000 * (time.perf_counter() - start) / len(items))
            rows.append(Row(name, f"training/texts ({len(more)})", measure(Answers(known, given), items), ms))
            given, again = crossed(learn, items, options.folds, more)
            ms = max(ms, again)
            rows.append(Row(name, "both, by folds", measure(Answers(known, given), items), ms))
    ms = timed(router, items)
    rows.append(Row("**catalog-route**", "as shipped", measure(router, items), ms))
    if options.own and more:
        print("own weights, learned anew for every fold", file=sys.stderr)
        rows.append(Row("**catalog-route**", "both, by folds", own_crossed(items, texts, options.folds), ms))
        rows.append(Row("**catalog-route**", f"training/texts ({len(more)})", own_alone(items, texts), ms))
    return rows


def own_alone(items: Sequence[Item], texts: list[dict[str, Any]]) -> Accuracy:
    """Our own weights learned from the training texts alone, none of the asked ones among them."""
    sys.path.insert(0, str(ROOT / "training"))
    import learn
    from catalog_route.likeness import Likeness

    known = load_knowledge()
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "likeness.json"
        learned(learn, known, texts, path)
        return measure(Router(known, Likeness.load(path)), items)


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--test", type=Path, default=SELLERS, help="labelled texts to measure on")
    parser.add_argument("--texts", type=Path, default=TEXTS, help="folder of training texts")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--embedded", type=int, default=3000, help="most texts that MiniLM learns from")
    parser.add_argument("--own", action="store_true", help="learn our own weights anew for every fold too")
    for line in markdown(compare(parser.parse_args())):
        print(line)


if __name__ == "__main__":
    main()

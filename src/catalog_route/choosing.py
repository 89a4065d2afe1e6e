"""What of an answer is shown when not everything is asked for: the same choice and the same words for a terminal and a pipe."""

from __future__ import annotations

from catalog_route.advice import Advice, Evidence, FindingEntry, TipEntry
from catalog_route.display import one_line
from catalog_route.record import changed

# How many tips of each stage are shown without --why, and what they have to be chosen for. What to do when it stalls is told
# by the road.
MOST = {"try": 1, "prepare": 1, "write": 1, "escalate": 0, "avoid": 1}
CLOSE = ("problem", "history", "case")
MOST_CHANGES = 2
MOST_REASONS = 3
MOST_STEPS = 6
# Words of fewer letters say little by themselves.
TELLING = 4

UNCLEAR = "no problem of an Amazon seller can be recognised"
NEXT = "ask again with the answer in your own words, or add --ask on a terminal"
ALIKE = "similar to known problems of this kind"


def shortened(advice: Advice) -> Advice:
    """The document with only what is shown without --why; what is unclear keeps its questions."""
    return changed(
        advice,
        findings=reasons(advice),
        verdicts=tuple(verdict for verdict in advice.verdicts if verdict.kind == "tier" or verdict.can == "yes"),
        path=advice.path[:MOST_STEPS],
        tips=_tips(advice),
        what_would_change=tuple(change for change in advice.what_would_change if not change.contrary)[:MOST_CHANGES],
        alternatives=advice.alternatives[:1],
        questions=advice.questions[:1] if advice.recommended else advice.questions,
    )


def reasons(advice: Advice) -> tuple[FindingEntry, ...]:
    """The findings that decided: the main one, then history before what else was seen."""
    counting = [finding for finding in advice.findings if finding.counts]
    others = sorted(counting[1:], key=lambda finding: finding.destination is not None)
    return tuple([*counting[:1], *others][:MOST_REASONS])


def _tips(advice: Advice) -> tuple[TipEntry, ...]:
    left = dict(MOST)
    out: list[TipEntry] = []
    for tip in advice.tips:
        if left[tip.stage] and (tip.applies in CLOSE or tip.stage == "avoid"):
            left[tip.stage] -= 1
            out.append(tip)
    return tuple(out)


def because(finding: FindingEntry, most: int = 3, longest: int = 60, *, words: bool = False) -> str:
    """On what a finding rests, told: the words of the text, or that it is like others; `words` names those of a likeness too."""
    seen = seen_words(finding, most, longest)
    if finding.by == "likeness":
        return f"{ALIKE} in {seen}" if words and seen else ALIKE
    if finding.by == "answer":
        return "from your answer"
    return f"you said {seen}" if finding.by == "phrase" and seen else ""


def seen_words(finding: FindingEntry, most: int = 3, longest: int = 60) -> str:
    """The first few words that it was seen in, quoted, visible and joined; of a mere likeness only words that say something."""
    quotes = [evidence.text for evidence in telling(finding)]
    return ", ".join(f'"{_cut(one_line(text), longest)}"' for text in quotes[:most])


def telling(finding: FindingEntry) -> tuple[Evidence, ...]:
    """The words that a finding rests on; of a mere likeness only those that say something, as far as there are such."""
    if finding.by != "likeness":
        return finding.seen
    return tuple(seen for seen in finding.seen if len(seen.text) >= TELLING) or finding.seen


def beginning(text: str, most: int, saved: int) -> str:
    """The text, or its first whole words, `most` characters at most; cut only where that saves `saved` characters or more."""
    if len(text) < most + saved:
        return text
    return _cut_at_blank(text, most)


def names(advice: Advice) -> str:
    """How to learn what the short names of sources and the words of certainty mean; the first of each that is met here."""
    source = next((finding.source.split()[0] for finding in advice.findings if finding.source), "")
    words = [told.certainty for told in advice.path] + [told.certainty for told in advice.tips]
    word = words[0].replace(" ", "-") if words else ""
    named = f'what stands behind {source}: "catalog-route show {source}"'
    return f'{named}; what {word} means: "catalog-route show {word}"' if word else named


def _cut(text: str, longest: int) -> str:
    """The text, or its first whole words."""
    return text if len(text) <= longest else f"{_cut_at_blank(text, longest)} …"


def _cut_at_blank(text: str, most: int) -> str:
    begin = text[: most + 1].rpartition(" ")[0]
    return begin.rstrip() or text[:most]

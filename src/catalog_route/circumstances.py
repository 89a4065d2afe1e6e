"""Where, for how long, and what stands there: marketplaces, days, and the value shown beside the value that is right."""

from __future__ import annotations

import re
from functools import cache

from catalog_route.knowledge import Vocabulary
from catalog_route.matching import Matches
from catalog_route.text import View, number

# Within how many words before the name of a country there must be a word of selling ("live on the site in the UK").
BEHIND = 5
# How many words may stand between "for" and its number ("for more than three weeks").
AHEAD = 3
# A value of more words than this is no value but a story.
LONGEST = 5


@cache
def _domain() -> re.Pattern[str]:
    return re.compile(r"(?<![A-Za-z0-9-])amazon\.(com?\.[a-z]{2}|com|[a-z]{2})(?![A-Za-z0-9-])", re.IGNORECASE)


def marketplaces(view: View, vocabulary: Vocabulary) -> tuple[str, ...]:
    """The marketplaces named, such as `amazon.de`: by domain, or by a country beside a word of selling, in their order."""
    found = {}
    if "amazon." in view.original.lower():
        found = {hit.start(): f"amazon.{hit[1].lower()}" for hit in _domain().finditer(view.original)}
    countries = {name.lower(): (place, name) for place, held in vocabulary.marketplaces.items() for name in held}
    adjectives = {name: (place, name) for place, held in vocabulary.nationalities.items() for name in held}
    for at, word in enumerate(view.words):
        pair = f"{word} {view.words[at + 1]}" if at + 1 < len(view.words) else ""
        for names, joined in ((countries, True), (adjectives, False)):
            key = pair if pair in names else word
            if key in names:
                place, written = names[key]
                last = at + (key == pair)
                typed = view.original[view.starts[at] : view.ends[last]]
                if (typed.isupper() or not written.isupper()) and _sells(view, (at, last), vocabulary, joined=joined):
                    found.setdefault(view.starts[at], place)
    return tuple(dict.fromkeys(found[start] for start in sorted(found)))


def _sells(view: View, span: tuple[int, int], vocabulary: Vocabulary, *, joined: bool) -> bool:
    """Whether a word of selling stands right behind the words of `span` or begins them; or, when `joined`, right before
    them, or further before and joined to them by a word such as "in"."""
    first, last = span
    words, here, selling = view.words, view.sentences[first], set(vocabulary.selling)
    behind = words[last + 1 : last + 2] if view.sentences[last + 1 : last + 2] == [here] else []
    before = [words[at] for at in range(max(0, first - BEHIND), first) if view.sentences[at] == here]
    if selling.intersection(behind) or words[first] in selling:
        return True
    if not joined or not before:
        return False
    joint = before[-2:-1] if before[-1] == "the" else before[-1:]
    return before[-1] in selling or bool(set(joint) & set(vocabulary.where) and selling & set(before))


def lasting(matches: Matches, vocabulary: Vocabulary) -> int | None:
    """For how many days it has lasted, as in "gone for three weeks"; the longest of several, None when the text does not say.

    Only sentences that tell of the trouble are asked: who has sold "for five years" has not had it so long.
    """
    view = matches.view
    told = (*matches.signals.values(), *matches.history.values())
    telling = {view.sentences[seen.first] for held in told for seen in held}
    days = (_days(view, at, vocabulary) for at in range(len(view.words)) if view.sentences[at] in telling)
    return max((count for count in days if count), default=None)


def _days(view: View, at: int, vocabulary: Vocabulary) -> int | None:
    """The duration whose unit stands at `at`, when a word such as "for" leads up to it."""
    unit = vocabulary.units.get(view.words[at]) or vocabulary.units.get(view.stems[at])
    if unit is None or at == 0 or view.sentences[at - 1] != view.sentences[at]:
        return None
    before = view.words[at - 1]
    count = 1 if before in ("a", "an") else vocabulary.numbers.get(before, number(before))
    if not count:
        return None
    led = view.words[max(0, at - 1 - AHEAD) : at - 1]
    return count * unit if set(vocabulary.lasting) & set(led) else None


def values(view: View, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """Value shown and value wanted, as in "page says beige, it's grey" or "shows blue instead of red"; None unless both are.

    Amazon's own message of a conflict, "(Merchant: 'teal' / Amazon: 'blue')", tells them as well.
    """
    if "Merchant:" in view.original:
        pairs = re.findall(r"\(Merchant: '([^'\n]{1,200})' / Amazon: '([^'\n]{1,200})'\)", view.original)
        if pairs:
            return "; ".join(amazon for _, amazon in pairs), "; ".join(merchant for merchant, _ in pairs)
    instead, rightly = ([words.split() for words in held if words.strip()] for held in (vocabulary.instead, vocabulary.rightly))
    # the clause behind need be known only as far as two values and a joint can reach
    reach = 2 * LONGEST + max(map(len, instead), default=0) + 1
    for at, word in enumerate(view.words):
        if word in vocabulary.showing and at and _page_near(view, at, vocabulary):
            end = _clause_end(view, at + 1, reach)
            told = _two(view, at + 1, end, instead) or _then(view, at + 1, end, rightly)
            if told:
                return told
    return None


def _page_near(view: View, at: int, vocabulary: Vocabulary) -> bool:
    return not {*vocabulary.pages}.isdisjoint(view.words[max(0, at - BEHIND) : at])


def _two(view: View, start: int, end: int, joints: list[list[str]]) -> tuple[str, str] | None:
    """Both values in one clause, with a joint such as "instead of" between them."""
    for at in range(start + 1, end):
        for joint in joints:
            behind = at + len(joint)
            if behind < end and view.words[at:behind] == joint:
                return _both(view, (start, at), (behind, end))
    return None


def _then(view: View, start: int, end: int, leads: list[list[str]]) -> tuple[str, str] | None:
    """The value wanted in the clause behind, led in by words such as "it is"."""
    for lead in leads:
        behind = end + len(lead)
        if view.words[end:behind] == lead:
            return _both(view, (start, end), (behind, _clause_end(view, behind, LONGEST + 1)))
    return None


def _both(view: View, shown: tuple[int, int], wanted: tuple[int, int]) -> tuple[str, str] | None:
    if not all(0 < last - first <= LONGEST for first, last in (shown, wanted)):
        return None
    return view.quote(shown[0], shown[1] - 1)[0], view.quote(wanted[0], wanted[1] - 1)[0]


def _clause_end(view: View, at: int, most: int) -> int:
    """The place behind the last word of the clause in which `at` stands, or behind `most` words where it is longer."""
    last = min(at + most, len(view.words))
    for end in range(at + 1, last):
        if _STOPS & set(view.original[view.ends[end - 1] : view.starts[end]]):
            return end
    return max(at, last)


_STOPS = set(",;:.!?()\n\r–—")

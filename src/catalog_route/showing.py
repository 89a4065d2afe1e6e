"""What is known, for `show`: one entry by its id, a list of entries, or the ladder, as sheets that any renderer can print."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from catalog_route import guides, pages
from catalog_route.knowledge import Knowledge
from catalog_route.origins import change_rows, kept_rows, layer_rows
from catalog_route.problems import did_you_mean
from catalog_route.record import changed
from catalog_route.shown import STAGES, Row, Section, Sheet, filled, labelled

OVERLAYS = "overlays"


class NotKnownError(LookupError):
    """Nothing is known by that id; the message says what is near."""


def show(known: Knowledge, ident: str | None) -> Sheet:
    """The sheet of any entry by its id, of a list (`tips`, `codes` …), of what `overlays` change, or the ladder when no id
    is given.

    A word group is written `<image>`, a placeholder `{asin}`; without the marks they are found when nothing else has that
    id. NotKnownError when there is no such entry.
    """
    if ident is None:
        return _ladder(known)
    if ident.casefold() == OVERLAYS:
        return _overlays(known)
    if ident.casefold() in LISTS:
        return _listing(known, ident.casefold())
    marked = MARKED.get(ident[:1] + ident[-1:])
    wanted = ident[1:-1] if marked else ident
    for sections in ((marked,),) if marked else (SHOWN, tuple(MARKED.values())):
        for alike in (_same, _named, _spelled):
            for section in sections:
                found = next((e for key, e in getattr(known, section).items() if alike(wanted, key, e)), None)
                if found is not None:
                    return _page(known, section, found)
    every = [name for name, _ in every_entry(known)]
    every += [marks[0] + name + marks[1] for marks, section in MARKED.items() for name in getattr(known, section)]
    raise NotKnownError(f'nothing is known as "{ident}"' + _hint(ident, [*every, *LISTS, OVERLAYS]))


def _page(known: Knowledge, section: str, entry: Any) -> Sheet:
    """The page of an entry, with where it is kept at its end."""
    sheet = _TELLERS[section](known, entry)
    return changed(sheet, sections=(*sheet.sections, Section("", kept_rows(known, section, entry))))


def _same(wanted: str, key: str, _entry: Any) -> bool:
    return wanted == key


def _named(wanted: str, key: str, entry: Any) -> bool:
    """Whether it is the id or, among destinations, the name; capitals do not matter."""
    return wanted.casefold() in (key.casefold(), getattr(entry, "short", "").casefold(), getattr(entry, "name", "").casefold())


def _spelled(wanted: str, key: str, _entry: Any) -> bool:
    """Whether it is the id but for hyphens, underscores, commas and blanks."""
    return _joined(wanted) == _joined(key)


def _joined(ident: str) -> str:
    return re.sub(r"[\s,_-]+", "-", ident.casefold())


def every_entry(known: Knowledge) -> Iterator[tuple[str, str]]:
    """The id of everything that `show` can tell, as it can be typed in any shell, and what it is in a few words."""
    seen: set[str] = set()
    for section in (*SHOWN, *MARKED.values()):
        for ident, entry in getattr(known, section).items():
            if ident not in seen:
                seen.add(ident)
                yield ident, getattr(entry, "name", "") or _told(known, section, entry)[1]


def _hint(ident: str, every: Iterable[str]) -> str:
    near = did_you_mean(ident.lower(), every)
    return f" – {near}" if near else ' – "show" alone lists the ladder and what else can be shown'


def _ladder(known: Knowledge) -> Sheet:
    tiers = tuple((f"{t.level} {t.short}", t.summary, f"show {t.id}") for t in reversed(known.ladder()))
    teams = tuple((t.short, t.summary, f"show {t.id}") for t in known.teams.values())
    beyond = tuple((b.name, b.summary, f"show {b.id}") for b in known.beyond.values())
    more = tuple((name, f"{len(getattr(known, name))} {told}", f"show {name}") for name, told in LISTS.items() if told)
    sections = (
        Section("catalog support, highest first", tiers),
        Section("desks beside the catalog", teams),
        Section("part of the picture, not reachable", beyond),
        Section("laid over the shipped knowledge", layer_rows(known)),
        Section("more", (*more, *((("overlays", "what they change, one by one", f"show {OVERLAYS}"),) if known.layers else ()))),
    )
    entry = {
        "tiers": known.ladder(), "teams": list(known.teams.values()), "beyond": list(known.beyond.values()),
        "layers": known.layers,
    }  # fmt: skip
    summary = "One agency's view of Amazon's catalog support, not Amazon's own; each statement has its certainty."
    return Sheet("Who can solve what", summary, filled(sections), entry)


def _overlays(known: Knowledge) -> Sheet:
    sections = tuple(Section(name, rows) for name, rows in change_rows(known))
    many = len(known.layers)
    summary = f"{many} laid over it, the lowest first" if many else "nothing is laid over it; --data names a folder"
    return Sheet("The knowledge in force", summary, sections, list(known.layers))


def _listing(known: Knowledge, name: str) -> Sheet:
    """All entries of a section, grouped where that helps to find one."""
    entries = list(getattr(known, name).values())
    groups: dict[str, list[Row]] = {}
    for entry in entries:
        group, text, note = _told(known, name, entry)
        groups.setdefault(group, []).append((entry.id, text, note))
    sections = (Section(f"{name}: {group}" if group else name, tuple(rows)) for group, rows in groups.items())
    ordered = sorted(sections, key=_place(name))
    return Sheet(name, f"{len(entries)} known; show one by its id", filled(ordered), entries)


def _place(name: str) -> Callable[[Section], int]:
    """Tips stand in the order of their stages, everything else as it is kept."""
    order = [f"tips: {told}" for told in STAGES.values()] if name == "tips" else []
    return lambda section: order.index(section.heading) if section.heading in order else 0


def _told(known: Knowledge, section: str, entry: Any) -> tuple[str, str, str]:
    """Group, text and note of one entry in a list."""
    match section:
        case "signals":
            return known.destination(known.owner(entry)).short, entry.title, ""
        case "tips":
            return STAGES[entry.stage], entry.text, entry.certainty
        case "steps":
            here = [name for name in entry.when.destinations if name in {**known.tiers, **known.teams}]
            return known.destination(here[0]).short if len(here) == 1 else "", entry.text, entry.certainty
        case "facts":
            return entry.about, entry.text, f"{entry.certainty}, {entry.source}"
        case "codes":
            return "", entry.meaning, f"{entry.cured_by}, {entry.certainty}"
        case "terms":
            return pages.TERMS[entry.kind], entry.text, ""
        case "sources":
            return entry.kind, entry.title, entry.url
        case "drafts":
            return "", labelled(known, entry.subject), ""
        case "groups":
            return "", ", ".join(entry.words[:8]) + (" …" if len(entry.words) > 8 else ""), ""
        case "placeholders":
            return "", entry.label, entry.fact
        case "history" | "abilities":
            return "", entry.title, ""
        case "questions" | "changes":
            return "", entry.text, ""
    return "", entry.summary, ""


_TELLERS: dict[str, Callable[[Knowledge, Any], Sheet]] = {
    "tiers": pages.tier, "teams": pages.team, "beyond": pages.beyond, "signals": pages.signal, "history": pages.history,
    "codes": pages.code, "tips": guides.tip, "facts": pages.fact, "steps": guides.step, "drafts": guides.draft,
    "abilities": pages.ability, "sources": pages.source, "questions": guides.question, "changes": guides.change,
    "terms": pages.term, "groups": guides.group, "placeholders": guides.placeholder,
}  # fmt: skip
# Sections whose entries are named with marks, as phrases and drafts write them.
MARKED = {"<>": "groups", "{}": "placeholders"}
# The sections whose entries can be shown by their id, in the order in which an id is sought.
SHOWN = tuple(section for section in _TELLERS if section not in MARKED.values())
# The lists that can be shown, and what the ladder says of them.
LISTS = {
    "tiers": "", "teams": "", "beyond": "", "signals": "kinds of problem that are recognised", "codes": "error codes",
    "history": "ways to tell what has happened so far", "tips": "tips", "steps": "steps of the roads",
    "drafts": "drafts of the case to send", "questions": "questions for unclear texts",
    "changes": "facts that could change an answer", "facts": "statements with certainty and source",
    "terms": "words of the answers, and what each means",
    "abilities": "abilities", "sources": "sources", "groups": "word groups of phrases, as <image>",
    "placeholders": "placeholders of drafts, as {asin}",
}  # fmt: skip

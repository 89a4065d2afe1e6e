"""The case to send about one code of a report: a draft of the knowledge, filled with what the report says."""

from __future__ import annotations

from catalog_route.advice import DraftEntry
from catalog_route.case import CaseFacts, read_case
from catalog_route.drafting import case_values, write
from catalog_route.record import changed
from catalog_route.reporting import SELLER, CodeEntry, ReportAdvice, met_by
from catalog_route.router import Router

MOST_NAMED = 10


def draft_for(router: Router, advice: ReportAdvice, entry: CodeEntry) -> DraftEntry | None:
    """The case about the messages of one code, or None when the knowledge has no draft for it."""
    known = router.known
    destination = entry.then if entry.alone else entry.cured_by
    if not destination or destination == SELLER:
        return None
    start = getattr(known.destination(destination), "entry", "") or destination
    met = met_by(known, [entry], destination, start)
    message = entry.messages[0] if entry.messages else ""
    facts = _facts(router, advice, entry, message)
    filled = {
        "text": _said(advice, entry, quoted="message" not in known.placeholders),
        "issue": known.signals[entry.signal].title if entry.signal else entry.meaning,
        "message": message, "attribute": ", ".join(list(entry.attributes)[:MOST_NAMED]),
    }  # fmt: skip
    return write(known, met, {**filled, **case_values(known.placeholders.values(), facts)})


def _facts(router: Router, advice: ReportAdvice, entry: CodeEntry, message: str) -> CaseFacts:
    """The facts beside the text: those of the message, overruled by those of the report."""
    read = read_case(router.matcher.match(message), vocabulary=router.known.vocabulary)
    return changed(
        read,
        error_codes=(entry.code,) if entry.code else read.error_codes,
        skus=entry.skus[:MOST_NAMED] or read.skus,
        asins=entry.asins[:MOST_NAMED] or read.asins,
        feed_ids=(advice.feed,) if advice.feed else read.feed_ids,
    )


def _said(advice: ReportAdvice, entry: CodeEntry, *, quoted: bool) -> str:
    """What the report says of this code; Amazon's words only when the draft has no place of its own for them."""
    times = "once" if entry.count == 1 else f"{entry.count} times"
    lines = [f"The {advice.title} names {f'error {entry.code}' if entry.code else 'this error'} {times}."]
    if entry.sku_count > len(entry.skus[:MOST_NAMED]):
        least = "" if entry.sku_count_exact else "at least "
        lines.append(f"Affected are {least}{entry.sku_count} SKUs; the report is attached.")
    lines += [f'Amazon says: "{text}"' for text in entry.messages[:1] if quoted]
    return " ".join(lines)

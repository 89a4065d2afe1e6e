"""What each field of the data files means, in one phrase: for the documentation and for editors that know the JSON Schema."""

from __future__ import annotations

# What can stand at the top of a file beside the sections.
TOP = {
    "whole": "true: this folder stands alone; nothing lies below it, not even the shipped knowledge",
    "disabled": "section → ids that are switched off, or part of the vocabulary → words; they must be there below",
}
# What can stand in an entry of a folder that lies over another one.
LAYING = {
    "replaces": "true: this entry takes the place of the one of this id below it",
    "extends": "true: the lists and mappings of this entry are added to those of the one of this id below it",
}
# What can stand in the vocabulary of such a folder.
LAYING_WORDS = "words of variants, numbers or units that are given another meaning here than below"

# Each record, and under it its fields as authors write them; a line that is drawn in goes on.
_TOLD = """\
# Source
id: name used in `source` elsewhere
title: what it is, by whom
kind: how much it weighs: Amazon's own pages, other practitioners, or this project's own conclusions
url: where it can be read
note: what to know about it, for example that it cannot be verified
# Fact
id: `F01` to `F36`: the article; `P01` …: further ones
about: what it is about, for lists
text: the statement, in own words
certainty: how sure that is, as the source says it
source: the one source that says it
# Ability
id: used in `can`, `some_can` and `needs`
title: completes "can …"; shown in verdicts
facts: the statements that say that somebody can
note: what to know beside it
# Tier
id: name of the tier, also its group in figures
level: 1 is lowest; levels follow each other without gap
name: the full name, as shown
short: the short name, for tables
summary: who they are, in one line
can: abilities that *every* member has
channels: phone, e-mail …, or `not stated`
reached: how a case gets there
location: where they sit, or `not stated`
facts: the statements about it, listed by `show`
some_can: abilities that only some members have; they become advice, never the answer
limits: what it cannot do, with the statement that says so
entry: the tier to start with, when this one has no door of its own
way_in: why one starts with the tier that `entry` names, told beside that tier
brief: itself in a few words, for one line of the ladder
beside: what it can do about a matter of the desk `{team}` beside the catalog
# Team
id: name of the desk
group: what it counts as in figures
name: the full name, as shown
short: the short name, for tables
summary: what it owns, in one line
reached: how a seller gets there
source: statements or sources that it rests on
certainty: how sure that is, as the source says it
facts: statements about it, listed by `show`
# Beyond
id: name for `show` and for `at` of a step
name: the full name, as shown
summary: who they are, in one line
reached: why, and whether, anybody gets there
facts: the statements about it
# Signal
id: name used by tips, codes, drafts and tests
title: what the seller is shown
why: why it belongs there, one sentence, shown
source: ids of statements or sources that it rests on, joined by blanks
examples: the proof, both ways; run by `check` and by the tests
says: phrases that show it
not: phrases that silence it in their sentence
needs: abilities that it takes; for a catalog matter. Either this or `team`
team: the desk that owns it; for everything beside the catalog
strength: how much a phrase says: `strong` is almost never wrong and counts above the tier that the text resembles, `weak` is
  a hint; `normal` when left out
overrules: true: wins over the whole catalog (a lock by Brand Registry)
general: true: a catch-all of its desk; more exact signals are named before it
# History
id: name used by tips and steps
title: what the seller is shown
why: why it needs more than the problem alone, one sentence, shown
source: ids of statements or sources that it rests on, joined by blanks
needs: abilities that are needed besides; without any, and without a subject, it only tells how the seller goes about it
examples: the proof, both ways; run by `check` and by the tests
says: phrases that show it
not: phrases that silence it in their sentence
at_least: case fact (`reopened`, `contacts`, `ticket_days`) → the number from which on it holds without any phrase
subject: the signal that stands in when a text names no subject but this
# ErrorCode
code: as Amazon writes it, always in quotes
meaning: one sentence
signal: the signal that it stands for
cured_by: who cures it first: `seller`, a tier or a desk
cure: what to do, one sentence
certainty: how sure that is, as the source says it
source: ids of statements or sources, joined by blanks; the first gives the certainty
then: who is next if that fails
echo_of: codes that it merely follows on the same SKU: cure those, and this one goes too
note: what to know beside it
readings: further meanings, told apart by Amazon's message
# Term
id: what `show` finds it by
name: as it is written in answers
kind: `certainty`: how sure a statement is; `catalog`: a word of Amazon's support and its sellers; `program`: a
  word of this program
text: what it means, for somebody who has never met it
facts: the statements that it rests on, if any
# Tip
id: name of the tip
stage: when: alone first, collect, word it, if it stalls, leave it
text: one plain sentence to the seller
why: the reason, shown by `--why`
certainty: how sure that is, as the source says it
source: ids of statements or sources, joined by blanks; the first gives the certainty
when: when it applies; always, when left out
weight: order among tips of one stage, highest first; a tip that names a signal stands before more general ones anyway
# Step
id: name of the step
order: 10, 20, …: the steps that apply are shown in this order
at: who acts or decides there: `seller`, a tier, a desk, or somebody of `beyond`
text: one plain sentence
certainty: how sure that is, as the source says it
source: ids of statements or sources, joined by blanks; the first gives the certainty
when: when it applies; names the destination, as a rule
wait: how long to wait there, only where a source names a time
# Question
id: name of the question
text: the question
answers: short answer, as shown → the same in words that can be read; it must say no more than the answer
between: destinations that it tells apart; left out: asked when nothing at all is clear
# Draft
id: name of the draft
subject: subject line; the case log searches subjects only
lines: the text; the first line is the one wanted change
attach: what to add to the case
send: where and how to send it; when left out, that of the next fitting draft
words: signal → placeholder → the words that this problem needs there
instead: true: no case is to be sent; the lines tell why, and are shown instead of one
when: when it fits; the closest draft is taken
weight: decides between equally close drafts, the higher one is taken
# Placeholder
id: written `{id}` in drafts
label: shown in square brackets while nothing is known, and listed as missing
fact: the fact of the case that fills it; `{issue}` and `{text}` are filled by the program
# Group
id: written `<id>` in phrases
words: words, word sequences, other `<groups>`; alternatives and options as in phrases, no gaps
# Change
id: name of the change
text: completes "if …"
signal: the signal that would be there
history: the history signal that would hold
facts: case facts with the number that they would have at least
absent: true: what is there would not be so; a count goes down to the number
when: where the change is worth a thought
# Vocabulary
variants: spelling → spelling; folded before anything is matched, in texts and in phrases
numbers: word → count (`thrice: 3`); digits, `3rd` and `3x` are known without
negates: phrases that deny what follows within a few words
reports: phrases that make what follows somebody else's words
settles: phrases that put what stands before them into the past
jargon: words that spelling correction leaves alone
counts: case fact → phrases whose number is its value
units: word → days, to read a duration in days
marks: `fact=value` → phrases that say so (`account=vendor`, `tried=captive`)
marketplaces: domain → names of its country; in capitals: an abbreviation that counts only when written so
nationalities: domain → adjectives, which mean the marketplace right before a word of `selling`
selling: words beside which the name of a country means its marketplace
where: words that join the two: "listing in the UK"
lasting: words that lead up to how long it has lasted: "for three weeks"
pages: words of which `showing` tells: "the page says"
showing: words behind which the value shown stands
rightly: words that lead to the value wanted, in the clause behind: "it is grey"
instead: words that lead to the value wanted, in the same clause: "blue instead of red"
# Examples
fires: texts on which the entry must fire; at least one
silent: near-misses on which it must stay silent; at least one
# Reading
when: pieces of Amazon's message, in small letters; one of them is enough
meaning: one sentence
signal: the signal that it stands for then
cured_by: who cures it then
cure: what to do then
certainty: how sure that is, as the source says it
source: ids of statements or sources, joined by blanks; the first gives the certainty
# When
signals: one of these signals was found and counts
destinations: one of these is the answer
history: one of these history signals holds
codes: one of these error codes is in the text
start: one of these is where the seller starts
case: what is known beside the problem: `no-case`, `has-case`, `several-cases`, `final-no`, `vendor`, `seller`,
  `brand-registered`, `not-brand-registered`, `wrong-check-digit`, `from-report`,
  `lasts-long` (a week or more), `refused`, `tried-TIER`
unless: any id that the others may name; one of them met, and it does not apply
# Limit
text: what it cannot do
fact: the statement that says so
team: the desk whose matters it is about, if one
"""


def _parsed(told: str) -> dict[str, dict[str, str]]:
    out: dict[str, dict[str, str]] = {}
    for line in told.replace("\n  ", " ").splitlines():
        if line.startswith("# "):
            held = out[line.removeprefix("# ")] = {}
        else:
            name, _, meaning = line.partition(": ")
            held[name] = meaning
    return out


# Record → field, as authors write it → meaning.
MEANINGS = _parsed(_TOLD)

"""Pictures of the terminal view, made by the program itself: one for each kind of problem, 80 columns wide."""

from __future__ import annotations

from functools import cache
from io import StringIO
from typing import Any

from rich.console import Console

from catalog_route import Router, load_knowledge
from catalog_route.rendering import advice_view

# File name → heading, text, what is told beside the text.
SCREENS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "feed-rejected": (
        "A rejected file",
        "flat file rejected with error 8541 for SKU KETTLE-12-RED",
        {},
    ),
    "image-not-showing": (
        "An image that does not show",
        "uploaded the main image on Monday, the page still shows no image",
        {},
    ),
    "variation-broken": (
        "A broken variation",
        "The red size fell out of my variation and is a page of its own now",
        {},
    ),
    "retail-data-holds": (
        "Retail data hold the page",
        "Amazon retail holds the title of our page, my correction never sticks",
        {},
    ),
    "stuck-ticket": (
        "A ticket that does not move",
        "variation broken, the technical team has had our ticket for six weeks",
        {"reopened": 3},
    ),
    "brand-lock": (
        "A page locked for a brand",
        "our bullets are locked by Brand Registry and support says they cannot change them",
        {},
    ),
    "lost-fba-units": (
        "Units lost on the way to Amazon",
        "FBA shipment closed, 48 of 120 units are missing and the claim was declined",
        {},
    ),
    "ads-ineligible": (
        "A product that cannot be advertised",
        "my sponsored products say ineligible although the item is in stock",
        {},
    ),
    "account-deactivated": (
        "A deactivated account",
        "my selling account was deactivated yesterday, how do I appeal",
        {},
    ),
    "how-to": (
        "A question how to do it",
        "how do I add a second image to my listing",
        {},
    ),
}

# After Rich's own picture of a terminal, without fonts from elsewhere.
_FORM = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
  <style>
    .{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
      font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; }}
    .{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: arial, sans-serif; }}
    {styles}
  </style>
  <defs>
    <clipPath id="{unique_id}-clip-terminal">
      <rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
    </clipPath>
    {lines}
  </defs>
  {chrome}
  <g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
    {backgrounds}
    <g class="{unique_id}-matrix">
    {matrix}
    </g>
  </g>
</svg>
"""


@cache
def router() -> Router:
    """One router over the shipped knowledge for all pictures and tables."""
    return Router(load_knowledge())


def picture(name: str) -> str:
    """The screen of that name as SVG."""
    from catalog_route import Told

    heading, text, told = SCREENS[name]
    console = Console(
        record=True, width=80, file=StringIO(), markup=False, emoji=False, highlight=False, force_terminal=True,
        color_system="truecolor", legacy_windows=False, _environ={},
    )  # fmt: skip
    console.print(advice_view(router().route(text, Told(**told))))
    made = console.export_svg(title=heading, unique_id=name, code_format=_FORM)
    return "\n".join(line.rstrip() for line in made.splitlines() if line.strip()) + "\n"

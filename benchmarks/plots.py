"""The plots of docs/performance.md, as SVG by matplotlib, the same bytes for the same figures.

Colours follow the page in light and dark: lines in two mid tones, text in a grey that both show.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")

from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.category import StrCategoryFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

FIRST, SECOND, GREY = "#2a78c2", "#d97706", "#7d8590"
STYLE = {
    "svg.hashsalt": "catalog-route", "svg.fonttype": "none", "font.size": 10, "font.family": "sans-serif",
    "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": GREY, "axes.labelcolor": GREY,
    "xtick.color": GREY, "ytick.color": GREY, "text.color": GREY, "axes.grid": True, "grid.color": GREY, "grid.alpha": 0.25,
    "figure.figsize": (6.4, 3.4), "savefig.transparent": True, "legend.frameon": False,
}  # fmt: skip
Points = Sequence[tuple[float, float]]
_NUMBER = FuncFormatter(lambda value, _: f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}")


def cost_of_length(points: Points, path: Path) -> None:
    """Time a text against its characters, both logarithmic, beside the line of a cost in step with the length."""
    with plt.rc_context(STYLE):
        axes = _axes("characters of a text", "ms a text")
        sizes, costs = [size for size, _ in points], [cost / 1e3 for _, cost in points]
        axes.loglog(sizes, costs, marker="o", color=FIRST, label="catalog-route")
        axes.loglog(sizes, [costs[0] * size / sizes[0] for size in sizes], ":", color=GREY, label="in step with the length")
        _save(_figure(axes), path)


def cost_of_phrases(points: Points, path: Path) -> None:
    """Time a text against the number of phrases, beside the line of a cost in step with that number."""
    with plt.rc_context(STYLE):
        axes = _axes("phrases", "ms a text")
        numbers, costs = [number for number, _ in points], [cost / 1e3 for _, cost in points]
        axes.plot(numbers, costs, marker="o", color=FIRST, label="catalog-route")
        step = [costs[0] * number / numbers[0] for number in numbers]
        axes.plot(numbers, step, ":", color=GREY, label="in step with the number")
        axes.set_ylim(0, max(costs) * 2)
        _save(_figure(axes), path)


def cost_of_lines(seconds: Points, peaks: Points, path: Path) -> None:
    """Lines a second and peak memory (bytes) of a run against its lines, side by side."""
    with plt.rc_context({**STYLE, "figure.figsize": (8.0, 3.2)}):
        figure, (left, right) = plt.subplots(1, 2)
        left.semilogx([n for n, _ in seconds], [n / s for n, s in seconds], marker="o", color=FIRST)
        right.semilogx([n for n, _ in peaks], [peak / 1e6 for _, peak in peaks], marker="o", color=FIRST)
        for axes, label in ((left, "lines a second"), (right, "peak memory, MB")):
            axes.set_xlabel("lines")
            axes.set_ylabel(label)
            axes.set_ylim(0, 1.15 * axes.dataLim.ymax)
        figure.tight_layout(w_pad=3)
        _save(figure, path)


def times_as_long(rows: Sequence[tuple[str, float, float | None]], path: Path) -> None:
    """Start-up of commands as multiples of a bare interpreter, each with its bar where it has one."""
    with plt.rc_context({**STYLE, "figure.figsize": (7.2, 0.42 * len(rows) + 0.8)}):
        axes = _axes("times a bare interpreter", "")
        names = [name.replace("`", "") for name, _, _ in rows][::-1]
        values = [value for _, value, _ in rows][::-1]
        axes.barh(names, values, color=[FIRST if name.startswith("catalog-route") else GREY for name in names], height=0.6)
        for at, (_, value, bar) in enumerate(rows[::-1]):
            axes.annotate(f"{value:.1f}", (value, at), xytext=(4, 0), textcoords="offset points", va="center")
            if bar is not None:
                axes.plot([bar, bar], [at - 0.42, at + 0.42], color=SECOND, linewidth=2)
        axes.plot([], [], color=SECOND, linewidth=2, label="not to be passed")
        axes.grid(axis="y", visible=False)
        _save(_figure(axes), path)


def _axes(across: str, up: str) -> Axes:
    _, axes = plt.subplots()
    axes.set_xlabel(across)
    axes.set_ylabel(up)
    return axes


def _figure(axes: Axes) -> Figure:
    figure = axes.get_figure()
    if not isinstance(figure, Figure):
        raise TypeError("axes without a figure")
    return figure


def _save(figure: Figure, path: Path) -> None:
    """Label the axes, add the legend where there is one, write the picture without the time of its making."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            if axis.get_scale() == "log":
                axis.set_major_locator(LogLocator(10, subs=(1,) if axes.dataLim.width > 50 * axes.dataLim.xmin else (1, 2, 5)))
                axis.set_minor_locator(NullLocator())
            if not isinstance(axis.get_major_formatter(), StrCategoryFormatter):
                axis.set_major_formatter(_NUMBER)
        if axes.get_legend_handles_labels()[1]:
            axes.legend(loc="best")
    path.parent.mkdir(exist_ok=True)
    figure.savefig(path, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None})
    plt.close(figure)
    text = path.read_text("utf-8")
    path.write_text("".join(f"{line.rstrip()}\n" for line in text.splitlines()), "utf-8")

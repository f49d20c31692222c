"""Pictures as inline SVG: the few shapes the charts need, and a frame with an axis.

Decides how a picture is put together: text is escaped by the XML writer, colours are classes of the
style sheet, so that light and dark follow the reader's setting. What is drawn is `charts`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10
from xml.etree.ElementTree import Element, SubElement, tostring

from autoevol.report.figures import plain


class Drawing:
    """A picture of `width` x `height` units, as wide as its place on the page; `label` says
    in words what it shows. A `rigid` one keeps its size."""

    def __init__(self, width: float, height: float, label: str, *, rigid: bool = False) -> None:
        self.width, self.height = width, height
        box = {"viewBox": f"0 0 {width:g} {height:g}", "role": "img", "aria-label": _clean(label)}
        if rigid:
            box["style"] = f"width:{width:g}px"
        self._root = Element("svg", box)

    def line(self, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
        at = {"x1": _n(x1), "y1": _n(y1), "x2": _n(x2), "y2": _n(y2), "class": kind}
        SubElement(self._root, "line", at)

    def path(self, points: Sequence[tuple[float, float]], kind: str) -> None:
        """A line through points."""
        at = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        SubElement(self._root, "polyline", {"points": at, "class": kind})

    def dot(self, x: float, y: float, radius: float, kind: str, said: str = "") -> None:
        at = {"cx": _n(x), "cy": _n(y), "r": _n(radius), "class": kind}
        self._say(SubElement(self._root, "circle", at), said)

    def box(self, x: float, y: float, wide: float, high: float, kind: str, said: str = "") -> None:
        at = {"x": _n(x), "y": _n(y), "width": _n(wide), "height": _n(max(0, high)), "class": kind}
        self._say(SubElement(self._root, "rect", at), said)

    def text(self, x: float, y: float, words: str, anchor: str = "start", kind: str = "t") -> None:
        at = {"x": _n(x), "y": _n(y), "text-anchor": anchor, "class": kind}
        SubElement(self._root, "text", at).text = _clean(words)

    def _say(self, shape: Element, said: str) -> None:
        if said:
            SubElement(shape, "title").text = _clean(said)

    def __html__(self) -> str:
        return tostring(self._root, encoding="unicode", short_empty_elements=False)


class Frame:
    """A drawing's plotting area with a labelled y axis from `low` to `high`."""

    def __init__(
        self,
        drawing: Drawing,
        low: float,
        high: float,
        *,
        share: bool = False,
        left: float = 46,
        bottom: float = 26,
    ) -> None:
        self.drawing = drawing
        # The last word below the axis stands half beyond its end.
        self.left, self.right = left, drawing.width - 18
        self.top, self.foot = 12.0, drawing.height - bottom
        ticks = nice_ticks(low, high)
        self._low, self._high = ticks[0], ticks[-1]
        for tick in ticks:
            y = self.y(tick)
            drawing.line(left, y, self.right, y, "grid")
            digits = 0 if share or ticks[-1] - ticks[0] >= 4 else 2 if ticks[1] % 0.1 else 1
            words = f"{100 * tick:.0f} %" if share else plain(tick, digits)
            drawing.text(left - 6, y + 4, words, "end")

    def y(self, value: float) -> float:
        share = (value - self._low) / (self._high - self._low)
        return self.foot - max(0.0, min(1.0, share)) * (self.foot - self.top)

    def x(self, share: float) -> float:
        """The place at a share of the width."""
        return self.left + share * (self.right - self.left)


def nice_ticks(low: float, high: float, about: int = 4) -> list[float]:
    """Round numbers from at most `low` to at least `high`."""
    if high <= low:
        high = low + 1
    rough = (high - low) / about
    unit = 10 ** floor(log10(rough))
    step = next(unit * m for m in (1, 2, 5, 10) if unit * m >= rough * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(n * step, 10) for n in range(first, last + 1)]


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _clean(words: str) -> str:
    """XML knows no control characters and no lone surrogates."""
    safe = words.encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c >= " " or c in "\t\n" else "\ufffd" for c in safe)

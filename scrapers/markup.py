"""HTML -> blocks of text in reading order, without scripts, captions and the boxes around an article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING

from lxml import etree, html
from parsel.csstranslator import css2xpath

from scrapers.noise import load_noise

if TYPE_CHECKING:
    from scrapers.outlet import Outlet

LONGEST_HTML = 8_000_000
"""Characters of HTML that are read; no article is longer, whatever a page holds."""

INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\ue000-\uf8ff\U000e0000-\U0010ffff]"
)
"""Control, format, private and surrogate characters: nothing that a reader sees."""

_ATTRIBUTE = r"""[\s/]*+[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>]*+))?+"""
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_TAG = re.compile(rf"(?P<name><[a-zA-Z][^\s/>]*+)(?P<rest>(?:{_ATTRIBUTE}|[\s/=])*+)")
"""A tag up to its ``>``, read as browsers do, in linear time whatever it holds."""
_MOST_ATTRIBUTES = 1_000
"""Of one tag; libxml2 compares each with all before it."""
_SENTENCE_END = re.compile(r"[.!?…:;”\"»)\]]$")
_INLINE_NAMES = """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark s samp small span strike
    strong sub sup time tt u var wbr"""
_INLINE = frozenset(_INLINE_NAMES.split())
_BOLD = frozenset(["b", "strong"])
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_NOTICE = 300
"""Characters up to which what a page does not show is a notice, a form or a menu. Longer, it is a text that opens by a click."""
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_TITLES = ("h2", "h3", "h4", "h5")
_LEVELS = 5
"""How deep in a card its title lies at most."""
_PAGE = frozenset(["html", "body"])
_BOX = 1_000
"""Characters from which a box of a whole page can be its article."""
_CARD = 500
"""Characters of the card of another article: title, summary, date."""
_CELL = 80
"""Characters per cell below which a table holds data and not running text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A run of text between two block boundaries."""

    text: str
    heading: bool
    linked: bool
    """All of its letters are inside links."""
    parent: etree._Element | None = field(default=None, compare=False, repr=False)
    """What holds the element that it is the text of: paragraphs of one text have the same."""


def parse_html(markup: str) -> etree._Element | None:
    """The tree of a page or fragment; ``None`` when there is nothing in it."""
    # libxml2 stops at U+0000, and cannot encode surrogates.
    harmless = _TAG.sub(_bearable, INVISIBLE.sub("", markup[:LONGEST_HTML]))
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
    try:
        root: etree._Element | None = etree.fromstring(harmless.encode(), parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    return root


def _bearable(tag: re.Match[str]) -> str:
    """A tag as it is; without its attributes when there are so many that libxml2 would be busy with them for minutes."""
    rest = tag["rest"]
    many = len(rest) > _MOST_ATTRIBUTES and len(_ATTRIBUTES.findall(rest)) > _MOST_ATTRIBUTES
    return tag["name"] if many else tag[0]


def string(root: etree._Element, xpath: str) -> str:
    """The value of an XPath expression that gives a string."""
    return str(root.xpath(xpath))


def text_of(element: etree._Element) -> str:
    """All text under an element, comments left out, white space as it stands."""
    return string(element, "string()")


def length_of(element: etree._Element) -> int:
    """Characters of text under an element, white space counted once."""
    return int(float(string(element, "string-length(normalize-space())")))


def elements(root: etree._Element, xpath: str) -> list[etree._Element]:
    """The elements that an XPath expression names, in document order."""
    found = root.xpath(xpath)
    return [each for each in found if isinstance(each, etree._Element)] if isinstance(found, list) else []


def select(root: etree._Element, selector: str) -> list[etree._Element]:
    """The elements under (and including) one that a CSS selector names, in document order."""
    return elements(root, _xpath(selector))


@lru_cache(maxsize=512)
def _xpath(selector: str) -> str:
    return css2xpath(selector)


def blocks_of(root: etree._Element, outlet: Outlet) -> Iterator[Block]:
    """The blocks of text under an element, without those parts that are known to hold no running text."""
    skipped = _skipped(root, outlet)
    reader = _BlockReader()
    walker = etree.iterwalk(root, events=("start", "end", "comment"))
    for event, element in walker:
        if event == "start":
            yield from reader.open(element)
            if element in skipped:
                walker.skip_subtree()
            else:
                reader.add(element.text)
        else:
            if event == "end":
                yield from reader.close(element)
            if element is not root:
                reader.add(element.tail)
    yield from reader.flush()


class _BlockReader:
    """Gathers text until a block boundary."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._open: list[etree._Element] = []
        self._links = self._bold = 0
        self._lettered = self._unlinked = self._plain = False
        self._heading = self._broken = False

    def open(self, element: etree._Element) -> Iterator[Block]:
        """An element begins."""
        self._links += element.tag == "a"
        self._bold += element.tag in _BOLD
        if _is_block(element):
            yield from self.flush()
            self._open.append(element)
            self._heading = element.tag in _HEADINGS

    def close(self, element: etree._Element) -> Iterator[Block]:
        """An element ends."""
        self._links -= element.tag == "a"
        self._bold -= element.tag in _BOLD
        if element.tag == "br":
            yield from self._break()
        elif _is_block(element):
            yield from self.flush()
            self._open.pop()
            self._heading = False

    def add(self, text: str | None) -> None:
        """Text of the block that is open."""
        if not text:
            return
        self._parts.append(text)
        if any(map(str.isalnum, text)):
            self._lettered = True
            self._unlinked |= not self._links
            self._plain |= not self._bold
            self._broken = False

    def flush(self) -> Iterator[Block]:
        """The block that is open, if there is text in it; a new one begins."""
        text = " ".join("".join(self._parts).split())
        if text:
            linked = self._lettered and not self._unlinked
            parent = self._open[-1].getparent() if self._open else None
            yield Block(text=text, heading=self._heading, linked=linked, parent=parent)
        self._parts.clear()
        self._lettered = self._unlinked = self._plain = self._broken = False

    def _break(self) -> Iterator[Block]:
        """A ``br``: ends the paragraph after a sentence, a line in bold or another ``br``; else it is a space."""
        heading = self._lettered and not self._plain
        if heading or self._broken or _SENTENCE_END.search("".join(self._parts[-4:]).rstrip()):
            yield from self.flush()
        else:
            self._broken = True
            self._parts.append(" ")


def _is_block(element: etree._Element) -> bool:
    tag = element.tag
    if tag in _INLINE or tag == "br":
        return False
    return tag != "q" or _stands_alone(element)


def _stands_alone(element: etree._Element) -> bool:
    """Whether an inline element stands between paragraphs: El Comercio prints "LEE: …" in a ``q`` of its own."""
    before = element.getprevious()
    parent = element.getparent()
    text = before.tail if before is not None else parent.text if parent is not None else None
    return not (text or "").strip() and not (element.tail or "").strip()


def drop_boxes(root: etree._Element, outlet: Outlet) -> None:
    """Take out of a tree what holds no running text: scripts, posts, promotions, cards of other articles."""
    for element in _skipped(root, outlet):
        if element.getparent() is not None:
            html.HtmlElement.drop_tree(element)


def _boxes(root: etree._Element, longest: float) -> Iterator[etree._Element]:
    """Elements under one that their classes or ids name as boxes beside the text, up to a length, and notices that are not shown."""
    boxes = load_noise().boxes
    for element in elements(root, ".//*[@class or @id or @style or @hidden]"):
        named = boxes.search(f"{element.get('class', '')} {element.get('id', '')}")
        most = longest if named else _NOTICE if _is_hidden(element) else 0
        if most and length_of(element) <= most:
            yield element


def _is_hidden(element: etree._Element) -> bool:
    return "hidden" in element.attrib or _HIDDEN.search(element.get("style", "")) is not None


def _skipped(root: etree._Element, outlet: Outlet) -> set[etree._Element]:
    noise = load_noise()
    skipped = {element for element in root.iter(*noise.elements) if element is not root}
    code = sum(length_of(element) for element in root.iter("script", "style", "noscript"))
    half = (length_of(root) - code) / 2
    # In a whole page an article can be less than half of the text, and in an element that is named like a box.
    skipped.update(_boxes(root, min(half, _BOX) if root.tag in _PAGE else half))
    skipped.update(element for element in root.iter(*noise.wrappers) if length_of(element) <= half)
    skipped.update(_cards(root))
    for selector in outlet.selectors.remove:
        skipped.update(element for element in select(root, selector) if element is not root)
    skipped.update(_data_tables(root))
    return skipped


def _cards(root: etree._Element) -> Iterator[etree._Element]:
    """Short elements of one build side by side, each with a title that links elsewhere: lists of other articles."""
    rows: dict[tuple[etree._Element | None, str, str], set[etree._Element]] = {}
    lengths: dict[etree._Element, int] = {}
    for title in root.iter(*_TITLES):
        for card in islice(title.iterancestors(), _LEVELS) if _leads_elsewhere(title) else ():
            if card not in lengths:
                lengths[card] = length_of(card)
            if card is root or lengths[card] > _CARD:
                break
            rows.setdefault((card.getparent(), card.tag, card.get("class", "")), set()).add(card)
    yield from (card for cards in rows.values() if len(cards) > 1 for card in cards)


def _leads_elsewhere(title: etree._Element) -> bool:
    """Whether a title holds a link to another page, or lies in one."""
    links = chain(title.iter("a"), islice(title.iterancestors("a"), 1))
    return any(not link.get("href", "#").startswith("#") for link in links)


def _data_tables(root: etree._Element) -> Iterator[etree._Element]:
    for table in root.iter("table"):
        cells = sum(1 for _ in table.iter("td", "th"))
        if cells > 2 and length_of(table) < _CELL * cells:
            yield table

"""What is left out of exports: names of victims and bystanders, telephone numbers, plates, document numbers, addresses.

Wrong is worse than missing: a pattern here may cover too much, and never too little on purpose. What the reading did not
recognise as a person's name cannot be covered; the README says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

COVER = "[…]"
"""What stands in place of something covered."""

# Mobile numbers of Peru have nine digits and begin with 9; land lines have six or seven after an area code of one or two.
_TELEPHONE = re.compile(
    r"(?<![\w/.,])(?:\+?51[\s-]?)?(?:9\d{2}[\s.-]?\d{3}[\s.-]?\d{3}|\(?0\d{1,2}\)?[\s-]?\d{3}[\s-]?\d{3,4})(?!\w)"
)
# Plates: three letters or letter-digit-letter, then three digits; motorcycles have four digits and one or two letters.
_PLATE = re.compile(r"(?<!\w)(?:[A-Z][A-Z0-9][A-Z0-9]\s?-\s?\d{3}|\d{4}\s?-\s?\d?[A-Z]{1,2})(?!\w)")
_PLATE_SAID = re.compile(
    r"(?i:\bplacas?(?:\s+(?:de\s+rodaje|n[.°º]*|número))?\s+)([A-Z0-9]{3}-?\d{3}|\d{4}-?[A-Z0-9]{2})(?!\w)"
)
_DOCUMENT = re.compile(r"(?i:\b(?:DNI|RUC|documento)\b\D{0,12})(\d{8,11})(?!\d)")
_STREET = r"(?:[Aa]v(?:enida|\.)|[Jj]r(?:\.|ón)|[Jj]irón|[Cc]alle|[Cc]a\.|[Pp]asaje|[Pp]sje\.|[Pp]rolongación|[Cc]arretera|[Aa]lameda|[Mm]alecón)"
_ADDRESS = re.compile(
    rf"{_STREET}\s+(?:[\w.áéíóúñÁÉÍÓÚÑ]+\s+){{1,5}}?(?:(?:N[.°º]*|número|cuadra|cdra\.?)\s*)?\d{{1,5}}(?!\w)"
    r"|(?:[Mm]anzana|[Mm]z\.?)\s*[\"“']?[A-Z0-9]{1,3}[\"”']?,?\s*(?:[Ll]ote|[Ll]t\.?)\s*[\"“']?\d{1,3}[A-Z]?[\"”']?"
    r"|(?:[Ll]ote|[Ll]t\.?)\s*[\"“']?\d{1,3}[A-Z]?[\"”']?,?\s*(?:de\s+la\s+)?(?:[Mm]anzana|[Mm]z\.?)\s*[\"“']?[A-Z0-9]{1,3}[\"”']?"
)


def cover(text: str, names: Iterable[str] = ()) -> str:
    """The text with private names, telephone, plate and document numbers and exact addresses covered.

    ``names`` should come longest first, so that a full name is covered before a part of it.
    """
    for name in names:
        if name:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", COVER, text)
    text = _ADDRESS.sub(COVER, text)
    text = _PLATE_SAID.sub(lambda match: match.group(0).replace(match.group(1), COVER), text)
    text = _DOCUMENT.sub(lambda match: match.group(0).replace(match.group(1), COVER), text)
    return _TELEPHONE.sub(COVER, _PLATE.sub(COVER, text))

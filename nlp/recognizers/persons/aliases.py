"""Nicknames that stand beside a full name: ``alias ‘Chato’``, ``(a) “Loco”``, ``apodado…``, ``(33), ‘Nikol’``."""

from __future__ import annotations

import re

_OPEN, _CLOSE = "[“\"«‘']", "[”\"»’']"
_NICK = rf"{_OPEN}(?P<quoted>[^“”\"«»‘’'\n]{{2,30}}){_CLOSE}"
_PLAIN = r"(?P<plain>(?:[Ee]l |[Ll]a )?[A-ZÁÉÍÓÚÑ]\w{1,20}(?: [A-ZÁÉÍÓÚÑ]\w{1,20})?)"
_MARK = (
    r"(?:alias|\(a\)|\(alias\)|[aA]\.?k\.?a\.?|(?:más\s)?conocid[oa]\s(?:\w+\s){0,5}(?:como|con el alias de|con el apelativo de)"
    r"|apodad[oa]|a quien (?:apodan|llaman)|de alias|con el alias de|el alias de)"
)
_AGE = r"(?:\s?\(\s?\d{1,2}(?:\saños)?\s?\)|,?\sde\s\d{1,2}(?:\saños)?)?"
_AFTER = re.compile(rf"{_AGE}\s?,?\s(?:o\s)?{_MARK}:?\s(?:{_NICK}|{_PLAIN})")
_BARE = re.compile(rf"{_AGE}\s?(?:,\s|\s?\(\s?(?:\d{{1,2}}(?:\saños)?\s?[,;]\s?)?){_NICK}")
_INNER = re.compile(rf" {_NICK} ")
_MORE = re.compile(rf"\s?(?:,|[oyu])\s{_NICK}")
_BEFORE = re.compile(rf"(?:{_MARK}\s)?{_NICK}\s?(?:,\s(?:identificad[oa]\scomo|cuyo\snombre\ses|de\snombre)\s|\(\s?)\Z")
_WINDOW = 90


def aliases_of(text: str, start: int, end: int) -> tuple[str, ...]:
    """Nicknames that the text gives to the person named at these offsets, in its order."""
    inner = _INNER.search(text, start, end)
    if inner is not None:
        return (inner.group("quoted").strip(),)
    match = _AFTER.match(text, end, end + _WINDOW) or _BARE.match(text, end, end + _WINDOW)
    if match is None:
        before = _BEFORE.search(text, max(0, start - _WINDOW), start)
        return (before.group("quoted").strip(),) if before and _is_nickname(before.group("quoted")) else ()
    found = [_nickname(match)]
    while len(found) < 4:
        more = _MORE.match(text, match.end(), match.end() + _WINDOW)
        if more is None:
            break
        found.append(_nickname(more))
        match = more
    return tuple(name for name in found if _is_nickname(name))


def _nickname(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return (groups.get("quoted") or groups.get("plain") or "").strip(" ,.")


def _is_nickname(name: str) -> bool:
    """Whether it is short and begins like a name: a quoted sentence is none, nor is a gang ("Los …")."""
    words = name.split()
    return 0 < len(words) <= 4 and words[0][0].isupper() and words[0] not in ("Los", "Las")

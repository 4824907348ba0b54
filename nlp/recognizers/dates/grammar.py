"""How the press writes a date: one pattern over folded text, an alternative per kind of expression."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nlp.lexicon import read_table
from nlp.patterns import PatternTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """The patterns of dates, and what their words mean."""

    core: PatternTable
    """A date expression; the last group that matched names its kind."""
    part_before: re.Pattern[str]
    """``la madrugada de este``, up to the core."""
    part_after: re.Pattern[str]
    """``por la tarde``, after the core."""
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    """Monday is 0."""
    days: Mapping[str, int]
    """Words that stand for a day: its distance in days from the publication."""
    units: Mapping[str, str]


_CORE = r"""
    (?<![\d/.,-])(?:
        (?P<n_day>\d{1,2})(?P<n_sep>[/-])(?P<n_month>\d{1,2})(?P=n_sep)(?P<n_year>\d{4}|(?<=/)\d{2})
      | (?P<d_day>\d{1,2})\.(?P<d_month>\d{1,2})\.(?P<d_year>(?:19|20)\d\d)
      | (?P<i_year>(?:19|20)\d\d)-(?P<i_month>\d\d)-(?P<i_day>\d\d)
    )(?![\d/-]|[.,]\d)(?P<numeric>)
    | (?:del|desde[ ]el|entre[ ]el|los[ ]dias|el)[ ](?:WEEKDAY[ ])?(?P<s_day>DAY)(?:[ ]de[ ](?P<s_month>MONTH))?
        [ ](?:al|hasta[ ]el|y(?:[ ]el)?)[ ](?:WEEKDAY[ ])?(?P<s_last>DAY)[ ]de[ ](?P<s_to>MONTH)(?:,?[ ](?:del?[ ])?(?P<s_year>YEAR))?(?P<days>)
    | (?:(?:(?P<e_future>proximo)|pasado|ultimo|este)[ ](?:(?:pasado|ultimo)[ ])?)?(?:(?P<e_weekday>WEEKDAY),?[ ])?(?:el[ ])?(?P<e_day>DAY)[ ]de(?:l[ ]mes[ ]de)?[ ](?P<e_month>MONTH)
        (?:,?[ ](?:del?[ ](?:ano[ ])?)?(?P<e_year>YEAR)|[ ]de(?:l|[ ]este)?[ ](?P<e_rel>ano[ ]pasado|presente[ ]ano|ano[ ]en[ ]curso|ano|THATYEAR)|[ ](?:pasado|ultimo))?(?P<date>)
    | (?:(?P<o_weekday>WEEKDAY),?[ ])?(?P<o_day>DAY)[ ]de(?:l)?[ ](?P<o_rel>este[ ]mes|presente(?:[ ]mes)?|mes[ ]pasado|mes[ ]en[ ]curso)(?P<dom>)
    | (?P<w_before>(?:este|ultimo|pasado|proximo)[ ](?:pasado[ ]|ultimo[ ]|proximo[ ])?)?(?P<w_weekday>WEEKDAY)(?:,?[ ](?P<w_day>\d{1,2})(?![\w:.,/]?\d|\w|[ ]?%|[ ]?-))?(?:[ ](?P<w_after>ultimo|pasado|proximo))?\b(?P<dayname>)
    | (?P<h_word>TODAY)(?:,?[ ]WEEKDAY(?:[ ]\d{1,2}(?:[ ]de[ ]MONTH)?)?|,?[ ](?P<h_day>\d{1,2})[ ]de[ ](?P<h_month>MONTH))?\b(?P<near>)
    | esta[ ](?:misma[ ])?(?:madrugada|manana|tarde|noche)\b(?P<thispart>)
    | (?:(?P<k_this>(?:esta|la[ ]presente)[ ]semana)|(?:la[ ])?semana[ ](?:pasada|anterior)|la[ ](?:pasada|ultima)[ ]semana)\b(?P<week>)
    | (?:el|este|del?|ultimo|pasado)[ ](?:ultimo[ ]|pasado[ ])?fin[ ]de[ ]semana(?:[ ](?:pasado|ultimo))?\b(?P<weekend>)
    | (?:(?P<a_since>desde)[ ])?hace[ ](?P<a_vague>(?:unos|unas|aproximadamente|casi|mas[ ]de|cerca[ ]de|apenas|solo|al[ ]menos|poco[ ]mas[ ]de)[ ])?(?P<a_number>\d{1,3}|una?|NUMERAL|par[ ]de|un[ ]par[ ]de)[ ](?P<a_unit>UNIT)\b(?P<ago>)
    | (?P<b_number>\d{1,3}|una?|NUMERAL)[ ](?P<b_unit>UNIT)[ ]atras\b(?P<back>)
    | (?:(?P<m_this>este|el[ ]presente)[ ]mes|(?:el[ ])?mes[ ](?:pasado|anterior)|el[ ](?:pasado|ultimo)[ ]mes)\b(?![ ]de[ ](?:MONTH))(?P<thismonth>)
    | (?:entre|de|desde)[ ](?P<r_month>MONTH)(?:[ ]del?[ ](?P<r_first>YEAR))?[ ](?:y|a|hasta)[ ](?:el[ ](?P<r_day>DAY)[ ]de[ ])?(?P<r_last>MONTH)(?:[ ](?:del?[ ](?:ano[ ])?)?(?P<r_year>YEAR)|[ ]de(?:l|[ ]este)[ ](?P<r_rel>ano[ ]pasado|presente[ ]ano|ano))?\b(?P<months>)
    | (?P<t_month>MONTH)(?:,?[ ](?:del?[ ](?:ano[ ])?)?(?P<t_year>YEAR)|[ ]de(?:l|[ ]este)?[ ](?P<t_rel>ano[ ]pasado|presente[ ]ano|ano[ ]en[ ]curso|ano|THATYEAR)|[ ](?P<t_after>pasado|ultimo|proximo))?\b(?P<month>)
    | en[ ]lo[ ]que[ ]va[ ]del?[ ](?:(?:presente[ ])?(?:ano|este[ ]ano)(?:[ ](?P<z_same>YEAR))?|(?P<z_year>YEAR))\b(?P<todate>)
    | (?P<q_which>primer|segundo|tercer|cuarto|ultimo)[ ](?P<q_what>semestre|trimestre)[ ]del?[ ](?:(?:ano[ ])?(?P<q_year>YEAR)|(?P<q_rel>ano[ ]pasado|presente[ ]ano|ano)|este[ ]ano)(?P<half>)
    | (?:(?P<y_last>(?:el|del)[ ](?:ano[ ](?:pasado|anterior)|pasado[ ]ano))|(?P<y_this>(?:este|presente)[ ]ano))\b(?P<yearname>)
    | (?:(?:en|del?|desde|durante|hasta|a[ ](?:fines|inicios|mediados|finales|comienzos)[ ]de)[ ](?:el[ ])?(?:ano[ ])?)(?P<x_year>(?:19|20)\d\d)(?![\d.,/-]?\d|[ ](?:soles|personas|casos|denuncias|mil)|\w)(?P<year>)
    | (?:(?:al|el)[ ]dia[ ](?P<f_word>siguiente|anterior)
        |(?P<f_number>\d{1,2}|una?|NUMERAL)[ ](?P<f_unit>dias?|semanas?)[ ](?P<f_when>despues|mas[ ]tarde|antes))\b(?P<next>)
    | el[ ](?:dia[ ])?(?P<v_day>\d{1,2})(?=,?[ ](?:les?|l[oa]s?|se|fue(?:ron)?|unos?|dos|tres|desconocidos|sujetos|alguien|(?:mat|dispar|asesin|balea|detona|incendi|secuestr|rapt|encontr|hall|recib|apareci)\w*(?:on|o))\b)(?P<dayonly>)
    | (?<=\()(?:el[ ])?dia[ ](?P<u_day>\d{1,2})(?=\))(?P<daynoted>)
"""
"""An expression begins a line after ``|``; the group that names its kind stands empty at its end."""

_YEAR = r"(?:19|20)\d\d(?!\d)"
_ONES = "uno|un|dos|tres|cuatro|cinco|seis|siete|ocho|nueve"


def read_grammar() -> Grammar:
    """Read the words and compile the patterns.

    Raises:
        LexiconError: a row does not fit.
    """
    words: dict[str, dict[str, str]] = {"month": {}, "weekday": {}, "day": {}, "part": {}, "unit": {}}
    for row in read_table("date_words.csv", frozenset({"word", "kind", "value"})):
        words[row["kind"]][row["word"]] = row["value"]
    numerals = [
        row["word"]
        for row in read_table("numerals.csv", frozenset({"word", "value", "kind"}))
        if row["kind"] in ("unit", "teen")
    ]
    pieces = {
        "MONTH": f"(?:{_any(words['month'])})",
        "WEEKDAY": f"(?:{_any(words['weekday'])})",
        "TODAY": f"(?:{_any(words['day'])})",
        "NUMERAL": f"(?:{_any(numerals)})",
        "UNIT": f"(?:{_any(words['unit'])})",
        "THATYEAR": "(?:mismo|ese|ese[ ]mismo|aquel|dicho|referido)[ ]ano",
        "YEAR": _YEAR,
        "DAY": rf"(?:(?<!\d)\d{{1,2}}|primero|1ro|1[°º]|treinta[ ]y[ ]uno|treinta|{_any(numerals)})",
    }
    pattern = re.compile("|".join(pieces)).sub(lambda match: pieces[match.group()], _CORE)
    part = _any(words["part"])
    return Grammar(
        core=PatternTable(re.split(r"\n    \| ", pattern), flags=re.VERBOSE),
        part_before=re.compile(
            rf"\b(?:(?:la|esta|el|por la|en la) )?(?:{part}) (?:del?|de(?: este| el| la)?)(?: (?:dia|pasado|ultimo))?[, ]$"
            r"|\b(?:el|este|del?)(?: dia)?(?: (?:pasado|ultimo|proximo))?,? $"
        ),
        part_after=re.compile(rf",? (?:por|en|a|de) la (?:{part})\b|,? (?:al|a) (?:mediodia|medianoche)\b"),
        months={word: int(value) for word, value in words["month"].items()},
        weekdays={word: int(value) for word, value in words["weekday"].items()},
        days={word: int(value) for word, value in words["day"].items()},
        units=words["unit"],
    )


def _any(words: Iterable[str]) -> str:
    """An alternation, the longest word first; spaces as a class, since the pattern is verbose."""
    return "|".join(re.escape(word).replace("\\ ", "[ ]") for word in sorted(words, key=len, reverse=True))

"""Fit ``nlp/data/claim_*_weights.csv`` to annotated articles: ``python -m training.fit_claims FILE.jsonl … [--check]``.

Which figures are claims (:mod:`nlp.claims.figures`), and which of the options that an article offers is the speaker, the area
and the time of each (:mod:`nlp.claims.options`). ``--check`` writes nothing and prints, for files that the weights were not
fitted to, what figures above a likelihood would score and how many fields come out right.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from nlp.claims import assemble
from nlp.claims.figures import STANDINGS, Figure, Standing, likely_claims
from nlp.claims.options import Choice, Field, Option, Worth, chosen
from nlp.claims.units import Quantity
from nlp.lexicon import fold
from nlp.weighing import Features, Weights
from training import softmax
from training.readings import Reading, readings

DATA = Path("nlp/data")
PRIORS = Path(__file__).with_name("claim_priors.csv")
HOLD = 2.0
HOLD_OF_FIELDS = {Field.SPEAKER: 3.0, Field.SCOPE: 3.0, Field.PERIOD: 6.0}
"""How strongly weights are drawn towards 0: what files left out of the fit are read best with."""
FEWEST = 4
"""Figures that a feature must go with to get a weight."""
SMALL = 0.03
"""Features whose weights all stay under it are left out of the table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """Weights of all that is decided of claims."""

    figures: Weights[Standing]
    fields: Mapping[Field, Weights[Worth]]


@dataclass
class Annotator:
    """Takes down what it is asked, and how that is annotated.

    It decides by ``fitted``, so that what comes later meets the faults that it will meet; without, as annotated.
    """

    given: Sequence[Mapping[str, Any]]
    fitted: Fitted | None = None
    figures: list[tuple[Features, Standing]] = field(default_factory=list)
    choices: dict[Field, list[tuple[Sequence[Option], Sequence[bool]]]] = field(default_factory=dict)

    def claims(self, figures: Sequence[Figure]) -> Sequence[Quantity]:
        """Those that an annotated claim overlaps, each with one; or the likely ones."""
        taken = {figure for figure, _ in pairs([f.quantity for f in figures], self.given)}
        for index, figure in enumerate(figures):
            self.figures.append((figure.features, Standing.CLAIM if index in taken else Standing.OTHER))
        if self.fitted is not None:
            return likely_claims(figures, self.fitted.figures)
        return sorted((figures[index].quantity for index in taken), key=lambda quantity: quantity.start)

    def choose(self, what: Field, quantity: Quantity, options: Sequence[Option]) -> Choice:
        """The value annotated, or the best option."""
        pair = next(pairs([quantity], self.given), None)
        wanted = self.given[pair[1]][what] if pair else None
        right = [is_same(what, wanted, option.value) for option in options]
        if pair:
            self.choices.setdefault(what, []).append((options, right))
        if self.fitted is not None:
            return chosen(options, self.fitted.fields[what])
        value = next((option.value for option, same in zip(options, right, strict=True) if same), wanted)
        return Choice(value=value, score=1.0)


def pairs(quantities: Sequence[Quantity], given: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, int]]:
    """One-to-one pairs of quantities and annotated claims that overlap, longest first."""
    overlaps = sorted(
        (
            (min(quantity.end, claim["end"]) - max(quantity.start, claim["start"]), -index, -other)
            for index, quantity in enumerate(quantities)
            for other, claim in enumerate(given)
        ),
        reverse=True,
    )
    left: set[int] = set()
    right: set[int] = set()
    for length, index, other in overlaps:
        if length > 0 and index not in left and other not in right:
            left.add(index)
            right.add(other)
            yield -index, -other


def is_same(what: Field, wanted: str | None, told: str | None) -> bool:
    """Whether an option is as annotated: names by a common word, areas and periods by their codes."""
    if what is Field.SPEAKER and wanted and told:
        return bool(_words(wanted) & _words(told))
    if what is Field.SCOPE and wanted and told:
        return told == wanted or told in {wanted + {2: "0101", 4: "01"}.get(len(wanted), ""), wanted + "01"}
    return wanted == told


def _words(name: str) -> set[str]:
    return set(re.findall(r"\w+", fold(name))) - {"los", "las", "la", "el", "de", "del"}


def annotated(article: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The claims of an article with their offsets."""
    text = f"{article['title']}\n\n{article['body']}"
    found = []
    for claim in article["claims"]:
        start = -1
        for _ in range(claim.get("nth", 1)):
            start = text.index(claim["text"], start + 1)
        found.append({**claim, "start": start, "end": start + len(claim["text"])})
    return found


def examples(one: Reading, fitted: Fitted | None = None) -> Annotator:
    """What an annotated article answers when it is read for claims."""
    annotator = Annotator(annotated(one.article), fitted)
    assemble(one.text, one.sentences(), one.triage, one.published.date(), one.region, annotator)
    return annotator


Part = Sequence[Annotator]
"""The articles of a file."""


def read(parts: Sequence[Sequence[Reading]]) -> list[Part]:
    """The articles of each file, read with the faults of weights that were fitted to the others."""
    first = [[examples(one) for one in part] for part in parts]
    second = []
    for index, part in enumerate(parts):
        fitted = fit(_others(first, index))
        second.append([examples(one, fitted) for one in part])
    return second


def _others(parts: Sequence[Part], index: int) -> list[Annotator]:
    return [each for other, members in enumerate(parts) if other != index for each in members]


def fit(members: Sequence[Annotator]) -> Fitted:
    """All weights."""
    return Fitted(figures=fit_figures(members), fields={what: fit_field(what, members) for what in Field})


def fit_figures(members: Sequence[Annotator]) -> Weights[Standing]:
    """Weights of the features of figures."""
    features, standings = zip(*(each for member in members for each in member.figures), strict=True)
    return softmax.fit(features, standings, STANDINGS, hold=HOLD, fewest=FEWEST)


def fit_field(what: Field, members: Sequence[Annotator]) -> Weights[Worth]:
    """Weights of the features of a field's options."""
    choices = [
        ([option.features for option in options], right)
        for member in members
        for options, right in member.choices.get(what, [])
    ]
    return softmax.fit_choice(choices, Worth.RIGHT, hold=HOLD_OF_FIELDS[what], fewest=FEWEST, priors=priors(what))


@lru_cache(maxsize=3)
def priors(what: Field) -> dict[str, float]:
    """What is known beforehand of a field's features: cue words that leave little doubt."""
    with PRIORS.open(encoding="utf-8", newline="") as handle:
        return {row["feature"]: float(row["weight"]) for row in csv.DictReader(handle) if row["field"] == what}


def is_right(value: str | None, options: Sequence[Option], right: Sequence[bool]) -> bool:
    """Whether the option of that value is right."""
    return any(same for option, same in zip(options, right, strict=True) if option.value == value)


def check_field(what: Field, parts: Sequence[Part]) -> None:
    """Print how many fields come out right, each file read by weights fitted to the others."""
    hits = possible = total = 0
    for index, part in enumerate(parts):
        weights = fit_field(what, _others(parts, index))
        for member in part:
            for options, right in member.choices.get(what, []):
                hits += is_right(chosen(options, weights).value, options, right)
                possible += any(right)
                total += 1
    print(
        f"{what}: {total} claims, {possible / total:.3f} among the options, {hits / total:.3f} right where not fitted"
    )


def check_figures(parts: Sequence[Part]) -> None:
    """Print precision, recall and F1 by the least likelihood, each file read by weights fitted to the others."""
    told: list[tuple[float, bool]] = []
    for index, part in enumerate(parts):
        weights = fit_figures(_others(parts, index))
        figures = [figure for member in part for figure in member.figures]
        rows = weights.probabilities([features for features, _ in figures])
        told += [
            (float(row[STANDINGS.index(Standing.CLAIM)]), standing is Standing.CLAIM)
            for row, (_, standing) in zip(rows, figures, strict=True)
        ]
    given = sum(len(member.given) for part in parts for member in part)
    for least in (0.2, 0.25, 0.3, 0.35, 0.4, 0.5):
        kept = [right for likely, right in told if likely >= least]
        hits = sum(kept)
        print(
            f"likelihood >= {least:.2f}: precision {hits / max(1, len(kept)):.3f} recall {hits / max(1, given):.3f}"
            f" F1 {2 * hits / max(1, len(kept) + given):.3f}"
        )


def main(arguments: Sequence[str]) -> int:
    """Fit and write, or check."""
    paths = [Path(argument) for argument in arguments if not argument.startswith("--")]
    if not paths:
        print(__doc__)
        return 2
    parts = read([[one for one in readings([path]) if one.relevant] for path in paths])
    if "--check" in arguments:
        check_figures(parts)
        for what in Field:
            check_field(what, parts)
        return 0
    members = [each for part in parts for each in part]
    write(fit(members))
    print(f"{sum(len(each.figures) for each in members)} figures; weights written")
    return 0


def write(fitted: Fitted) -> None:
    """All tables."""
    softmax.write(fitted.figures, DATA / "claim_figure_weights.csv", SMALL)
    for what, weights in fitted.fields.items():
        softmax.write(weights, DATA / f"claim_{what}_weights.csv", SMALL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

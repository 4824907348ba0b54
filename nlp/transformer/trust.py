"""How far the model is believed against the rules, task by task: the table ``transformer_trust.csv``, its typed reader."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from nlp.lexicon import LexiconError, read_table
from nlp.transformer.schema import SCHEMA

TABLE = "transformer_trust.csv"


@dataclass(frozen=True, slots=True)
class Trust:
    """What stands in the table; a task that is not there is left to the rules."""

    drop_below: dict[str, float]
    """By label: a mention of the rules in which the model puts less is dropped."""
    add_above: dict[str, float]
    """By label: a mention that the model alone sees is added when it puts more into it."""
    rule_odds: dict[str, float]
    """By question: how much more probable the rules' answer is than any other one, as a logarithm; the two are multiplied."""
    model_weight: dict[str, float] = field(default_factory=dict)
    """By question: how much the model's probabilities count beside those of the rules, as a power, where the rules have some."""
    fill_above: dict[str, float] = field(default_factory=dict)
    """By question: what the rules leave open is what the model says when it puts more into that."""


@lru_cache(maxsize=1)
def trust() -> Trust:
    """The table that ships.

    Raises:
        LexiconError: a task that the model does not know.
    """
    drop: dict[str, float] = {}
    add: dict[str, float] = {}
    odds: dict[str, float] = {}
    weight: dict[str, float] = {}
    fill: dict[str, float] = {}
    columns = {
        "drop_below": drop, "add_above": add, "rule_odds": odds, "model_weight": weight, "fill_above": fill,
    }  # fmt: skip
    for row in read_table(TABLE, frozenset({"task", *columns})):
        task = row["task"]
        if task not in SCHEMA.mentions and task not in SCHEMA.questions:
            raise LexiconError(f"{TABLE}: {task} is neither a label nor a question of the model")
        for column, values in columns.items():
            if row[column]:
                values[task] = float(row[column])
    return Trust(drop, add, odds, weight, fill)

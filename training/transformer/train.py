"""Fitting: AdamW with a linear rise and fall, new variants of the articles every epoch, a fresh draw of AnCora beside them."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch.optim.lr_scheduler import LambdaLR

from training.transformer.articles import Annotated
from training.transformer.examples import Example, examples
from training.transformer.net import Net
from training.transformer.vary import Names, vary

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to fit."""

    layers: int = 4
    """Lowest layers of the base that are kept."""
    epochs: int = 12
    batch: int = 4
    """Windows a step."""
    rate: float = 2e-4
    """Of the encoder."""
    head_rate: float = 2e-3
    general_share: float = 0.15
    """Texts of AnCora drawn in every epoch, as a share of all."""
    dropout: float = 0.1
    warmup: float = 0.06
    """Share of the steps in which the rate rises."""
    seed: int = 1


def fit(
    folder: Path,
    articles: Sequence[Annotated],
    general: Sequence[Annotated],
    plan: Plan,
    say: Say,
    keep: Callable[[Net], None],
) -> tuple[Net, dict[str, Any]]:
    """A fitted network and what was done to get it. ``keep`` is called after each epoch: two hours of work may be cut off."""
    torch.manual_seed(plan.seed)
    dice = random.Random(plan.seed)  # noqa: S311 - no secret
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    padding = tokenizer.token_to_id("<pad>")
    net = Net(folder, plan.layers, plan.dropout)
    if torch.cuda.is_available():
        net.cuda()
    some = list(examples(tokenizer, list(articles)[:60]))
    net.standardize([some[at : at + 8] for at in range(0, len(some), 8)], padding)
    names = Names.of(articles)
    per_epoch = len(list(_epoch(tokenizer, articles, general, names, dice, plan)))
    steps = per_epoch * plan.epochs
    optimizer, schedule = _optimizer(net, plan, steps)
    begun, done, lost = time.monotonic(), 0, 0.0
    for epoch in range(plan.epochs):
        net.train()
        for batch in _epoch(tokenizer, articles, general, names, dice, plan):
            with torch.autocast(_device(), dtype=torch.bfloat16):
                loss = net.loss(batch, padding)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
            lost = 0.98 * lost + 0.02 * float(loss.detach())
            done += 1
        say(f"epoch {epoch + 1} of {plan.epochs}: {done} steps, loss {lost:.3f}, {time.monotonic() - begun:,.0f} s")
        keep(net)
    net.eval()
    return net, {**asdict(plan), "steps": done, "fitted_in_s": round(time.monotonic() - begun)}


def _device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def _optimizer(net: Net, plan: Plan, steps: int) -> tuple[torch.optim.Optimizer, LambdaLR]:
    decayed, plain = [], []
    for name, weight in net.encoder.named_parameters():
        if weight.requires_grad:
            (plain if weight.ndim < 2 or "embeddings" in name else decayed).append(weight)
    optimizer = torch.optim.AdamW(
        [
            {"params": decayed, "lr": plan.rate, "weight_decay": 0.01},
            {"params": plain, "lr": plan.rate, "weight_decay": 0.0},
            {"params": list(net.heads.parameters()), "lr": plan.head_rate, "weight_decay": 0.01},
        ]
    )
    warm = max(1, int(steps * plan.warmup))
    return optimizer, LambdaLR(optimizer, lambda at: min((at + 1) / warm, max(0.02, (steps - at) / (steps - warm + 1))))


def _epoch(
    tokenizer: Tokenizer,
    articles: Sequence[Annotated],
    general: Sequence[Annotated],
    names: Names,
    dice: random.Random,
    plan: Plan,
) -> Iterator[list[Example]]:
    """Batches of windows of like length, in any order."""
    drawn = dice.sample(list(general), min(len(general), round(len(articles) * plan.general_share * 2)))
    made = list(examples(tokenizer, [*(vary(article, names, dice) for article in articles), *drawn]))
    dice.shuffle(made)
    pool = plan.batch * 16
    batches = []
    for at in range(0, len(made), pool):
        alike = sorted(made[at : at + pool], key=lambda example: len(example.ids))
        batches += [alike[first : first + plan.batch] for first in range(0, len(alike), plan.batch)]
    dice.shuffle(batches)
    yield from batches

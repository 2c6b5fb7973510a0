"""Object stores by URL: opened through obstore, with time limits and messages that are safe to show.

Keys, addresses and regions come from the environment in the names that AWS gave them
(`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION`, `AWS_ENDPOINT_URL`, ...) or from the role
of the machine: a URL never holds them.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from obstore.store import ObjectStore, RetryConfig

SCHEMES = ("s3",)
KEYS = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_TOKEN")
"""Variables of the environment that hold what nobody may see."""
REQUEST_SECONDS = 600
"""For one request, its body included."""
SILENT_SECONDS = 20
"""In which nothing comes before a request has failed."""
RETRY_SECONDS = 60
"""In which a request is tried again where its failure may pass by itself."""
TRIES = 6
NO_BUCKET = "there is no such bucket"


class StoreError(OSError):
    """An object store did not do what it was asked."""


class OvertakenError(StoreError):
    """An object is no longer what a condition said."""


def is_object_url(url: str) -> bool:
    """Whether `url` names an object store, rather than a folder of this machine."""
    return "://" in url and not url.startswith("file://")


def checked(url: str) -> str:
    """`url` without a slash at its end. Raises ValueError where it cannot name a place in a store."""
    found = urlsplit(url)
    if found.scheme not in SCHEMES or not found.hostname:
        raise ValueError(f"{masked(url)!r} is no place to keep state: expected s3://BUCKET/PREFIX")
    if found.username or found.password or found.query or found.fragment:
        raise ValueError(
            f"{masked(url)!r}: keys do not belong in a URL; set AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY in the environment, and AWS_ENDPOINT_URL for a server of your own"
        )
    if any(part in ("", ".", "..") for part in found.path.strip("/").split("/") if found.path[1:]):
        raise ValueError(f"{url!r}: expected names between the slashes of the prefix")
    return url.rstrip("/")


def masked(url: str) -> str:
    """A text with URLs in it, without whatever may be secret in these."""
    return re.sub(r"\?\S*", "", re.sub(r"//[^/@\s]*@", "//***@", url))


def open_store(url: str) -> ObjectStore:
    """The store at `url`. Asks it nothing yet. Raises ValueError for a URL that is none."""
    from obstore.store import from_url

    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL", "")
    retry: RetryConfig = {
        "max_retries": TRIES - 1,
        "retry_timeout": dt.timedelta(seconds=RETRY_SECONDS),
        "backoff": {
            "init_backoff": dt.timedelta(milliseconds=200),
            "max_backoff": dt.timedelta(seconds=5),
            "base": 2,
        },
    }
    return from_url(
        checked(url),
        client_options={
            "timeout": dt.timedelta(seconds=REQUEST_SECONDS),
            "read_timeout": dt.timedelta(seconds=SILENT_SECONDS),
            "connect_timeout": dt.timedelta(seconds=5),
            # Without encryption only where whoever runs this wrote so.
            "allow_http": endpoint.startswith("http://"),
        },
        retry_config=retry,
    )


@contextlib.contextmanager
def telling(what: str, absent: str = "") -> Iterator[None]:
    """Turn the store's errors into a `StoreError` about `what`.

    Raises FileNotFoundError as it came, unless `absent` says what it means, and OvertakenError where
    a condition did not hold.
    """
    from obstore import exceptions

    try:
        yield
    except FileNotFoundError:
        if not absent:
            raise
        raise StoreError(f"{what}: {absent}") from None
    except (exceptions.AlreadyExistsError, exceptions.PreconditionError) as error:
        raise OvertakenError(f"{what}: somebody else wrote it meanwhile") from error
    except (exceptions.PermissionDeniedError, exceptions.UnauthenticatedError) as error:
        raise StoreError(
            f"{what}: the object store refused us ({_first_line(error)}); see the keys in the "
            "environment (AWS_ACCESS_KEY_ID, ...) and the rights of whose they are"
        ) from None
    except exceptions.NotSupportedError as error:
        raise StoreError(
            f"{what}: the object store cannot do this ({_first_line(error)})"
        ) from None
    except exceptions.BaseError as error:
        said = NO_BUCKET if "NoSuchBucket" in str(error) else _first_line(error)
        raise StoreError(f"{what}: {said}") from None


def _first_line(error: Exception) -> str:
    """The sentence of an error, and of an answer's body only its code."""
    said = str(error).split("\n\nDebug source:", 1)[0]
    code = re.search(r"<Code>(\w+)</Code>", said)
    sentence = said.split("\n", 1)[0].split("<", 1)[0].strip(" :")
    return masked(sentence)[:300] + (f" ({code[1]})" if code else "")

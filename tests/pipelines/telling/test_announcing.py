"""Publications announced to a machine: in order, until each arrived, whoever is killed meanwhile."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipelines.settings import Settings
from pipelines.telling.announcing import announce
from pipelines.telling.sending import announce_publications
from pipelines.telling.signing import verified
from pipelines.telling.webhook import Webhook
from tests.receiver import Receiver, receiver
from tests.warehouse.published import few, seen
from warehouse.deliveries import Deliveries
from warehouse.incidents import CLAIM
from warehouse.outbox import events
from warehouse.parts import Copies
from warehouse.publishing import publishing

NOON = dt.datetime(2026, 11, 22, 12)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


@pytest.fixture
def settings(tmp_path: Path, there: Receiver) -> Settings:
    return Settings(
        home=tmp_path, publication_webhook_url=there.url, publication_webhook_secret="geheim"
    )


@pytest.fixture
def publish(settings: Settings) -> Callable[[int], None]:
    """Publishes the invented contents of a number."""

    def once(number: int) -> None:
        with publishing(settings.warehouse, Copies(settings.state / "copies")) as target:
            target.replace(few(number), None, seen(number))

    return once


def arrived(there: Receiver) -> list[str]:
    return [post.data["publication"] for post in there.posts]


def test_a_publication_is_announced_once_signed_and_whole(
    settings: Settings, there: Receiver, publish: Callable[[int], None]
) -> None:
    assert announce_publications(settings, NOON) == [], "nothing was published yet"
    publish(1)
    assert announce_publications(settings, NOON) == []
    assert announce_publications(settings, NOON + MINUTE) == []
    [post] = there.posts
    [event] = events(settings.warehouse)
    assert post.data == event
    assert verified("geheim", post.headers, post.body, time.time()) == event["id"]


def test_what_fails_keeps_back_what_comes_after_it_and_arrives_later_in_order(
    settings: Settings, there: Receiver, publish: Callable[[int], None]
) -> None:
    publish(1)
    publish(2)
    there.answers += [500, 503]
    [line] = announce_publications(settings, NOON)
    assert "publication" in line and "HTTP 500" in line
    publish(3)
    assert announce_publications(settings, NOON + MINUTE / 2) == [], "left alone for a while"
    assert len(there.posts) == 1
    assert len(announce_publications(settings, NOON + MINUTE)) == 1
    assert announce_publications(settings, NOON + 5 * MINUTE) == []
    first = arrived(there)[0]
    assert arrived(there)[:2] == [first, first]
    assert arrived(there)[2:] == [one["publication"] for one in events(settings.warehouse)]
    assert announce_publications(settings, NOON + 60 * MINUTE) == []
    assert len(there.posts) == 5


def test_a_process_killed_before_or_after_delivery_leaves_it_owed(
    settings: Settings, there: Receiver, publish: Callable[[int], None]
) -> None:
    publish(1)  # and killed here: nobody was told

    class Killed(BaseException):
        """Nothing catches this, as nothing catches a kill."""

    class Dying(Webhook):
        def post(self, message_id: str, data: dict[str, object]) -> None:
            super().post(message_id, data)
            raise Killed

    deliveries = Deliveries(settings.incidents)
    with pytest.raises(Killed):
        announce(Dying(there.url), settings.warehouse, deliveries, NOON)
    publish(2)
    assert announce_publications(settings, NOON + CLAIM / 2) == []
    assert len(there.posts) == 1
    announce_publications(settings, NOON + CLAIM)
    first, second = [one["publication"] for one in events(settings.warehouse)]
    assert arrived(there) == [first, first, second]
    ids = [post.headers["webhook-id"] for post in there.posts]
    assert ids[0] == ids[1] != ids[2]


def test_without_an_address_nobody_is_asked_and_a_warehouse_that_cannot_be_read_says_so(
    settings: Settings, there: Receiver
) -> None:
    assert (
        announce_publications(settings.model_copy(update={"publication_webhook_url": ""}), NOON)
        == []
    )
    path = settings.state / "locatiemonitor.duckdb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"no warehouse")
    [line] = announce_publications(settings, NOON)
    assert "could not be announced" in line
    assert there.posts == []

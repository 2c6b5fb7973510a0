"""One writer at a time among machines: by conditional writes, and without comparing clocks."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import obstore
import pytest

from warehouse.leases import Lease, LeaseLostError, Leases
from warehouse.objects import StoreError, open_store


@pytest.fixture
def machines(bucket: str, tmp_path: Path) -> list[Leases]:
    """Two machines, for which a lease expires soon."""
    return [Leases(bucket, tmp_path / name, expires=5) for name in ("a", "b")]


def said(url: str) -> dict[str, object]:
    content = obstore.get(open_store(url), "leases/state.json").bytes()
    return dict(json.loads(bytes(content)))


def test_another_machine_waits_until_it_is_let_go(machines: list[Leases]) -> None:
    told, order = threading.Event(), []

    def other() -> None:
        with machines[1].hold("state", told.set):
            order.append("b")

    with machines[0].hold("state"):
        waiting = threading.Thread(target=other)
        waiting.start()
        assert told.wait(20)
        time.sleep(5.5)  # longer than it takes to expire: it is renewed
        machines[0].check()
        order.append("a")
    waiting.join(20)
    assert order == ["a", "b"]


def test_different_names_do_not_wait_for_each_other(machines: list[Leases]) -> None:
    def never() -> None:
        raise AssertionError

    with machines[0].hold("source"), machines[1].hold("other", never):
        machines[0].check()
        machines[1].check()


def test_of_many_that_ask_at_once_one_gets_it(bucket: str, tmp_path: Path) -> None:
    inside, most, lock = 0, 0, threading.Lock()

    def one(number: int) -> None:
        nonlocal inside, most
        with Leases(bucket, tmp_path / str(number), expires=5).hold("state"):
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.01)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=one, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert most == 1
    assert not any(thread.is_alive() for thread in threads)


def abandoned(bucket: str, leases: Leases) -> Lease:
    """A lease whose holder is killed: nobody renews it and nobody lets go."""
    lease = Lease("state", open_store(bucket), leases._machine(), leases.expires)
    assert lease.take() is None
    return lease


def test_a_lease_of_a_machine_that_is_gone_is_taken_over_when_it_expires(
    bucket: str, machines: list[Leases]
) -> None:
    gone = abandoned(bucket, machines[0])
    told = []
    with machines[1].hold("state", lambda: told.append(1)):
        assert told == [1]
        assert said(bucket)["machine"] == machines[1]._machine()
        # Should it come back, it finds that it may no longer write, and does not disturb.
        with pytest.raises(LeaseLostError, match="could not be renewed"):
            gone.check()
        gone.renew()
        gone.renewed = time.monotonic()
        with pytest.raises(LeaseLostError, match="took it over"):
            gone.check()
        machines[1].check()


def test_a_lease_of_a_killed_process_of_this_machine_is_taken_at_once(
    bucket: str, tmp_path: Path
) -> None:
    leases = Leases(bucket, tmp_path, expires=3_600)
    abandoned(bucket, leases)

    def never() -> None:
        raise AssertionError

    with Leases(bucket, tmp_path, expires=3_600).hold("state", never):
        leases.check()


def test_a_write_whose_answer_was_lost_is_known_again(
    bucket: str, machines: list[Leases], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client tries again what it does not know the fate of, and meets its own write."""
    put = obstore.put

    def twice(*asked: object, **how: object) -> object:
        put(*asked, **how)  # type: ignore[call-overload]
        return put(*asked, **how)  # type: ignore[call-overload]

    monkeypatch.setattr(obstore, "put", twice)
    with machines[0].hold("state"):
        time.sleep(0.6)
        machines[0].check()
    assert said(bucket)["holder"] == ""


def test_a_store_that_heeds_no_conditions_is_refused(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = obstore.put

    def heedless(*asked: object, mode: object = None, **how: object) -> object:
        return put(*asked, **how)  # type: ignore[call-overload]

    monkeypatch.setattr(obstore, "put", heedless)
    with (
        pytest.raises(StoreError, match="does not heed conditional writes"),
        Leases(bucket, tmp_path).hold("state"),
    ):
        pass


def test_a_store_that_is_not_there_says_so(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        pytest.raises(StoreError, match="no such bucket"),
        Leases("s3://nowhere-at-all", tmp_path).hold("state"),
    ):
        pass

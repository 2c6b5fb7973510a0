"""One writer at a time on more than one machine: a lease, an object that its holder renews.

Taking and renewing are conditional writes (`If-None-Match`, `If-Match`), of which the store lets one
through. No two clocks are compared: who waits takes over when it has seen the lease unrenewed for
`EXPIRES` seconds of its own, and a holder that could not renew for less than that no longer writes.
A holder that was killed is known by its machine, whose kernel lock the next one has then.

    <prefix>/leases/state.json    {"holder": "...", "machine": "...", "beat": 17, "since": "..."}
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warehouse.durable import write_durably
from warehouse.objects import NO_BUCKET, OvertakenError, StoreError, open_store, telling

if TYPE_CHECKING:
    from obstore.store import ObjectStore

EXPIRES = 30.0
"""Seconds unrenewed after which a lease may be taken over."""


class LeaseLostError(RuntimeError):
    """Somebody else may be writing by now."""


@dataclass
class Lease:
    """One lease that this process holds."""

    name: str
    store: ObjectStore = field(repr=False)
    machine: str
    expires: float
    holder: str = field(
        default_factory=lambda: f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4().hex[:8]}"
    )
    beat: int = 0
    e_tag: str = ""
    renewed: float = 0.0
    lost: str = ""
    """Why it is lost, where it is."""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self) -> None:
        self._path = f"leases/{self.name}.json"

    def check(self) -> None:
        """Raises LeaseLostError where somebody else may hold the lease by now."""
        since = time.monotonic() - self.renewed
        if self.lost or since > self.expires * 2 / 3:
            why = self.lost or f"it could not be renewed for {since:.0f} seconds"
            raise LeaseLostError(
                f"the lease {self.name!r} is lost ({why}): nothing more is written; run again"
            )

    def take(self) -> tuple[str, dict[str, Any]] | None:
        """Take the lease where nobody holds it; else its ETag and who does."""
        if self._put("create"):
            self._prove()
            return None
        found = self._read()
        if found is None:
            return self.take()
        e_tag, said = found
        # This machine's kernel lock is ours: whoever held the lease here is no longer alive.
        if (not said.get("holder") or said.get("machine") == self.machine) and self.take_over(
            e_tag
        ):
            return None
        return found

    def _prove(self) -> None:
        """Raises StoreError where the store creates what is there already: its conditions are none."""
        import obstore

        with contextlib.suppress(OvertakenError), telling(f"the lease {self.name!r}"):
            obstore.put(self.store, self._path, b"{}", mode="create")
            raise StoreError(
                "the object store does not heed conditional writes (If-None-Match): machines would "
                "write over each other; use one that does, or a folder"
            )

    def take_over(self, e_tag: str) -> bool:
        """Take the lease from whoever wrote it last, if it is still as it was then."""
        return self._put({"e_tag": e_tag})

    def renew(self) -> None:
        """Say that it is still held. Raises StoreError where the store does not answer."""
        with self._lock:
            if not self._put({"e_tag": self.e_tag}):
                self.lost = "another process took it over"

    def release(self) -> None:
        """Let go of it, for whoever waits."""
        with self._lock:
            self._put({"e_tag": self.e_tag}, holder="")

    def _put(self, mode: Any, holder: str | None = None) -> bool:
        """Write the lease on a condition; whether the condition held."""
        import obstore

        began = time.monotonic()
        said = {
            "holder": self.holder if holder is None else holder,
            "machine": self.machine,
            "beat": self.beat + 1,
            "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        }
        try:
            with telling(f"the lease {self.name!r}", absent=NO_BUCKET):
                answer = obstore.put(self.store, self._path, json.dumps(said).encode(), mode=mode)
            e_tag = answer["e_tag"] or ""
        except OvertakenError:
            # A write whose answer was lost is tried again, and then meets itself.
            found = self._read()
            if found is None or found[1] != said:
                return False
            e_tag = found[0]
        self.beat, self.e_tag, self.renewed = self.beat + 1, e_tag, began
        return True

    def _read(self) -> tuple[str, dict[str, Any]] | None:
        import obstore

        try:
            with telling(f"the lease {self.name!r}"):
                answer = obstore.get(self.store, self._path)
                said = json.loads(bytes(answer.bytes()))
        except FileNotFoundError:
            return None
        except ValueError:
            said = {"holder": "of a lease that cannot be read"}
        return answer.meta["e_tag"] or "", said


class Leases:
    """The leases at `url`, for the machine whose own state is in `home`."""

    def __init__(self, url: str, home: Path, *, expires: float = EXPIRES) -> None:
        self.url, self.home, self.expires = url, home, expires
        self._held: list[Lease] = []

    def check(self) -> None:
        """Raises LeaseLostError where one that this process took is lost."""
        for lease in list(self._held):
            lease.check()

    @contextlib.contextmanager
    def hold(self, name: str, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Hold the lease `name`; `waiting` is called once where another machine holds it.

        The caller has the kernel's lock of that name on this machine. Raises StoreError where the
        store cannot be asked.
        """
        lease = Lease(name, open_store(self.url), self._machine(), self.expires)
        self._await(lease, waiting)
        done = threading.Event()
        beating = threading.Thread(target=self._renewing, args=(lease, done), daemon=True)
        beating.start()
        self._held.append(lease)
        try:
            yield
        finally:
            self._held.remove(lease)
            done.set()
            beating.join()
            if not lease.lost:
                with contextlib.suppress(StoreError):  # it expires by itself
                    lease.release()

    def _await(self, lease: Lease, waiting: Callable[[], None]) -> None:
        told, first_seen, before = False, time.monotonic(), ""
        while found := lease.take():
            now, e_tag = time.monotonic(), found[0]
            if e_tag != before:
                before, first_seen = e_tag, now
            elif now - first_seen > self.expires and lease.take_over(e_tag):
                return
            if not told:
                waiting()
                told = True
            time.sleep(min(2.0, self.expires / 10))

    def _renewing(self, lease: Lease, done: threading.Event) -> None:
        while not done.wait(self.expires / 6) and not lease.lost:
            # Tried again at the next beat; `check` counts the seconds since the last that came through.
            with contextlib.suppress(StoreError):
                lease.renew()

    def _machine(self) -> str:
        """What this machine is called in leases: made once, kept with its own state."""
        path = self.home / "machine"
        if not path.exists():
            write_durably(path, uuid.uuid4().hex.encode())
        return path.read_text()

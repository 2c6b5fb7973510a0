"""Stopping when asked to: SIGTERM ends a night within ten seconds, whatever it is waiting for.

Dagster turns the signal into an exception, which ends the step and marks its run. What does not
listen, such as a wait for threads that read from a slow publisher, is ended by the kernel a little
later: the state survives a kill at any moment.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Iterator

IN_PEACE = 7.0
"""Seconds from the signal in which everything may end by itself."""
TERMINATED = 128 + signal.SIGTERM
"""Exit status of a process that was asked to stop and did not do so in time."""


@contextlib.contextmanager
def stops_when_asked(in_peace: float = IN_PEACE) -> Iterator[None]:
    """Within, SIGTERM does what Ctrl-C does, and ends the process after `in_peace` seconds.

    The signal is heard through the interpreter's wake-up socket, because Dagster puts handlers of
    its own in the place of any other. In another thread than the main one this does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard, told = socket.socketpair()
    told.setblocking(False)
    interrupted = signal.getsignal(signal.SIGINT)
    if not callable(interrupted):
        # Started in the background of a script, where Ctrl-C is ignored. Dagster gives SIGTERM the
        # handler of SIGINT, so one that does nothing stands in: only what is handled is heard.
        signal.signal(signal.SIGINT, _nothing)
    before = signal.signal(
        signal.SIGTERM, interrupted if callable(interrupted) else signal.default_int_handler
    )
    woken = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    over = threading.Event()

    def watch() -> None:
        with contextlib.suppress(OSError):
            while numbers := heard.recv(64):
                if signal.SIGTERM in numbers and not over.wait(in_peace):
                    os._exit(TERMINATED)

    watcher = threading.Thread(target=watch, name="stopping", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        signal.set_wakeup_fd(woken)
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGINT, interrupted)
        told.close()
        watcher.join()
        heard.close()


def _nothing(number: int, frame: object) -> None:
    """Ignores a signal, and lets it be heard."""

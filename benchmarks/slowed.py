"""A slower processor and a slower line than this machine's, for everything that a browser does.

DevTools slows the page alone: neither its workers, where the model runs, nor the service worker. So a processor is
slowed by stopping the whole process for most of the time, and a line by sending everything through a slow socket.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from queue import SimpleQueue

import psutil

PERIOD_S, _LOOK_S = 0.02, 0.2
_CHUNK_BYTES = 1460
"""Sent at once, as in one packet."""


@contextlib.contextmanager
def renderers(browser_pid: int, factor: int) -> Iterator[None]:
    """Let a browser's renderers, all of their threads, run for one part in ``factor`` of the time, 1/50 s at a time."""
    done = threading.Event()

    def alternate() -> None:
        looked, pids = 0.0, list[int]()
        while not done.is_set():
            if time.monotonic() - looked > _LOOK_S:  # each navigation may take another process
                looked, pids = time.monotonic(), _renderers(browser_pid)
            _signal(pids, signal.SIGSTOP)
            time.sleep(PERIOD_S * (factor - 1) / factor)
            _signal(pids, signal.SIGCONT)
            time.sleep(PERIOD_S / factor)

    thread = threading.Thread(target=alternate)
    if factor > 1:
        thread.start()
    try:
        yield
    finally:
        done.set()
        if factor > 1:
            thread.join()


def _renderers(browser_pid: int) -> list[int]:
    found = []
    for one in psutil.Process(browser_pid).children(recursive=True):
        with contextlib.suppress(psutil.Error):  # it ended
            if "--type=renderer" in one.cmdline():
                found.append(one.pid)
    return found


def _signal(pids: Sequence[int], one: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, one)


@dataclass
class Line:
    """A line to a server: so many bits a second for all connections together, and a round trip of so many seconds.

    A new connection takes one round trip more, as TCP's handshake does. ``received_bytes`` counts what came through.
    """

    server: tuple[str, int]
    bits_per_s: float
    round_trip_s: float
    received_bytes: int = 0
    _listener: socket.socket = field(default_factory=socket.socket)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def open(self) -> str:
        """Start; returns the address to ask instead of the server's."""
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._connect, args=(client,), daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        time.sleep(self.round_trip_s)
        server = socket.create_connection(self.server)
        for source, target, counted in ((client, server, False), (server, client, True)):
            packets: SimpleQueue[tuple[float, bytes]] = SimpleQueue()
            threading.Thread(target=self._take, args=(source, packets, counted), daemon=True).start()
            threading.Thread(target=self._give, args=(target, packets), daemon=True).start()

    def _take(self, source: socket.socket, packets: SimpleQueue[tuple[float, bytes]], counted: bool) -> None:
        """Read packets, each as late as the line is slow; an empty one is the end."""
        data = b"-"
        while data:
            try:
                data = source.recv(_CHUNK_BYTES)
            except OSError:
                data = b""
            if counted:
                with self._turn:
                    self.received_bytes += len(data)
                    time.sleep(8 * len(data) / self.bits_per_s)
            packets.put((time.monotonic() + self.round_trip_s / 2, data))

    def _give(self, target: socket.socket, packets: SimpleQueue[tuple[float, bytes]]) -> None:
        with contextlib.suppress(OSError):  # the other side hung up
            while True:
                due, data = packets.get()
                time.sleep(max(0.0, due - time.monotonic()))
                if not data:
                    target.shutdown(socket.SHUT_WR)
                    return
                target.sendall(data)

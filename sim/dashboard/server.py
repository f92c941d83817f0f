"""Starting the page: a free port on this machine, its server, and a browser if one is wanted; Ctrl-C ends it at once."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from sim.dashboard.application import application
from sim.dashboard.folder import folders_of
from sim.dashboard.guard import Door
from sim.runs.stopping import Stopped
from sim.scenario.faults import SuasionError, shown
from sim.scenario.reading import scenario_file

HOST = "127.0.0.1"
PORT = 8321
# How many ports after a taken one are tried.
NEXT = 30
# Sent when the terminal closes; where the system has none, it is as Ctrl-C.
CLOSED = getattr(signal, "SIGHUP", signal.SIGINT)


class NoPort(SuasionError):
    """No port could be opened."""

    exit_code = 5


class Server(uvicorn.Server):
    """A server that does not wait for open pages when it is told to end."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Hears a terminal that closes as it hears Ctrl-C and SIGTERM: the server ends first, and then whoever started it is told."""
        with super().capture_signals():
            before = signal.getsignal(CLOSED)
            heard = threading.current_thread() is threading.main_thread() and before not in (signal.SIG_IGN, None)
            if heard:
                signal.signal(CLOSED, self.handle_exit)
            try:
                yield
            finally:
                if heard:
                    signal.signal(CLOSED, before)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Cuts every answer that is still on its way, and ends the workers."""
        self.config.timeout_graceful_shutdown = 0
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def serve(scenario_path: str | Path, port: int | None = None, open_browser: bool = True) -> None:
    """Serves the live page of a scenario on this machine until it is stopped.

    Args: port, tried first (by default 8321); where it is taken, the next free one is used and told.
    Raises: NoPort; SuasionError where there is no such file. What is wrong inside the file is shown on the page.
    """
    path = scenario_file(scenario_path)
    if not path.is_file():
        found = "this is a folder; name a scenario file in it" if path.is_dir() else "there is no such file"
        raise SuasionError(f"{shown(str(path), 200)}: {found}")
    folders, first = folders_of(path)
    bound = listening(PORT if port is None else port)
    own = bound.getsockname()[1]
    address = f"http://{HOST}:{own}/"
    if port and own != port:
        sys.stderr.write(f"port {port} is taken; the next free one is {own}\n")
    sys.stderr.write(f"{path.name} is at {address} (Ctrl-C ends it)\n")
    if open_browser:
        threading.Timer(0.4, webbrowser.open, [address]).start()
    app = application(folders, Door(own), first)
    # What a stranger sends amiss is refused and not told, so that nobody can fill the terminal.
    config = uvicorn.Config(app, log_level="error", access_log=False, ws="none", server_header=False)
    try:
        Server(config).run(sockets=[bound])
    except Stopped:
        raise
    except KeyboardInterrupt:
        sys.stderr.write("\n")
    finally:
        bound.close()


def listening(port: int) -> socket.socket:
    """A socket on this machine only, at a port or the next free one; 0 takes any.

    Raises: NoPort.
    """
    for tried in range(port, min(port + NEXT, 65536)) if port else (0,):
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if os.name == "posix":
            # So that a port just left can be taken again; one that another program listens on is refused all the same.
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((HOST, tried))
            bound.listen(128)
            return bound
        except OSError as error:
            bound.close()
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise NoPort(f"port {tried} cannot be opened: {error.strerror}") from None
    raise NoPort(f"no port from {port} to {port + NEXT - 1} is free; name another with --port")

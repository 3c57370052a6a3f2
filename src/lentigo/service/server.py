"""Running the app: bind, load, say ready, stop when told."""

from __future__ import annotations

import errno
import logging
import socket
import sys

import structlog
import structlog.tracebacks
import uvicorn

from lentigo.errors import ServerError
from lentigo.inference import Predictor
from lentigo.inference.vetting import Vetting
from lentigo.service.app import create_app
from lentigo.service.settings import Settings

GRACE_S = 10
"""Seconds that requests in flight get to finish when the server is told to stop."""

LAST_PORT = 65535


class Server(uvicorn.Server):
    """Says where it is once it answers."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if sockets and not self.should_exit:
            host, port = sockets[0].getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            print(f"Lentigo is ready: http://{shown}:{port}", flush=True)  # noqa: T201  # the one line for the operator


def run_server(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM.

    Raises:
        ServerError: The port is taken, or the address is not this machine's.
        BundleError: A bundle is missing or cannot be trusted.
    """
    listening = bind(settings.host, settings.port)
    with listening:
        predictors = load_predictors(settings)
        configure_logging(settings)
        app = create_app(settings, predictors)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_S,
            # The app counts proxies itself (trusted_proxies) and believes no other header.
            proxy_headers=False,
            # There are no web sockets here, whatever is installed.
            ws="none",
        )
        Server(config).run(sockets=[listening])


def bind(host: str, port: int) -> socket.socket:
    """Take the port first: a server that cannot listen need not load anything.

    Raises:
        ServerError: It cannot be taken; the hint follows the cause.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named because asyncio turns off Nagle's delay (40 ms an answer) only where it is.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except (OSError, UnicodeError) as error:  # UnicodeError: a name that cannot be one, such as "a..b"
        listening.close()
        cause = error.strerror if isinstance(error, OSError) else "Name is not valid"
        raise ServerError(f"Cannot listen on {host}:{port}: {cause}.", listen_hint(error, port)) from error
    return listening


def listen_hint(error: OSError | UnicodeError, port: int) -> str:
    """What to do about a port that could not be taken."""
    if isinstance(error, socket.gaierror | UnicodeError):
        return "No address is known by that name; check it, or give an address such as 127.0.0.1."
    if error.errno == errno.EADDRNOTAVAIL:
        return "That address is not this machine's; give one that is, such as 127.0.0.1, or 0.0.0.0 for all of them."
    if error.errno == errno.EACCES:
        return "Ports below 1024 often need permission; choose a higher one, for example --port 8000 or PORT=8000."
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < LAST_PORT else port - 1
        return f"Another program has it; choose another port, for example --port {other} or PORT={other}."
    return "Choose another --host or --port."


def load_predictors(settings: Settings) -> dict[str, Predictor]:
    """Load each bundle; they are told apart by the names on their cards.

    Raises:
        BundleError: One is missing or cannot be trusted.
        ServerError: Two have the same name.
        ConfigError: Nudity is to be refused, and what finds it is not installed.
    """
    predictors: dict[str, Predictor] = {}
    vetting = Vetting(nudity=settings.vet_nudity)
    for name in settings.bundles:
        predictor = Predictor.load(name.strip(), vetting=vetting)
        if predictor.card.name in predictors:
            raise ServerError(f"Two bundles have the name '{predictor.card.name}'.", "Serve one of them.")
        predictors[predictor.card.name] = predictor
    return predictors


def configure_logging(settings: Settings) -> None:
    """Log lines to standard error, for people or for machines."""
    # Tracebacks without local variables: those hold photos and answers.
    as_json = settings.log_format == "json"
    no_locals = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    console = structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )
    renderer: structlog.types.Processor = structlog.processors.JSONRenderer() if as_json else console
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.ExceptionRenderer(no_locals) if as_json else structlog.dev.set_exc_info,
            renderer,
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)

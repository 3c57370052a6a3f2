"""``lentigo serve``."""

from __future__ import annotations

import click


@click.command()
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1, or LENTIGO_HOST]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on.  [default: 8000, or PORT]")
@click.option(
    "--bundle", "bundles", multiple=True, help="Name or folder of a bundle; may be repeated.  [default: lesions]"
)
def serve(host: str | None, port: int | None, bundles: tuple[str, ...]) -> None:
    """Serve the page and the API.

    Photos live in memory for one request and are never written anywhere. All settings can also be given by the
    environment, see docs/reference/settings.md.

    \b
    Examples:
      lentigo serve
      lentigo serve --port 8080 --bundle bundles/first
      PORT=8080 LENTIGO_HOST=0.0.0.0 lentigo serve
    """
    from lentigo.service.server import run_server
    from lentigo.service.settings import load_settings

    given = {"host": host, "port": port, "bundles": bundles or None}
    run_server(load_settings({name: value for name, value in given.items() if value is not None}))

"""Pages written from a template (reports, descriptions, model cards): each is one file that asks for nothing."""

from __future__ import annotations

import jinja2


def templates_of(package: str) -> jinja2.Environment:
    """Templates in the folder ``templates`` of a package: values are escaped, and an unknown name is an error."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader(package),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

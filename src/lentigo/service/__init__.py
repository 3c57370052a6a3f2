"""The web service: the page and the API over any number of bundles. Photos live in memory for one request."""

from lentigo.service.app import create_app
from lentigo.service.settings import Settings, load_settings

__all__ = ["Settings", "create_app", "load_settings"]

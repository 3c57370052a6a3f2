"""One file per source. To add one: write ``read(folder) -> Reading`` and a :class:`Source`, and list it here."""

from lentigo.datasets.readers import ham10000, isic2017, pad_ufes_20
from lentigo.datasets.source import Source

READERS: dict[str, Source] = {source.name: source for source in (ham10000.SOURCE, isic2017.SOURCE, pad_ufes_20.SOURCE)}
"""Sources by the name that ``lentigo prepare`` takes."""

__all__ = ["READERS"]

"""What a dataset holds and what in it will make trouble, as one page that a person reads before training.

:func:`describe` looks at the photos and :func:`write_page` writes what was found; each trouble is a pure function in
``troubles`` or ``photo_troubles``.
"""

from lentigo.datasets.description.description import DescribeOptions, Description, describe
from lentigo.datasets.description.page import write_page

__all__ = ["DescribeOptions", "Description", "describe", "write_page"]

"""From a source's folder to a dataset: a manifest, images of one size, and a record of everything that was done."""

from lentigo.datasets.dataset import Dataset

__all__ = ["Dataset"]

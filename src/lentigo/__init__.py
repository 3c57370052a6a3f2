"""Lentigo: an honest, explained answer from a photo of a mole or spot."""

__version__ = "0.1.0"

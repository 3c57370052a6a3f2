"""Figures about predictions: pure functions on arrays."""

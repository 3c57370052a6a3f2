"""Counts and times for Prometheus; nothing in them tells one person from another."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics:
    """The metrics of one app, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._requests = Counter("lentigo_requests", "Requests.", labels, registry=self.registry)
        self._seconds = Histogram(
            "lentigo_request_seconds", "Time to answer.", ("route",), registry=self.registry, buckets=_SECONDS
        )
        self._work = Histogram(
            "lentigo_assessment_seconds",
            "Time to decode and assess, by part.",
            ("part",),
            registry=self.registry,
            buckets=_SECONDS,
        )
        self._outcomes = Counter(
            "lentigo_outcomes", "Assessments by bundle and outcome.", ("bundle", "outcome"), registry=self.registry
        )
        self._referrals = Counter(
            "lentigo_referrals", "Referrals by result: sent, or a problem's code.", ("result",), registry=self.registry
        )

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; ``route`` is the route's template, never the path that was asked for."""
        known = method if method in ("GET", "HEAD", "POST", "OPTIONS") else "other"
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def work(self, part: str, seconds: float) -> None:
        """Time one part of an assessment: ``decode`` or ``assess``."""
        self._work.labels(part).observe(seconds)

    def outcome(self, bundle: str, outcome: str) -> None:
        """Count one assessment."""
        self._outcomes.labels(bundle, outcome).inc()

    def referral(self, result: str) -> None:
        """Count one referral: ``sent``, or the code of what prevented it."""
        self._referrals.labels(result).inc()

    def text(self) -> bytes:
        """All metrics in Prometheus's text format."""
        return generate_latest(self.registry)

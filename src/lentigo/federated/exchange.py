"""Asking clients and waiting for their answers: nobody is waited for in vain, and whoever is missing is named."""

from __future__ import annotations

import datetime
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from flwr.app import ConfigRecord, Message, RecordDict
from flwr.serverapp import Grid

from lentigo.errors import FederationError
from lentigo.federated import wire
from lentigo.federated.client import HELLO
from lentigo.federated.plan import FederationOptions, Plan
from lentigo.federated.preflight import Preflight, unusable

_POLL_S = 0.2
_GREETING_S = 120.0
"""How long a client may take to look through its data."""
_REMIND_S = 15.0
"""How often a wait is told again, and how soon a client that failed is asked again."""


class Stopped(Exception):
    """The user asked to stop."""


@dataclass(frozen=True)
class Answers:
    """What came back.

    Attributes:
        good: Replies that can be used.
        failures: Why the others cannot, by node.
    """

    good: list[Message]
    failures: dict[int, str]


@dataclass
class _Asked:
    """A message on its way, and when (in seconds since 1970) it was sent."""

    node: int
    message_id: str
    sent: float


@dataclass
class Clients:
    """The clients of a federation: who is there, who may take part, and who still works on an earlier message.

    Args:
        grid: Flower's way to them.
        plan: Sent to each.
        options: How long they are waited for.
        tell: Says a line to whoever runs the server.
        stop_wanted: Whether the user asked to stop.
    """

    grid: Grid
    plan: Plan
    options: FederationOptions
    tell: Callable[[str], None]
    stop_wanted: Callable[[], bool] = lambda: False
    known: dict[int, Preflight] = field(default_factory=dict)
    _late: dict[int, _Asked] = field(default_factory=dict)
    _met: dict[int, float] = field(default_factory=dict)
    """When each client that answered the greeting had last been started."""
    _greet_again: dict[int, float] = field(default_factory=dict)
    """When (monotonic) a client that did not answer the greeting is greeted again."""
    _names: dict[int, str] = field(default_factory=dict)
    """What clients were called when their keys were handed in."""
    _news: dict[int, str] = field(default_factory=dict)
    """What each client has to be told with its next message: what it was left out of, and why."""

    def name(self, node: int) -> str:
        """What a client is called."""
        return self.known[node].name if node in self.known else self._names.get(node, f"node {node}")

    def usable(self) -> list[int]:
        """Who is connected, passed its preflight and is free."""
        return [node for node in self._greeted() if not self.known[node].problems and node not in self._late]

    def gather(self, wanted: int) -> list[int]:
        """Wait until so many clients are usable.

        Raises:
            FederationError: They did not come in time; the sentence says how many are missing, and who was refused.
            Stopped: The user asked to stop.
        """
        started, told = time.monotonic(), -_REMIND_S
        while len(found := self.usable()) < wanted:
            waited = time.monotonic() - started
            if waited > self.options.wait_s:
                raise FederationError(
                    f"{wanted - len(found)} of {wanted} clients are missing after {waited:.0f} s{self._refused()}.",
                    "Start the missing clients and run the same command again: it goes on from the last round.",
                )
            if waited - told >= _REMIND_S:
                told = waited
                left = self.options.wait_s - waited
                self.tell(f"{len(found)} of {wanted} clients are here; waiting up to {left:.0f} s for the others.")
            self._pause()
        return found

    def ask(
        self,
        messages: Iterable[Message],
        check: Callable[[Message], str | None],
        on_reply: Callable[[], None] = lambda: None,
        deadline_s: float | None = None,
    ) -> Answers:
        """Send messages and wait for the replies, but not for ever.

        Once ``min_clients`` have answered, clients that are slower than the middle one by ``slow_factor`` are left out;
        after ``deadline_s`` (``round_deadline_s`` unless given) everybody is.

        Args:
            messages: One for each client.
            check: Says why a reply cannot be used, or raises; None when it can.
            on_reply: Called after each.
            deadline_s: Unless given, that of a round.
        """
        messages = list(messages)
        waiting = self._send(messages)
        deadline_s = deadline_s or self.options.round_deadline_s
        good: list[Message] = []
        sent = {asked.node for asked in waiting.values()}
        nodes = {message.metadata.dst_node_id for message in messages}
        failures = dict.fromkeys(nodes - sent, "it is no longer connected")
        times: list[float] = []
        started = time.monotonic()
        while waiting:
            for reply in self._pull(waiting):
                asked = waiting.pop(reply.metadata.reply_to_message_id)
                reason = reason_of(reply, check)
                if reason is None:
                    good.append(reply)
                    times.append(time.monotonic() - started)
                else:
                    failures[asked.node] = reason
                on_reply()
            for asked in self._gone(waiting.values()):
                del waiting[asked.message_id]
                failures[asked.node] = "it lost its connection, and its work with it"
            for asked in self._absent(waiting.values()):
                del waiting[asked.message_id]
                self._late[asked.node] = asked
                failures[asked.node] = "it lost its connection"
            if waiting and (limit := self._limit(times, len(waiting), deadline_s)) < time.monotonic() - started:
                failures |= self._leave(list(waiting.values()), limit)
                break
            if waiting:
                self._pause()
        return Answers(good, failures)

    def blame(self, failures: dict[int, str], what: str) -> None:
        """Name each client that failed, and why; it is told too, as soon as it is reached."""
        for node, reason in failures.items():
            self.tell(f"{self.name(node)} is left out of {what}: {reason}")
            self._news[node] = f"Left out of {what}: {reason}"

    def insist(self, once: Callable[[], Answers | None], failed: Callable[[], str]) -> Answers:
        """Ask until there is an answer, with time in between for clients that failed.

        Args:
            once: Asks; None where that was not enough.
            failed: Says what is missing when the wait is over.

        Raises:
            FederationError: The wait is over.
            Stopped: The user asked to stop.
        """
        begun = time.monotonic()
        while (answers := once()) is None:
            if time.monotonic() - begun > self.options.wait_s:
                raise FederationError(failed(), "See to these clients and run the same command again: it goes on here.")
            until = time.monotonic() + min(_REMIND_S, self.options.wait_s)
            while time.monotonic() < until:
                self._pause()
        return answers

    def _limit(self, times: Sequence[float], waiting: int, deadline_s: float) -> float:
        enough = len(times) >= self.options.min_clients and len(times) >= waiting
        if not enough:
            return deadline_s
        return min(deadline_s, max(self.options.slow_floor_s, self.options.slow_factor * statistics.median(times)))

    def _leave(self, late: list[_Asked], limit: float) -> dict[int, str]:
        """Go on without clients; each is asked again only after its answer has come."""
        self._late |= {asked.node: asked for asked in late}
        return {asked.node: f"it was too slow (no answer in {limit:.0f} s)" for asked in late}

    def _send(self, messages: list[Message]) -> dict[str, _Asked]:
        messages = [self._with_news(message) for message in messages]
        wall = time.time()
        sent = list(self.grid.push_messages(messages))
        pairs = zip(sent, messages, strict=True)
        return {one: _Asked(message.metadata.dst_node_id, one, wall) for one, message in pairs if one}

    def _with_news(self, message: Message) -> Message:
        """A message that also says what its client was left out of; Flower's strategies send one content to all."""
        node = message.metadata.dst_node_id
        if (news := self._news.pop(node, None)) is None:
            return message
        said = ConfigRecord({**message.content.config_records.get(wire.SAID, ConfigRecord()), wire.NEWS: news})
        content = RecordDict({**message.content, wire.SAID: said})
        return Message(content, message_type=message.metadata.message_type, dst_node_id=node)

    def _pull(self, waiting: dict[str, _Asked]) -> list[Message]:
        return [
            reply for reply in self.grid.pull_messages(list(waiting)) if reply.metadata.reply_to_message_id in waiting
        ]

    def _gone(self, waiting: Iterable[_Asked]) -> list[_Asked]:
        """Those whose client was restarted after it had been asked: Flower does not tell, the answer never comes."""
        since = self._since()
        return [asked for asked in waiting if since.get(asked.node, 0.0) > asked.sent]

    def _absent(self, waiting: Iterable[_Asked]) -> list[_Asked]:
        """Those of whose client Flower has heard nothing for a minute. It may still be at work, and come back."""
        since = self._since()
        return [asked for asked in waiting if asked.node not in since]

    def _since(self) -> dict[int, float]:
        """When each client that is connected was last started, in seconds since 1970."""
        return {node.node_id: _seconds(node.last_activated_at) for node in self.grid.get_nodes()}

    def _free_the_late(self) -> None:
        by_message = {asked.message_id: asked for asked in self._late.values()}
        if not by_message:
            return
        done = [by_message[reply.metadata.reply_to_message_id] for reply in self._pull(by_message)]
        for asked in [*done, *self._gone(self._late.values())]:
            if self._late.pop(asked.node, None) is not None and asked.node in self.known:
                self.tell(f"{self.name(asked.node)} is free again.")

    def _greeted(self) -> list[int]:
        """All connected clients, after asking those that are new, or were started again, what they bring."""
        self._free_the_late()
        here = {node.node_id: node for node in self.grid.get_nodes()}
        self._names |= {number: node.name for number, node in here.items() if node.name}
        since = {number: _seconds(node.last_activated_at) for number, node in here.items()}
        now = time.monotonic()
        new = [
            number
            for number in here
            if self._met.get(number) != since[number]
            and number not in self._late
            and self._greet_again.get(number, now) <= now
        ]
        if new:
            content = RecordDict({wire.SAID: ConfigRecord({"plan": self.plan.model_dump_json()})})
            messages = [Message(content, message_type=HELLO, dst_node_id=number) for number in new]
            answers = self.ask(messages, _check_report, deadline_s=max(_GREETING_S, self.options.slow_floor_s))
            for reply in answers.good:
                number = reply.metadata.src_node_id
                self._met[number] = since[number]
                report = _report(reply)
                self._meet(number, report.model_copy(update={"name": self._names.get(number, report.name)}))
            still = self._since()
            for number, reason in answers.failures.items():
                if still.get(number) != since[number]:
                    continue  # A client's first connection only tries whether it is let in, and ends at once.
                self._greet_again[number] = time.monotonic() + _REMIND_S
                failed = unusable(self.name(number), reason)
                if self.known.get(number) != failed:
                    self._meet(number, failed)
        return [number for number in here if number in self.known]

    def _meet(self, node: int, report: Preflight) -> None:
        again = self.known.get(node) == report
        self.known[node] = report
        if report.problems:
            self.tell(f"{report.name} cannot take part: {' '.join(report.problems)}")
        elif again:
            self.tell(f"{report.name} is back.")
        else:
            self.tell(f"{report.summary}.")
            for warning in report.warnings:
                self.tell(f"{report.name}: {warning}")

    def _refused(self) -> str:
        refused = [f"{one.name} was refused: {one.problems[0]}" for one in self.known.values() if one.problems]
        return f" ({'; '.join(refused)})" if refused else ""

    def _pause(self) -> None:
        if self.stop_wanted():
            raise Stopped
        time.sleep(_POLL_S)


def reason_of(reply: Message, check: Callable[[Message], str | None]) -> str | None:
    """Why a reply cannot be used, in words; None when it can. What is in it may be anything."""
    if reply.has_error():
        return reply.error.reason or "it failed without a reason"
    try:
        return wire.said(reply, "failed") or check(reply)
    except FederationError as error:
        return f"its answer was refused: {error}"
    except Exception as error:  # of a client that is broken, or means harm
        return f"its answer cannot be read ({type(error).__name__}: {error})"


def _report(reply: Message) -> Preflight:
    return Preflight.model_validate_json(wire.said(reply, "report"))


def _check_report(reply: Message) -> str | None:
    _report(reply)
    return None


def _seconds(moment: str | None) -> float:
    """Seconds since 1970 of Flower's way to write a moment; 0 where there is none."""
    return datetime.datetime.fromisoformat(moment).timestamp() if moment else 0.0

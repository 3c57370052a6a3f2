"""The server's side of a federation: rounds, one after the other, each written down before the next begins."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from flwr.app import ArrayRecord, ConfigRecord, Message, MetricRecord, RecordDict
from flwr.serverapp import Grid
from tqdm import tqdm

from lentigo.card import AnswerSpec
from lentigo.errors import FederationError
from lentigo.federated import wire
from lentigo.federated.budget import OVERSPENT, Spent
from lentigo.federated.client import JUDGE
from lentigo.federated.compression import decompress
from lentigo.federated.exchange import Answers, Clients
from lentigo.federated.local import Judged
from lentigo.federated.plan import FederationOptions, Plan
from lentigo.federated.secure_client import FEWEST, MASKED
from lentigo.federated.secure_server import SecureRound
from lentigo.federated.spending import exhausted, in_words, spend_centrally, spent_by, techniques
from lentigo.federated.state import State, load_state, save_state
from lentigo.federated.strategy import create_strategy, remembered, remind
from lentigo.training.calibration import VALIDATION
from lentigo.training.checkpoint import save_weights
from lentigo.training.config import TrainConfig
from lentigo.training.curves import draw_curves
from lentigo.training.model import EvidenceModel, create_model, load_pretrained
from lentigo.training.run import Run


@dataclass
class Federation:
    """A federated run in the making.

    Args:
        grid: Flower's way to the clients.
        plan: What is trained.
        options: How.
        run: Where it is written.
        model: The common model, with the weights to begin from.
        show_progress: Whether a bar shows how many clients have answered.
        stop_wanted: Whether the user asked to stop.
    """

    grid: Grid
    plan: Plan
    options: FederationOptions
    run: Run
    model: EvidenceModel
    show_progress: bool = True
    stop_wanted: Callable[[], bool] = lambda: False
    state: State = field(default_factory=State)

    def __post_init__(self) -> None:
        self.clients = Clients(self.grid, self.plan, self.options, tqdm.write, self.stop_wanted)
        self.strategy = create_strategy(self.options, self.plan.rounds)
        self.names = wire.learned_names(self.model, self.plan)

    def fit(self) -> None:
        """Do the rounds that are left.

        Raises:
            FederationError: Clients are missing, or keep failing.
            Stopped: The user asked to stop; the rounds that are done stay done.
        """
        if (earlier := load_state(self.run, self.model)) is not None:
            self.state = earlier
            remind(self.strategy, earlier.remembered)
        while self.state.round < self.plan.rounds and not self._out_of_patience():
            if (reason := exhausted(self.run, self.plan, self.options)) is not None:
                if not self.state.round:
                    raise FederationError(reason, "Choose another --out, or a higher budget.")
                tqdm.write(f"Training ends after round {self.state.round}. {reason}")
                break
            try:
                self._round(self.state.round + 1)
            except _BudgetSpent as error:
                tqdm.write(f"Training ends after round {self.state.round}. {error}")
                break

    def _out_of_patience(self) -> bool:
        return self.state.round - self.state.best_round >= self.plan.config.patience

    def _round(self, number: int) -> None:
        started = time.monotonic()
        trained, sent = self._train(number)
        arrays, _ = self.strategy.aggregate_train(number, trained.good)
        if arrays is None or (trouble := wire.trouble_with(arrays, sent)):
            raise FederationError(f"Round {number} gave no usable weights{f': {trouble}' if arrays else ''}.")
        wire.unpack(self.model, arrays)
        spent = spend_centrally(self.run, self.plan, self.options)
        judged = self._judge(number)
        self._write(number, trained, judged, spent, time.monotonic() - started)

    def _train(self, number: int) -> tuple[Answers, ArrayRecord]:
        """Weights of enough clients; those that failed are asked again until there are, or the wait is over.

        What a client has sent is kept, so that it neither trains nor spends twice; a sum has to be made anew.
        """
        weights = wire.pack(self.model, self.names)
        good: dict[int, Message] = {}
        failures: dict[int, str] = {}

        def once() -> Answers | None:
            nodes = self.clients.gather(self.options.min_clients)
            if not any(self.clients.known[node].photos.get(VALIDATION) for node in nodes):
                raise FederationError("No client has validation photos: nobody could say how good the model is.")
            only = _Only(self.grid, [node for node in nodes if node not in good])
            messages = list(self.strategy.configure_train(number, weights, self._config(), only))  # type: ignore[arg-type]
            for message in messages:
                message.content[wire.CONSTANTS] = wire.constants(self.model, self.plan)
            answers = self._answers(number, messages, weights)
            self.clients.blame(answers.failures, f"round {number}")
            good.update({reply.metadata.src_node_id: reply for reply in answers.good})
            failures.update(answers.failures)
            if len(good) < self.options.min_clients:
                self._check_budgets(set(nodes), failures)
                return None
            # The order of a sum changes its last digits: by name, it is the same in every run.
            by_name = sorted(good.values(), key=lambda reply: self.clients.name(reply.metadata.src_node_id))
            return Answers(by_name, {node: reason for node, reason in failures.items() if node not in good})

        def failed() -> str:
            named = "; ".join(f"{self.clients.name(node)}: {reason}" for node, reason in failures.items())
            wanted = self.options.min_clients
            return f"Round {number} has the weights of {len(good)} clients, {wanted} are needed ({named})."

        return self.clients.insist(once, failed), weights

    def _check_budgets(self, nodes: set[int], failures: dict[int, str]) -> None:
        """Of clients whose budget is spent nothing can be waited for, and what is done is a run."""
        spent = {node: reason for node, reason in failures.items() if reason.startswith(OVERSPENT)}
        if spent and self.state.round and len(nodes - set(spent)) < self.options.min_clients:
            raise _BudgetSpent("; ".join(f"{self.clients.name(node)}: {reason}" for node, reason in spent.items()))

    def _answers(self, number: int, messages: list[Message], weights: ArrayRecord) -> Answers:
        title = f"Round {number}/{self.plan.rounds}: training"
        if not self.plan.secure_aggregation:
            return self._ask(messages, title, lambda reply: self._trouble_with(reply, weights))
        nodes = [message.metadata.dst_node_id for message in messages]
        central = self.options.central
        counted = {node: 1 if central else self._photos(node) for node in nodes}
        shares = {node: count / sum(counted.values()) for node, count in counted.items()}
        secure = SecureRound(
            number=number,
            ask=lambda asked, check: self._ask(asked, title, check),
            sent=weights,
            shares=shares,
            check=lambda reply: self._count(reply, wire.megabytes(reply.content.array_records[MASKED])),
            fewest=max(FEWEST, self.options.min_clients),
            clip_norm=central.clip_norm if central else None,
        )
        return secure.run(messages)

    def _photos(self, node: int) -> int:
        """What a client is weighted by: the photos to learn from that it brought when it was greeted."""
        return max(1, self.clients.known[node].photos.get("train", 0))

    def _count(self, reply: Message, megabytes: float) -> None:
        """Set down what a client's weights count and what they weighed, whatever else it says.

        Raises:
            FederationError: Its figures cannot be used.
        """
        figures: dict[str, Any] = wire.checked_figures(reply.content.metric_records[wire.FIGURES], self.plan)
        figures |= {wire.PHOTOS: self._photos(reply.metadata.src_node_id), wire.ALIKE: 1, wire.MEGABYTES: megabytes}
        reply.content[wire.FIGURES] = MetricRecord(figures)

    def _trouble_with(self, reply: Message, sent: ArrayRecord) -> str | None:
        """Why a client's weights cannot be used; unpacks them where they are packed."""
        record = reply.content.array_records[wire.WEIGHTS]
        weights = decompress(record, sent) if self.plan.compress else record
        if (trouble := wire.trouble_with(weights, sent)) is not None:
            return f"its weights were refused: {trouble}"
        self._count(reply, wire.megabytes(record))
        # Strategies add up every record of arrays and figures that they find.
        kept = RecordDict({wire.WEIGHTS: weights, wire.FIGURES: reply.content.metric_records[wire.FIGURES]})
        reply.content = kept
        return None

    def _judge(self, number: int) -> Answers:
        """What the clients' validation photos say of the common weights; asked again until some say anything."""
        content = RecordDict({**self.model_records(), wire.SAID: self._config(number)})

        def once() -> Answers | None:
            nodes = self.clients.gather(1)
            messages = [Message(content, message_type=JUDGE, dst_node_id=node) for node in nodes]
            answers = self._ask(messages, f"Round {number}/{self.plan.rounds}: judging", self._trouble_with_judging)
            self.clients.blame(answers.failures, f"the judging of round {number}")
            return answers if any(self._judged(reply).photos for reply in answers.good) else None

        return self.clients.insist(
            once, lambda: f"No client with validation photos has judged round {number}: nobody knows how good it is."
        )

    def _judged(self, reply: Message) -> Judged:
        return wire.read_judged(reply.content.metric_records[wire.FIGURES], len(self.plan.codes))

    def _trouble_with_judging(self, reply: Message) -> str | None:
        self._judged(reply)
        return None

    def model_records(self) -> dict[str, ArrayRecord | ConfigRecord]:
        """What a client needs to use the model as it is."""
        return {
            wire.WEIGHTS: wire.pack(self.model, self.names),
            wire.CONSTANTS: wire.constants(self.model, self.plan),
            wire.SAID: self._config(),
        }

    def _config(self, round_number: int | None = None) -> ConfigRecord:
        config = ConfigRecord({"plan": self.plan.model_dump_json()})
        if round_number is not None:
            config["server-round"] = round_number
        return config

    def _ask(self, messages: list[Message], title: str, check: Callable[[Message], str | None]) -> Answers:
        bar = tqdm(total=len(messages), desc=title, unit="client", disable=not self.show_progress, leave=False)
        with bar:
            return self.clients.ask(messages, check, on_reply=bar.update)

    def _write(self, number: int, trained: Answers, judged: Answers, spent: Spent | None, seconds: float) -> None:
        """Write the round's figures, its weights if they are the best, and where to go on."""
        classes = len(self.plan.codes)
        by_client = {reply.metadata.src_node_id: self._judged(reply) for reply in judged.good}
        total = sum(by_client.values(), Judged.none(classes))
        score = total.balanced_accuracy or 0.0
        line = {
            "epoch": number,
            "train_loss": _mean_loss(trained.good),
            "validation_loss": total.loss,
            "balanced_accuracy": score,
            "accuracy": total.accuracy,
            "size_px": self.plan.config.size_at(self.plan.epochs_of(number)[-1]),
            "seconds": round(seconds, 1),
            "megabytes": round(self._megabytes(trained, judged), 2),
            "clients": self._by_client(trained, by_client),
            **spent_by(trained.good, spent, self.run, self.plan, self.options),
        }
        if score > self.state.best_score:
            self.state.best_score, self.state.best_round = score, number
            save_weights(self.run.best_weights, self.model)
        lines = [*(one for one in self.run.epochs() if one["epoch"] < number), line]
        self.run.write_epochs(lines)
        draw_curves(self.run.path / "curves.png", lines)
        self.state.round, self.state.remembered = number, remembered(self.strategy)
        save_state(self.run, self.model, self.state)
        self.run.write_privacy(techniques(lines, self.plan))
        tqdm.write(_sentence(line, self.plan.rounds))

    def _by_client(self, trained: Answers, judged: dict[int, Judged]) -> dict[str, dict[str, Any]]:
        """What each client added to a round, or why it did not."""
        figures: dict[str, dict[str, Any]] = {}
        for reply in trained.good:
            said = reply.content.metric_records[wire.FIGURES]
            figures[self.clients.name(reply.metadata.src_node_id)] = {
                "photos": said[wire.PHOTOS],
                "train_loss": said.get("loss"),
                "seconds": said["seconds"],
                **{name: said[name] for name in ("epsilon", "epsilon_next") if name in said},
            }
        for node, reason in trained.failures.items():
            figures.setdefault(self.clients.name(node), {})["failed"] = reason
        for node, one in judged.items():
            figures.setdefault(self.clients.name(node), {}).update(
                {
                    "validation_photos": one.photos,
                    "balanced_accuracy": one.balanced_accuracy,
                    "validation_loss": one.loss,
                }
            )
        return dict(sorted(figures.items()))

    def _megabytes(self, trained: Answers, judged: Answers) -> float:
        """What went over the wire: weights to each client twice, and back once."""
        weights = wire.megabytes(wire.pack(self.model, self.names))
        constant = wire.megabytes(wire.constants(self.model, self.plan))
        down = (weights + constant) * (len(trained.good) + len(judged.good))
        figures = [reply.content.metric_records[wire.FIGURES] for reply in trained.good]
        return down + sum(float(str(one[wire.MEGABYTES])) for one in figures)


def first_model(config: TrainConfig, classes: int, answers: tuple[AnswerSpec, ...]) -> EvidenceModel:
    """The weights that a federation begins from."""
    torch.manual_seed(config.seed)
    model = create_model(config, classes, answers)
    if config.pretrained:
        load_pretrained(model, config.backbone, Path(config.weights) if config.weights else None)
    return model


class _BudgetSpent(Exception):
    """Too few clients have anything left to spend."""


class _Only:
    """A grid on which only some clients are to be seen: Flower's strategies ask all that they see."""

    def __init__(self, grid: Grid, nodes: list[int]) -> None:
        self._grid, self._nodes = grid, nodes

    def get_node_ids(self) -> list[int]:
        """The chosen ones."""
        return self._nodes


def _mean_loss(replies: list[Message]) -> float | None:
    """Weighted by photos; None where clients do not tell it."""
    figures = [reply.content.metric_records[wire.FIGURES] for reply in replies]
    if any("loss" not in one for one in figures):
        return None
    photos = sum(float(str(one[wire.PHOTOS])) for one in figures)
    return sum(float(str(one["loss"])) * float(str(one[wire.PHOTOS])) for one in figures) / photos


def _sentence(line: dict[str, Any], rounds: int) -> str:
    """A round in one line."""
    parts = []
    for name, one in line["clients"].items():
        score = one.get("balanced_accuracy")
        text = "–" if score is None else f"{score:.3f}"
        parts.append(f"{name} {text}" + (" (left out)" if "failed" in one else ""))
    return (
        f"  round {line['epoch']}/{rounds}: validation balanced accuracy {line['balanced_accuracy']:.3f}, loss "
        f"{line['validation_loss']:.3f}; {', '.join(parts)}; {line['megabytes']:.1f} MB, {line['seconds']:.0f} s"
        f"{in_words(line)}"
    )

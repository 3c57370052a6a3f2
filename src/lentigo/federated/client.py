"""The client's Flower app: it answers what the server asks, and keeps nothing from one message to the next."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

import polars as pl
from flwr.app import ArrayRecord, ConfigRecord, Context, Message, RecordDict
from flwr.clientapp import ClientApp

from lentigo.datasets import Dataset
from lentigo.errors import FederationError, LentigoError
from lentigo.federated import local, secure_client, wire
from lentigo.federated.budget import Ledger, LocalPrivacy, Spent
from lentigo.federated.compression import compress
from lentigo.federated.demands import Demands
from lentigo.federated.dpsgd import learn_privately, release_of
from lentigo.federated.local import Learned
from lentigo.federated.partition import Share
from lentigo.federated.plan import Plan, read_plan
from lentigo.federated.preflight import check_data, unusable
from lentigo.training.calibration import VALIDATION
from lentigo.training.model import EvidenceModel, create_model

HELLO, JUDGE, FAMILIAR, HELD_OUT, BYE = "query.hello", "evaluate", "query.familiar", "query.held_out", "query.bye"
"""The kinds of messages, as Flower names them."""

Answer = Callable[[Message, Share, Plan], RecordDict]
Tell = Callable[[str], None]


class Data(Protocol):
    """Where a client's photos are. It travels to other processes, so it is small and can be pickled."""

    def name(self, context: Context) -> str:
        """What the client is called."""
        ...

    def open(self, context: Context) -> Dataset:
        """Its photos.

        Raises:
            LentigoError: They cannot be used.
        """
        ...

    def ledger(self, context: Context) -> Path:
        """Where it is written down what privacy budget its photos have spent."""
        ...


def create_client_app(data: Data, tell: Tell | None = None, demands: Demands | None = None) -> ClientApp:
    """The app that trains on ``data``.

    Args:
        data: The client's.
        tell: Says a line to whoever runs the client; None keeps silent.
        demands: What the client insists on; None takes part with whatever the server's plan says.
    """
    app = ClientApp()
    say, insisted = tell or _silent, demands or Demands()
    train = partial(_train, data, insisted)

    def step(work: Callable[[Message, Context], RecordDict]) -> Callable[[Message, Context], Message]:
        return lambda message, context: _step(data, message, context, work, say)

    def answering(work: Answer, what: str) -> Callable[[Message, Context], Message]:
        return lambda message, context: _answer(data, message, context, work, what, say)

    app.query("hello")(lambda message, context: _greet(data, message, context, say, insisted))
    app.train()(lambda message, context: _answer(data, message, context, partial(train, context), "Trained", say))
    app.query("keys")(step(secure_client.make_keys))
    app.query("letters")(step(secure_client.write_letters))
    app.query("reveal")(step(secure_client.reveal))
    app.evaluate()(answering(_judge, "Judged the common model"))
    app.query("familiar")(answering(_familiar, "Summed up the textures of the training photos"))
    app.query("held_out")(answering(_held_out, "Sent what the model says of the validation photos"))
    app.query("bye")(lambda message, context: _part(message, context, say))
    return app


def _silent(line: str) -> None:
    del line


def _part(message: Message, context: Context, tell: Tell) -> Message:
    del context
    tell(wire.said(message, "words"))
    return Message(RecordDict(), reply_to=message)


def _greet(data: Data, message: Message, context: Context, tell: Tell, demands: Demands) -> Message:
    """Say what the client brings, and what it lacks."""
    name = data.name(context)
    if news := wire.said(message, wire.NEWS):
        tell(news)
    try:
        plan = read_plan(wire.said(message, "plan"))
        demands.check(plan)
        report = check_data(name, data.open(context), plan)
    except LentigoError as error:
        report = unusable(name, str(error))
    except Exception as error:
        report = unusable(name, _unexpected(error))
    tell(f"{report.summary}.")
    for line in [*(f"Cannot take part: {one}" for one in report.problems), *report.warnings]:
        tell(line)
    content = RecordDict({wire.SAID: ConfigRecord({"report": report.model_dump_json()})})
    return Message(content, reply_to=message)


def _answer(data: Data, message: Message, context: Context, work: Answer, what: str, tell: Tell) -> Message:
    """Do what is asked; what goes wrong is told in words instead of as Flower's error of unknown cause."""
    name, started = data.name(context), time.monotonic()
    if news := wire.said(message, wire.NEWS):
        tell(news)
    try:
        plan = read_plan(wire.said(message, "plan"))
        content = work(message, Share(name, data.open(context)), plan)
        content[wire.SAID] = ConfigRecord({"name": name})
        round_number = wire.said(message, "server-round")
        tell(f"{f'Round {round_number}: ' if round_number else ''}{what} ({time.monotonic() - started:.0f} s).")
    except Exception as error:
        content = _failed(name, error, tell)
    return Message(content, reply_to=message)


def _failed(name: str, error: Exception, tell: Tell) -> RecordDict:
    """What is told of it, here and at the server."""
    reason = str(error) if isinstance(error, LentigoError) else _unexpected(error)
    tell(f"Failed: {reason}")
    return RecordDict({wire.SAID: ConfigRecord({"name": name, "failed": reason})})


def _unexpected(error: Exception) -> str:
    traceback.print_exception(error)
    return f"{type(error).__name__}: {error}"


def _step(
    data: Data, message: Message, context: Context, work: Callable[[Message, Context], RecordDict], tell: Tell
) -> Message:
    """A step of secure aggregation."""
    try:
        content = work(message, context)
    except Exception as error:
        content = _failed(data.name(context), error, tell)
    return Message(content, reply_to=message)


def _train(data: Data, demands: Demands, context: Context, message: Message, share: Share, plan: Plan) -> RecordDict:
    demands.check(plan)
    model = _received(message, plan)
    config = message.content.config_records[wire.SAID]
    round_number, proximal_mu = int(str(config["server-round"])), float(str(config.get("proximal-mu", 0.0)))
    if plan.privacy is None:
        learned, spent = local.learn(model, share.dataset, plan, round_number, proximal_mu), None
    else:
        ledger = Ledger(data.ledger(context))
        learned, spent = _train_privately(model, share, plan, plan.privacy, ledger, round_number, proximal_mu)
    weights = wire.pack(model, wire.learned_names(model, plan))
    if (trouble := wire.trouble_with(weights, message.content.array_records[wire.WEIGHTS])) is not None:
        raise FederationError(f"Training spoilt the model: {trouble}.", "Lower learning_rate, or set precision=fp32.")
    if plan.compress:
        weights = compress(weights, message.content.array_records[wire.WEIGHTS])
    trained = RecordDict({wire.WEIGHTS: weights, wire.FIGURES: wire.figures_of_learning(learned, spent)})
    return secure_client.hide(trained, message, context) if plan.secure_aggregation else trained


def _train_privately(
    model: EvidenceModel,
    share: Share,
    plan: Plan,
    privacy: LocalPrivacy,
    ledger: Ledger,
    round_number: int,
    proximal_mu: float,
) -> tuple[Learned, Spent]:
    """Train if the budget allows it. What is spent is written down first: a stop in between must not lose it."""
    photos = share.dataset.manifest.filter(pl.col("split") == "train").height
    if privacy.delta >= 1 / photos:
        raise FederationError(
            f"A delta of {privacy.delta:g} allows one of {photos} photos to be given away.",
            f"Set --dp-delta well below {1 / photos:.1g}.",
        )
    release = release_of(plan, privacy, photos)
    spent = ledger.spend(release, privacy)
    return learn_privately(model, share.dataset, plan, round_number, release, privacy.clip_norm, proximal_mu), spent


def _judge(message: Message, share: Share, plan: Plan) -> RecordDict:
    judged = local.judge(_received(message, plan), share.dataset, plan, VALIDATION)
    return RecordDict({wire.FIGURES: wire.figures_of_judging(judged)})


def _familiar(message: Message, share: Share, plan: Plan) -> RecordDict:
    sums = local.sum_textures(_received(message, plan), share.dataset, plan)
    return RecordDict({wire.NO_SKIN: wire.pack_moments(sums)})


def _held_out(message: Message, share: Share, plan: Plan) -> RecordDict:
    no_skin = wire.unpack_distance(message.content.array_records[wire.NO_SKIN])
    said = local.predict_held_out(_received(message, plan), share.dataset, plan, no_skin)
    return RecordDict({wire.PREDICTIONS: wire.pack_arrays(said)})


def _received(message: Message, plan: Plan) -> EvidenceModel:
    """The model whose weights a message carries."""
    model = create_model(plan.config, len(plan.codes), plan.answers)
    none = ArrayRecord()
    records = message.content.array_records
    wire.unpack(model, records.get(wire.CONSTANTS, none), records[wire.WEIGHTS])
    return model

"""The client's Flower app: it answers what the server asks, and keeps nothing from one message to the next."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Protocol

from flwr.app import ArrayRecord, ConfigRecord, Context, Message, RecordDict
from flwr.clientapp import ClientApp
from flwr.clientapp.typing import Mod

from lentigo.datasets import Dataset
from lentigo.errors import LentigoError
from lentigo.federated import local, wire
from lentigo.federated.partition import Share
from lentigo.federated.plan import Plan, read_plan
from lentigo.federated.preflight import check_data, unusable
from lentigo.training.calibration import VALIDATION
from lentigo.training.model import EvidenceModel, create_model

HELLO, TRAIN, JUDGE = "query.hello", "train", "evaluate"
"""The kinds of messages, as Flower names them."""

Answer = Callable[[Message, Share, Plan], RecordDict]


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


def create_client_app(data: Data, mods: list[Mod] | None = None) -> ClientApp:
    """The app that trains on ``data``; ``mods`` (Flower's) see every message on its way in and out."""
    app = ClientApp(mods=mods or [])
    app.query("hello")(lambda message, context: _greet(data, message, context))
    app.train(mods=mods)(lambda message, context: _answer(data, message, context, _train))
    app.evaluate()(lambda message, context: _answer(data, message, context, _judge))
    return app


def _greet(data: Data, message: Message, context: Context) -> Message:
    """Say what the client brings, and what it lacks."""
    name = data.name(context)
    try:
        report = check_data(name, data.open(context), read_plan(wire.said(message, "plan")))
    except LentigoError as error:
        report = unusable(name, str(error))
    content = RecordDict({wire.SAID: ConfigRecord({"report": report.model_dump_json()})})
    return Message(content, reply_to=message)


def _answer(data: Data, message: Message, context: Context, work: Answer) -> Message:
    """Do what is asked; what goes wrong is told in words instead of as Flower's error of unknown cause."""
    name = data.name(context)
    try:
        plan = read_plan(wire.said(message, "plan"))
        content = work(message, Share(name, data.open(context)), plan)
        content[wire.SAID] = ConfigRecord({"name": name})
    except LentigoError as error:
        content = _failed(name, str(error))
    except Exception as error:
        traceback.print_exc()
        content = _failed(name, f"{type(error).__name__}: {error}")
    return Message(content, reply_to=message)


def _failed(name: str, reason: str) -> RecordDict:
    return RecordDict({wire.SAID: ConfigRecord({"name": name, "failed": reason})})


def _train(message: Message, share: Share, plan: Plan) -> RecordDict:
    model = _received(message, plan)
    config = message.content.config_records[wire.SAID]
    round_number, proximal_mu = config["server-round"], config.get("proximal-mu", 0.0)
    learned = local.learn(model, share.dataset, plan, int(str(round_number)), float(str(proximal_mu)))
    weights = wire.pack(model, wire.learned_names(model, plan))
    return RecordDict({wire.WEIGHTS: weights, wire.FIGURES: wire.figures_of_learning(learned)})


def _judge(message: Message, share: Share, plan: Plan) -> RecordDict:
    judged = local.judge(_received(message, plan), share.dataset, plan, VALIDATION)
    return RecordDict({wire.FIGURES: wire.figures_of_judging(judged)})


def _received(message: Message, plan: Plan) -> EvidenceModel:
    """The model whose weights a message carries."""
    model = create_model(plan.config, len(plan.codes), plan.answers)
    none = ArrayRecord()
    records = message.content.array_records
    wire.unpack(model, records.get(wire.CONSTANTS, none), records[wire.WEIGHTS])
    return model

"""A trained network whose layers are made random one after the other, from the head down (Adebayo et al. 2018)."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import torch
from torch import nn

from lentigo.training.model import EvidenceModel, create_model
from lentigo.training.run import Run

_BLOCKS = range(6, -1, -1)
_MODULES = (
    ("head",),
    ("backbone.conv_head", "backbone.bn2"),
    *((f"backbone.blocks.{block}",) for block in _BLOCKS),
    ("backbone.conv_stem", "backbone.bn1"),
)
STAGES = (
    "head",
    "and last convolution",
    *(f"and block {block + 1} of 7" for block in _BLOCKS),
    "and first convolution",
)
"""What :func:`cascade` makes random at each stage, beside all before."""


def cascade(model: EvidenceModel, run: Run, pixels: torch.Tensor, seed: int) -> Iterator[EvidenceModel]:
    """The network after each of :data:`STAGES`.

    Weights are drawn as for a new network. Batch norm's means and variances of random layers are taken anew from
    ``pixels`` (N, 3, S, S): with the trained ones such a layer would be shut or flooded, and its map be no map at all.
    """
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        fresh = create_model(run.config, len(run.record.diagnoses), run.record.answers)
        for weight, trained in zip(fresh.head.parameters(), model.head.parameters(), strict=True):
            nn.init.normal_(weight, std=float(trained.detach().std()))
    network = copy.deepcopy(model)
    done: list[nn.Module] = []
    for names in _MODULES:
        for name in names:
            part = network.get_submodule(name)
            part.load_state_dict(fresh.get_submodule(name).state_dict())
            done.append(part)
        _take_statistics(network, done, pixels)
        yield network


@torch.no_grad()
def _take_statistics(network: EvidenceModel, parts: list[nn.Module], pixels: torch.Tensor) -> None:
    norms = [one for part in parts for one in part.modules() if isinstance(one, nn.BatchNorm2d)]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # a plain average over the batches
        norm.train()
    if norms:
        for batch in torch.tensor_split(pixels, max(1, len(pixels) // 32)):
            network.feature_map(batch)
    network.eval()

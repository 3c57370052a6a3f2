"""Federated training: several hospitals improve one model, and no photo leaves any of them. Needs ``federated``.

    partition       one dataset dealt out to clients, for simulation
    plan            what server and clients must agree on: network, diagnoses, answers, rounds
    preflight       what a client's data lacks, before it trains
    local           what a client computes: training, judging, predicting
    wire            how weights and figures become Flower's records and back
    client, server  the two Flower apps
    strategy        how the clients' weights become one
    simulation      all of it on one machine, in Flower's simulation engine

Flower and Ray ask to be switched off by environment variables that they read when they are first imported, so this
module sets them; what the user has set stays.
"""

import os

for _name, _value in (
    ("FLWR_TELEMETRY_ENABLED", "0"),
    ("FLWR_DISABLE_UPDATE_CHECK", "1"),
    ("RAY_USAGE_STATS_ENABLED", "0"),
    ("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0"),
):
    os.environ.setdefault(_name, _value)

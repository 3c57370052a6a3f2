"""Federated training: several hospitals improve one model, and no photo leaves any of them. Needs ``federated``.

    partition       one dataset dealt out to clients, for simulation
    plan            what server and clients must agree on: network, diagnoses, answers, rounds
    preflight       what a client's data lacks, before it trains
    local           what a client computes: training, judging, predicting
    wire            how weights and figures become Flower's records and back
    client, server  the two Flower apps
    strategy        how the clients' weights become one
    simulation      all of it on one machine, in Flower's simulation engine

Flower's and Ray's telemetry is switched off by environment variables that they read when they are first imported, so
this module sets them; what the user has set stays. Ray listens on the machine's own address whatever it is told: it
answers only who has a token, which is made here for this process and its children.
"""

import os
import secrets

for _name, _value in (
    ("FLWR_TELEMETRY_ENABLED", "0"),
    ("FLWR_DISABLE_UPDATE_CHECK", "1"),
    ("RAY_USAGE_STATS_ENABLED", "0"),
    ("RAY_AUTH_MODE", "token"),
    ("RAY_AUTH_TOKEN", secrets.token_hex(32)),
    ("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0"),
):
    os.environ.setdefault(_name, _value)

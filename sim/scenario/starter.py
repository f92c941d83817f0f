"""What a new scenario file says."""

STARTER = """\
# A scenario: what is different from the world it extends. Everything not said here is as that world has it.
schema: 1
title: NAME
extends: worlds/western_balkans.yaml

# The first month and the number of months; how many histories, and the seed of all their luck.
time: {start: 2017-01, months: 108}
ensemble: {runs: 200, seed: 1}

# What if: other numbers, by path. A bare number, a number with its uncertainty, or the world's own scaled or added to.
# set:
#   powers.russia.capacity: {scale: 1.5}
#   countries.serbia.hedging: {triangular: [0.2, 0.5, 0.8], assumption: "balances for years"}

# Dated changes that nobody decides: set, scale or add; for good, unless a shape says pulse, ramp or decay (in months).
# shocks:
#   - {id: serbia_hedges_more, at: 2020-03, path: countries.serbia.hedging, scale: 1.5, shape: {decay: 9}}

# Dated changes that a power makes and pays for, in units of effort a month.
# policies:
#   - {id: brussels_delivers, by: eu, at: 2019-01, path: institutions.eu.credibility, add: 0.1, cost: 0.5}
"""

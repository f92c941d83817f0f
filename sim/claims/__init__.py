"""Claims of the documents as experiments: arms, measures, verdicts, power checks, other forms of the model, and a control."""

from __future__ import annotations

from sim.claims.bench import Bench
from sim.claims.plan import Examined, Wish, read_all, try_all, vocabulary
from sim.claims.tables import tables
from sim.claims.trials import Trial

__all__ = ["Bench", "Examined", "Trial", "Wish", "read_all", "tables", "try_all", "vocabulary"]

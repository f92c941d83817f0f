"""Ensembles of runs: simulated in blocks, and stored in files whose bytes do not depend on who wrote them."""

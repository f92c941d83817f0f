"""Golden runs: stored results of a few histories, rewritten only by an explicit command."""

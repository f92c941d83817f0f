"""Why: which mechanisms carry a difference between two arms, and what led to an event of one history."""

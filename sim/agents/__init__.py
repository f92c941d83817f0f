"""Those who decide: great powers and countries, as Mesa agents that decide for every run of a block at once."""

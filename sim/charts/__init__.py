"""Charts: each a picture with one message, drawn from a record and saved with its data."""

from sim.charts.fans import fan as fan

# %% [markdown]
# # A sweep: how much outreach does it take?
#
# A comparison sets two worlds side by side, a sweep sets many. Here one lever, the European Union's effort, goes from nothing to
# twice what it is, and we look at where Serbia ends. Every point has the same luck, so that the curve is the lever's doing.

# %%
import os
import time
from pathlib import Path

import sim
from sim.analysis.answers import Sweep
from sim.charts.sweeps import draw_sweep
from sim.runs.sweep import Means

try:
    from IPython.display import display  # in a notebook: a table and a chart
except ImportError:
    display = print  # in a shell: plain text

RUNS = int(os.environ.get("SUASION_RUNS", "48"))
OUT = Path(os.environ.get("SUASION_OUT", "out")) / "sweep"

# %% [markdown]
# ## The question as a file
#
# An experiment is a scenario with factors, a design, and the outcomes it looks at. It is kept as a file, so that anybody can ask the
# same again: `suasion sweep outreach.yaml`.

# %%
EXPERIMENT = """\
schema: 1
extends: western_balkans_2017.yaml
title: How much outreach does it take?
ensemble: {runs: 48, seed: 1}
design: {method: grid}
factors:
  - {id: outreach, path: powers.eu.capacity, way: scale, low: 0, high: 2, levels: 5, name: EU outreach (1 as it is)}
outcomes: [alignment, influence_share, eu_position]
focus: [serbia.influence_share.russia.end, serbia.eu_position.end]
"""
OUT.mkdir(parents=True, exist_ok=True)
file = OUT / "outreach.yaml"
file.write_text(EXPERIMENT, encoding="utf-8")
print(file.name)

# %% [markdown]
# ## Make it
#
# Whatever is done is on the disk: stop this cell and run it again, and it goes on where it was; once finished, it only reads. The
# `serial` means work in this process. Without them all cores help, and then a script keeps this cell behind `if __name__ == "__main__":`,
# as workers import it.

# %%
results = sim.sweep(file, OUT / "outreach", runs=RUNS, means=Means(executor="serial"))
display(results)

# %% [markdown]
# ## The curve in words
#
# `Sweep` analyses what the design was made for, here the levels of a grid: means, their intervals, and the spread of runs around them.

# %%
sweep = Sweep(results)
answers = {answer.outcome: answer for answer in sweep.answers()}
russia = answers["serbia.influence_share.russia.end"].found.sort_values("outreach", ignore_index=True)
for _, row in russia.iterrows():
    interval = f"{row['low']:.1%} to {row['high']:.1%}"
    print(f"outreach x{row['outreach']:.1f}: Russia holds {row['mean']:.1%} of Serbia's course ({interval})")

# %%
nothing, today, twice = (100 * russia["mean"].iloc[place] for place in (0, 2, 4))
print(f"From nothing to today's effort Russia's share falls by {nothing - today:.1f} points,")
print(f"from there to twice that by {today - twice:.1f}.")
print("The first half of the lever does " + ("more" if nothing - today > today - twice else "less") + " than the second.")

# %% [markdown]
# ## Every history is there
#
# `results.outcomes` has a row a point and run. As run 17 is the same luck at every point, one can ask in how many histories more effort
# was worth more, and not only whether it was on average.

# %%
position = results.outcomes.pivot(index="run", columns="point", values="serbia.eu_position.end")
gain = position[results.points["point"].iloc[-1]] - position[results.points["point"].iloc[0]]
print(f"With twice the effort Serbia ends nearer to the EU than with none in {(gain > 0).sum()} of {len(gain)} runs;")
print(f"the middle half of runs gains {gain.quantile(0.25):.2f} to {gain.quantile(0.75):.2f} stages.")

# %% [markdown]
# ## Keep the pictures, and ask again
#
# Pictures and the numbers in them go into the sweep's own folder. Asked again, a finished sweep is only read.

# %%
pictures, refused = draw_sweep(results.path)
for path in pictures:
    print(path)

began = time.monotonic()
again = sim.sweep(file, results.path, runs=RUNS, means=Means(executor="serial"))
took = time.monotonic() - began
print(f"Asked again: {len(again.outcomes)} histories in {took:.1f} seconds, none of them simulated.")

# %% [markdown]
# # A first look: where is each country heading?
#
# One scenario, many histories. We read the Western Balkans from 2017 to 2025, simulate them, and ask three things of the ensemble:
# who leans where, who gets in, and how far the answers can be trusted. Then we take one history out of the many and read it.
#
# The lines that begin with `# %%` are cells: Jupyter (through jupytext), VS Code, Spyder and PyCharm open this file as a notebook, and
# `python examples/first_look.py` runs it from top to bottom.

# %%
import os
from pathlib import Path

import numpy as np

import sim
from sim.charts import fans, tension
from sim.charts.findings import answer
from sim.charts.saving import save
from sim.retelling import sentence
from sim.runs.history import chronicled

try:
    from IPython.display import display  # in a notebook: a table and a chart
except ImportError:
    display = print  # in a shell: plain text

RUNS = int(os.environ.get("SUASION_RUNS", "200"))
OUT = Path(os.environ.get("SUASION_OUT", "out")) / "first_look"

# %% [markdown]
# ## Simulate
#
# A scenario is found in the working folder, or else among those that come with the program. A record is an ensemble of histories;
# a notebook shows it as a table and a chart. With `workers=1` it is made in this process; a script that lets workers help keeps its main
# part behind `if __name__ == "__main__":`.

# %%
scenario = sim.read_scenario("scenarios/western_balkans_2017.yaml")
record = sim.simulate(scenario, runs=RUNS, seed=1, workers=1)
display(record)

# %% [markdown]
# ## What came out, in three sentences
#
# The sentences are made from the numbers. Brackets hold nine tenths of the histories.

# %%
for said in answer(record):
    print(f"{said}.")

# %% [markdown]
# ## How sure is that?
#
# `record.outcomes` has a row a run and a column an outcome. A median says little without its spread, and a spread of histories is not
# an error of measurement: each of them could be the one that happens.

# %%
columns = ["serbia.alignment.russia.end", "serbia.tension.end", "north_macedonia.eu_position.end"]
print(record.outcomes[columns].quantile([0.05, 0.5, 0.95]).round(2).to_string())

# %%
west, russia = (record.values("course", country="serbia", side=side)[-1] for side in ("west", "east"))
ahead = int((russia > west).sum())
print(f"Russia ends with more of Serbia's course than the West in {ahead} of {len(west)} runs.")

entered = record.outcomes["north_macedonia.nato_member.month"].dropna()
print(f"North Macedonia enters NATO in {len(entered)} of {len(west)} runs.")
if len(entered):
    places = np.quantile(entered, [0.05, 0.5, 0.95], method="inverted_cdf").astype(int)
    first, middle, last = record.months[places]
    print(f"Half of these have done so by {middle}; nine tenths of them do between {first} and {last}.")

# %% [markdown]
# ## How tense, and whose doing?
#
# Tension is kept in ledgers: a part made at home, a part by each power, the rest of what there was at the start, and chance. They add up.

# %%
total = record.values("tension", country="serbia")[-1]
stirred = record.values("tension_power", country="serbia", power="russia")[-1]
print(f"Serbia ends at {100 * total.mean():.0f} points of 100 on average,")
print(f"{100 * stirred.mean():.0f} of them stirred from Moscow,")
print(f"which is more than half of it in {int((stirred > total / 2).sum())} of {len(total)} runs.")

# %% [markdown]
# ## One history of many
#
# Averages happen to nobody. The history whose tensions and courses lie nearest to the medians is simulated once more, alone (a run is
# the same alone and in any ensemble), and taken down: what happened, and what spoke for it most.

# %%
told = chronicled(record)
for entry in told.chronicle[:12]:
    print(f"{record.months[entry.month]}  {sentence(told, entry)}")
print(f"... and {max(len(told.chronicle) - 12, 0)} entries more; told.events() has all of them as a table.")

# %% [markdown]
# ## Keep the pictures
#
# Each is saved as PNG and SVG, with the numbers that it shows as CSV.

# %%
for chart in (fans, tension):
    table = chart.data(record)
    name = chart.__name__.rpartition(".")[2]
    for path in save(chart.draw(record, table=table), table, OUT, name):
        print(path)

# %% [markdown]
# # A counterfactual: what if the European Union put in half the effort?
#
# Two scenarios that differ in one number are run with the same luck: run 17 has the same draws in both. So the difference between
# them, run by run, is what the change did, and it shows in far fewer runs than two unrelated ensembles would need.

# %%
import os
from pathlib import Path

import sim
from sim.analysis.comparison import comparison
from sim.analysis.names import outcome_spoken, series_spoken
from sim.analysis.parting import paired_series, parting
from sim.charts import difference
from sim.charts.saving import save
from sim.charts.sheet import Origin, estimate

try:
    from IPython.display import display  # in a notebook: a table and a chart
except ImportError:
    display = print  # in a shell: plain text

RUNS = int(os.environ.get("SUASION_RUNS", "200"))
OUT = Path(os.environ.get("SUASION_OUT", "out")) / "counterfactual"

# %% [markdown]
# ## The change
#
# `with_changes` takes numbers by their path in the scenario: a bare number, a distribution, a factor (`scale`) or an addition (`add`).
# A path that leads nowhere is refused, with the one that was probably meant. The file `scenarios/eu_outreach_halved.yaml` says the same.

# %%
baseline = sim.read_scenario("scenarios/western_balkans_2017.yaml")
halved = baseline.with_changes({"powers.eu.capacity": {"scale": 0.5}})

# %% [markdown]
# ## What changed most
#
# Outcomes are ranked by the size of their change in units of the spread between runs. Where only this is wanted,
# `sim.compare(baseline, halved, runs=200)` simulates and compares in one line.

# %%
twins = [sim.simulate(scenario, runs=RUNS, seed=1, workers=1) for scenario in (baseline, halved)]
found = comparison({"the baseline": twins[0].outcomes, "half the effort": twins[1].outcomes})
display(found)

# %% [markdown]
# ## The same in words

# %%
table = found.of("half the effort")
for _, row in table[table["kind"] != "month"].head(6).iterrows():
    words = outcome_spoken(baseline, row["outcome"])
    ends = row["low"] * words.scale, row["high"] * words.scale
    print(f"{words.name}: {estimate(row['difference'] * words.scale, ends, words.unit, signed=True)}")

# %%
position = table.set_index("outcome").loc["serbia.eu_position.end"]
down, up, unpaired = position["went_down"], position["went_up"], position["unpaired_runs"]
print(f"Serbia ends farther from the EU in {down:.0%} of runs, and nearer to it in {up:.0%}.")
print(f"Unpaired, so narrow an interval would have taken about {unpaired:,.0f} runs instead of {found.runs}.")

# %% [markdown]
# ## What did not change
#
# A change that could not be told from chance is a finding too, as far as its interval is narrow. An effect smaller than the interval's
# ends cannot be ruled out.

# %%
still = table[~table["beyond_chance"].astype(bool)]
tense = table.set_index("outcome").loc["serbia.tension.end"]
print(f"{len(still)} of {len(table)} outcomes do not move beyond chance.")
change = estimate(100 * tense["difference"], (100 * tense["low"], 100 * tense["high"]), "points", signed=True)
print(f"Serbia's final tension is {'not ' if tense['beyond_chance'] else ''}one of them: {change}.")

# %% [markdown]
# ## Since when?
#
# The same twins month by month. Histories have parted in the first month in which half of the runs differ by more than one point of 100.

# %%
wanted = [
    ("influence_share", "serbia", "russia"),
    ("influence_share", "serbia", "eu"),
    ("alignment", "north_macedonia", "eu"),
]
series = []
for variable, country, power in wanted:
    words = series_spoken(baseline, variable, country, power)
    series.append(paired_series(*twins, words, variable, country=country, power=power))

for _, row in parting(series, tolerance=0.01).iterrows():
    change = estimate(100 * row["end"], (100 * row["end_low"], 100 * row["end_high"]), "points", signed=True)
    print(f"{row['series']}: {change} at the end; half of the runs part: {row['parts']}")

# %%
figure = difference.draw(series, Origin(baseline, RUNS, 1), ("the baseline", "Half the effort"))
for path in save(figure, difference.data(series), OUT, "difference"):
    print(path)

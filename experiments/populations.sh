#!/usr/bin/env bash
# What biased users teach: the paper's curator and the four populations, on the same tasks, and what each rewards.
# Usage: experiments/populations.sh [FOLDER]     (about eight minutes on two cores)
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
folder=${1:-runs/populations}
runs=()
for curator in fewest-steps impatient:24 sloppy:0.5 partisan:putdown adversarial:0.2; do
    run=$folder/${curator%%:*}
    runs+=("$run")
    "$here/outerloop" run --tasks 500 --held-out 100 --larger 0 --curator "$curator" --out "$run"
    "$here/outerloop" reward "$run"
done
"$here/outerloop" compare "${runs[@]}"

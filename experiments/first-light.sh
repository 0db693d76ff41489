#!/usr/bin/env bash
# The figures of README.md and docs/results.md: three seeds, and the control without curation.
# Usage: experiments/first-light.sh [FOLDER]     (about six minutes on two cores)
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
folder=${1:-runs/first-light}
for seed in 0 1 2; do
    "$here/outerloop" run --seed "$seed" --out "$folder/seed-$seed"
done
"$here/outerloop" run --seed 0 --curator everything --out "$folder/uncurated"
"$here/outerloop" compare "$folder"/seed-0 "$folder"/seed-1 "$folder"/seed-2 "$folder"/uncurated

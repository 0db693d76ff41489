#!/usr/bin/env bash
# The figures of README.md and docs/results.md: one base, three domains, three seeds, and the control without curation.
# Usage: experiments/three-domains.sh [FOLDER]     (runs that are finished are not run again)
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
folder=${1:-runs/three-domains}
domains=(--domain blocksworld --domain rovers --domain sokoban)
run() { # NAME OPTION...
    local out=$folder/$1
    shift
    if [ -e "$out/run.yaml" ]; then
        "$here/outerloop" run --resume --out "$out"
    else
        "$here/outerloop" run "${domains[@]}" "$@" --out "$out"
    fi
}
for seed in 0 1 2; do
    run "seed-$seed" --seed "$seed"
done
run uncurated --seed 0 --curator everything --generations 3
"$here/outerloop" compare "$folder"/seed-0 "$folder"/seed-1 "$folder"/seed-2 "$folder"/uncurated
for seed in 0 1 2; do
    "$here/outerloop" evaluate "$folder/seed-$seed" --samples 64
done

#!/usr/bin/env bash
# The ablations: which part of the loop does what. Two tables of the same rows, one on equal samples (a generation costs as many
# answers in every row; fine-tunings are as long as they are by default), one on equal samples and equal training tokens, and
# before them a search for the learning rate of the trainers with rewards, on a pool of its own.
#
# Usage: experiments/ablations.sh [FOLDER]
# Call it again to go on: runs that are finished are left as they are. A smaller budget, for example:
#   SEEDS=0 TASKS=200 GENERATIONS=2 experiments/ablations.sh
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)

DOMAINS=${DOMAINS:-blocksworld}            # a list, with a base that knows them (POLICY); each run has all of them
POLICY=${POLICY:-local}
SEEDS=${SEEDS:-0 1 2}
TASKS=${TASKS:-1000}
HELD_OUT=${HELD_OUT:-200}
LARGER=${LARGER:-100}
GENERATIONS=${GENERATIONS:-5}
TOKENS=${TOKENS:-$((175 * TASKS))}         # of a fine-tuning in the second table; what the default reads on average
SEARCH_SEED=${SEARCH_SEED:-100}            # of the pool on which learning rates are chosen
RATES=${RATES:-1e-5 2e-5 5e-5 1e-4 2e-4 4e-4}
GROUP=${GROUP:-4}                          # samples that grpo compares, of as many times fewer tasks
ROWS=${ROWS:-fewest-steps everything latest random longest k-per-task continue one-large-round reinforce reinforce-baseline grpo iw-sft iw-sft-token dft false-accepts false-rejects}
TABLES=${TABLES:-samples tokens}
folder=${1:-runs/ablations-$TASKS}

# A row's options. The generations of the others learn from the samples of as many deployments as there are fine-tunings;
# one large round has them all at once.
options() {
    case $1 in
        fewest-steps) ;;
        everything | latest | random | longest) echo --curator "$1" ;;
        k-per-task) echo --curator k-per-task:3 ;;
        one-large-round) echo --generations 1 --samples "$GENERATIONS" ;;
        reinforce | reinforce-baseline) echo --trainer "$1" --trainer-epochs 1 --trainer-min-steps 1 ;;
        grpo) echo --trainer grpo --trainer-epochs 1 --trainer-min-steps 1 --samples "$GROUP" --tasks $((TASKS / GROUP)) ;;
        continue | iw-sft | iw-sft-token | dft) echo --trainer "$1" ;;
        false-accepts) echo --verifier-false-accepts 0.1 ;;
        false-rejects) echo --verifier-false-rejects 0.1 ;;
        *) echo "ablations: no row '$1'" >&2; exit 2 ;;
    esac
}

# What a table adds to a row: nothing, or the tokens of a fine-tuning; one large round has those of all at once.
budget() {
    [ "$1" = tokens ] || return 0
    [ "$2" = one-large-round ] && echo --trainer-tokens $((TOKENS * GENERATIONS)) || echo --trainer-tokens "$TOKENS"
}

learns_from_rewards() { case $1 in reinforce | reinforce-baseline | grpo) true ;; *) false ;; esac }

# Makes or finishes a run; one that cannot be made (a trainer that finds nothing to learn, say) is noted and the others go on.
make() {
    local run=$1 seed=$2; shift 2
    [ ! -f "$run/report.html" ] || return 0
    local resume=() status=0
    [ ! -f "$run/run.yaml" ] || resume=(--resume)
    echo "ablations: $run"
    "$here/outerloop" run "$folder/common.yaml" --seed "$seed" "$@" "${resume[@]}" --out "$run" >/dev/null || status=$?
    [ "$status" -ne 130 ] || exit 130
    [ "$status" -eq 0 ] || echo "$run: exit code $status" >>"$folder/failed"
}

# Valid traces of the last generation on the pool, over all domains; of a run that failed, those of its last deployment.
score() {
    "$here/outerloop" report "$1" --csv "$1/figures" >/dev/null 2>&1 || true
    cat "$1"/figures/*-outcomes.csv 2>/dev/null | tr -d '\r' | awk -F, '
        $1 == "generation" { sum += last; last = 0 } $2 == "valid" { last = $3 } END { print sum + last }'
}

# The learning rate that solves most of the search's pool, in this table.
best_rate() {
    local table=$1 row=$2 rate
    for rate in $RATES; do
        echo "$(score "$folder/search/$table/$row/rate-$rate") $rate"
    done | sort -g | tail -n 1 | cut -d ' ' -f 2
}

search() {
    local table=$1 row=$2 rate
    for rate in $RATES; do
        make "$folder/search/$table/$row/rate-$rate" "$SEARCH_SEED" $(options "$row") $(budget "$table" "$row") --trainer-learning-rate "$rate" --held-out 0 --larger 0
    done
}

# What the runs have in common; a folder must not mix runs of other settings.
mkdir -p "$folder"
common=$(printf '%s\n' \
    "# tokens $TOKENS, search on seed $SEARCH_SEED, groups of $GROUP" \
    "domains: ${DOMAINS// /,}" "policy: $POLICY" "tasks: $TASKS" "heldOut: $HELD_OUT" "larger: $LARGER" "generations: $GENERATIONS")
if [ -f "$folder/common.yaml" ] && [ "$(cat "$folder/common.yaml")" != "$common" ]; then
    echo "ablations: $folder has runs of other settings (see its common.yaml); name another folder" >&2
    exit 2
fi
echo "$common" >"$folder/common.yaml"
rm -f "$folder/failed" "$folder/rates"

for table in $TABLES; do
    for row in $ROWS; do
        rate=()
        if learns_from_rewards "$row"; then
            search "$table" "$row"
            rate=(--trainer-learning-rate "$(best_rate "$table" "$row")")
            echo "$table $row: learning rate ${rate[1]} of $RATES" >>"$folder/rates"
        fi
        for seed in $SEEDS; do
            make "$folder/$table/$row/seed-$seed" "$seed" $(options "$row") $(budget "$table" "$row") "${rate[@]}"
        done
    done
done

for table in $TABLES; do
    echo "equal $table"
    runs=()
    for row in $ROWS; do
        for seed in $SEEDS; do
            [ ! -f "$folder/$table/$row/seed-$seed/store.sqlite" ] || runs+=("$folder/$table/$row/seed-$seed")
        done
    done
    "$here/outerloop" compare --group "${runs[@]}"
done
[ ! -f "$folder/rates" ] || cat "$folder/rates"
[ ! -f "$folder/failed" ] || { echo "not finished:"; cat "$folder/failed"; exit 3; }

#!/usr/bin/env bash
# Explains every report in a folder: one line for each on the screen, the whole answer of each as JSON beside it.
set -euo pipefail
shopt -s nullglob

if [[ $# -lt 1 || ! -d $1 ]]; then
  echo "usage: ${0##*/} FOLDER [OUT] – FOLDER holds the reports that Amazon handed out" >&2
  exit 2
fi
folder=$1
out=${2:-answers}
mkdir -p "$out"

count=0
broken=0
printf '%-24s  %8s  %-26s  %s\n' report messages who codes
for report in "$folder"/*; do
  [[ -f $report ]] || continue
  name=${report##*/}
  answer=$out/$name.json
  count=$((count + 1))
  code=0
  catalog-route report --json "$report" > "$answer" 2> "$answer.log" || code=$?
  # 5: the report breaks somewhere; what was read before that is in the answer, if there was anything.
  if [[ $code -ne 0 && $code -ne 5 ]]; then
    cat "$answer.log" >&2
    exit "$code"
  fi
  [[ $code -eq 0 ]] || broken=$((broken + 1))
  if [[ ! -s $answer ]]; then
    rm "$answer"
    printf '%-24s  %8s  %s\n' "$name" - "$(head -n 1 "$answer.log")"
    continue
  fi
  [[ -s $answer.log ]] || rm "$answer.log"
  # shellcheck disable=SC2016
  jq -r '[
    .messages,
    (.recommendation | if .alone then "you, without a case" else .recommended.name // "nobody to name" end),
    ([.codes[] | select(.own > 0) | .code] | unique | join(" "))
  ] | @tsv' "$answer" | while IFS=$'\t' read -r messages who codes; do
    printf '%-24s  %8s  %-26s  %s\n' "$name" "$messages" "$who" "$codes"
  done
done
echo "$count reports, $broken of them not read to their end"
[[ $broken -eq 0 ]] || exit 5

#!/usr/bin/env bash
# Compares the contract with that of the newest release, the last tag v*: a field that callers use
# may not change its number, its type or its name. Without a release there is nothing to break.
set -euo pipefail
cd "$(dirname "$0")"

tag=$(git -c versionsort.suffix=- tag --list 'v*' --sort=-version:refname | head -n 1)
if [[ -z $tag ]]; then
  echo 'no released contract yet'
  exit 0
fi

released=$(mktemp -d)
trap 'rm -rf "$released"' EXIT
git -C .. archive "$tag" proto | tar -x -C "$released"
buf breaking --against "$released/proto"
echo "nothing breaks the contract of $tag"

#!/usr/bin/env bash
# Install those of the named Debian packages that this machine lacks. Does nothing where all are there.
set -euo pipefail
missing=()
for package in "$@"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

command -v apt-get >/dev/null || {
  echo "Please install by hand: ${missing[*]} (this machine has no apt-get)" >&2
  exit 1
}
sudo=""
[ "$(id -u)" -eq 0 ] || sudo=sudo
echo "Installing from Debian: ${missing[*]}…"
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
$sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null

#!/usr/bin/env bash
# Make the virtual environment and install what requirements.lock pins, by hash. Safe to run again.
set -euo pipefail
cd "$(dirname "$0")/.."
unset VIRTUAL_ENV
python=${PYTHON:-python3}

"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null || {
  echo "Jalon needs Python 3.11 or newer as \"$python\"; name another with PYTHON=/path/to/python3.11 make run" >&2
  exit 1
}
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
  # Debian ships Python without venv; the package has the version in its name.
  scripts/debian-packages.sh "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
fi
if [ ! -x .venv/bin/python ]; then
  echo "Making the virtual environment…"
  "$python" -m venv .venv
fi
[ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
echo "Installing the dependencies…"
# A machine with another Python than the locked one resolves the same pins without their hashes.
.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements.lock ||
  .venv/bin/uv pip install --quiet --python .venv/bin/python -e '.[postgres]' --group dev
.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps -e .
touch .venv/installed

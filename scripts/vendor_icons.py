"""Build the sprite of icons from an unpacked `lucide-static` package: `python scripts/vendor_icons.py PACKAGE`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent / "src" / "jalon" / "figures" / "static" / "jalon" / "icons"


def main(package: Path) -> int:
    """Write sprite.svg with the icons that names.txt lists; exit 1 and say which are missing, if any."""
    symbols, missing = [], []
    for name in (HERE / "names.txt").read_text().split():
        source = package / "icons" / f"{name}.svg"
        if not source.exists():
            missing.append(name)
            continue
        drawn = re.search(r"<svg[^>]*>(.*)</svg>", source.read_text(), re.S)
        assert drawn is not None
        inside = re.sub(r"\s+", " ", drawn[1]).replace(" />", "/>").replace("> <", "><").strip()
        symbols.append(f'<symbol id="i-{name}" viewBox="0 0 24 24">{inside}</symbol>')
    note = "<!-- Lucide, ISC licence: see LICENSE-lucide -->"
    (HERE / "sprite.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg">{note}\n' + "\n".join(symbols) + "\n</svg>\n"
    )
    if missing:
        print("missing:", " ".join(missing))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

"""Fetch the vendored browser code anew from npm, unchanged: ``python lessons_lib/vendor/refresh.py``.

For maintainers only (needs npm). The course itself never runs this: it uses the files beside it.
To move to another version, change it in `FILES`, run this, and put the new checksums into
``tests/charts/test_vendor.py`` and the two README files. Vega's version must stay the one that
vl-convert compiles for (``vl_convert.get_vega_version()``).
"""

import subprocess
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

FILES = {
    "vega@6.2.0": {
        "build/vega.min.js": "lessons_lib/vendor/vega.min.js",
        "LICENSE": "lessons_lib/vendor/LICENSE-vega.txt",
    },
    "axe-core@4.14.1": {
        "axe.min.js": "tests/browser/vendor/axe.min.js",
        "LICENSE": "tests/browser/vendor/LICENSE-axe-core.txt",
        "LICENSE-3RD-PARTY.txt": "tests/browser/vendor/LICENSE-axe-core-3RD-PARTY.txt",
    },
}
"""For each npm package the files that are taken, and where they go."""


def refresh() -> None:
    """Write every file of `FILES` from its package."""
    with tempfile.TemporaryDirectory() as folder:
        for package, files in FILES.items():
            command = ["npm", "pack", "--silent", package]
            packed = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
            with tarfile.open(Path(folder) / packed.stdout.split()[-1]) as archive:
                for source, target in files.items():
                    member = archive.extractfile(f"package/{source}")
                    (ROOT / target).write_bytes(member.read())


if __name__ == "__main__":
    refresh()

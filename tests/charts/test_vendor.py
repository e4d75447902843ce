import hashlib
from pathlib import Path

import pytest
import vl_convert

ROOT = Path(__file__).resolve().parents[2]
CHECKSUMS = {
    "lessons_lib/vendor/vega.min.js": (
        "ea6a5936381d06f912466354e2b6a20eb66c4d41f1ca9dff1e0236dfee6ee392"
    ),
    "tests/browser/vendor/axe.min.js": (
        "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
    ),
}


@pytest.mark.parametrize("path", CHECKSUMS)
def test_vendored_files_are_the_published_ones(path):
    content = (ROOT / path).read_bytes().replace(b"\r\n", b"\n")
    assert hashlib.sha256(content).hexdigest() == CHECKSUMS[path]


def test_the_page_draws_with_the_vega_that_charts_are_compiled_for():
    source = (ROOT / "lessons_lib/vendor/vega.min.js").read_text(encoding="utf-8")
    assert f'"{vl_convert.get_vega_version()}"' in source


def test_each_vendored_file_comes_with_its_licence():
    for folder in {(ROOT / path).parent for path in CHECKSUMS}:
        assert list(folder.glob("LICENSE*"))
        assert (folder / "README.md").exists()

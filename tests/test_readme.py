"""What the README says stands in the repository."""

import re
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_notebook_is_listed_and_every_listed_one_exists():
    listed = set(re.findall(r"`(\d\d_\w+)`", README))
    assert listed == {path.stem for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")}


def test_every_dependency_says_what_it_is_for():
    table = README.split("### What the course depends on")[1].split("\n## ")[0]
    for line in (ROOT / "requirements.in").read_text(encoding="utf-8").splitlines():
        wanted = line.split("#")[0].strip()
        if wanted and "not used itself" not in line:
            name = canonicalize_name(Requirement(wanted).name)
            assert name in table.lower(), f"the README does not say what {name} is for"


def test_links_within_the_repository_lead_somewhere():
    for page in [*ROOT.glob("*.md"), *(ROOT / "lessons_lib").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_binder_badge_opens_jupyterlab_on_the_start_notebook():
    assert README.count("OWNER/NAME") == 1, "the placeholder stands in one place"
    assert "urlpath=lab/tree/my_course/00_start_here.ipynb" in README
    assert (ROOT / "notebooks" / "00_start_here.ipynb").exists()

"""The certificate: what was changed on it shows, and a figure that was made up shows when graded again."""

import re
import subprocess
import sys
from datetime import date
from html.parser import HTMLParser

import pytest

from lessons_lib import capstone
from lessons_lib.record import certificate as cert
from lessons_lib.record.progress import current

WORDS = 'Few ask for <new> words & "old" ones.\n\n  A table, then the model.'


@pytest.fixture(scope="module")
def grades():
    """A hybrid, and a static design that is never refreshed."""
    forecast = capstone.Forecast(p99=0.5, cost=3.0, coverage=0.99)
    never = capstone.Design(table_size=300, refresh=float("inf"))
    shop = capstone.WORLDS["shop"]
    return [
        capstone.submit("shop", shop.example(), forecast, WORDS),
        capstone.submit("catalogue", never, forecast, ""),
    ]


@pytest.fixture
def data(grades):
    current().record("exercise", "l05_key", outcome="pass")
    return cert.contents("Ada Example", grades, date(2026, 3, 9))


@pytest.fixture
def text(data):
    return cert.markup(data)


def test_it_holds_and_says_what_was_graded(text, data, grades):
    assert cert.read(text) == data
    shown = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    for one in grades:
        assert f"{one.grade:g} of 100" in re.sub(r"<[^>]+>", "", shown)
        assert one.submission in shown
    assert "Few ask for &lt;new&gt; words &amp;" in shown
    assert "1 of 4" in re.search(r"05 Serve.*?</tr>", shown, re.DOTALL)[0], "the course so far"


def figures(text):
    """Each number on the page that is not part of its style."""
    body = text.index("<main>")
    return [m for m in re.finditer(r"\d+(?:\.\d+)?", text[body:])], body


def test_any_number_that_is_changed_shows(text):
    found, body = figures(text)
    assert len(found) > 150
    for match in found[::7]:
        at = body + match.end() - 1
        changed = text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :]
        with pytest.raises(cert.Changed):
            cert.read(changed)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Ada Example", "Bob Example"),
        ("2026-03-09", "2026-03-10"),
        ("the model", "the Model"),
        ("Grade <strong>", "Grade: <strong>"),
        ("</main>", "<p>Best of the year</p></main>"),
        ('"name": "Ada', '"name": "Eve'),
        ("Exercises passed", "Exercises passed well"),
    ],
)
def test_any_word_that_is_changed_shows(text, old, new):
    assert old in text
    for changed in (text.replace(old, new), text.replace(old, new, 1)):
        with pytest.raises(cert.Changed):
            cert.read(changed)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "no certificate"),
        ("<html></html>", "no certificate"),
        ('<script type="application/json" id="data">{"form": 0}</script>', "another version"),
        ('<script type="application/json" id="data">{"form": 1}</script>', "can no longer be read"),
        ('<script type="application/json" id="data">[1]</script>', "can no longer be read"),
        ('<script type="application/json" id="data">{"fo</script>', "can no longer be read"),
    ],
)
def test_what_is_no_certificate_is_told(content, told):
    with pytest.raises(cert.Changed, match=told):
        cert.read(content)


def test_line_ends_of_another_system_do_no_harm(text):
    assert cert.read(text.replace("\n", "\r\n"))


def test_a_whole_page_of_made_up_figures_shows_when_graded_again(data, tmp_path):
    data["graded"][0]["figures"]["value"] *= 1 + 1e-12  # what another machine may do
    data["graded"][1]["submission"] = "0" * 16  # as of a router: its code went into the sum as well
    path = tmp_path / "one.html"
    path.write_text(cert.markup(data), encoding="utf-8")
    holds, line = cert.check(str(path), again=True)
    assert holds
    assert "1 graded again, 1 of a router left out" in line
    data["graded"] = data["graded"][:1]
    data["graded"][0]["grade"] = 99.0
    made_up = cert.read(
        cert.markup(data)
    )  # who reads the course's code can make a page that is whole
    with pytest.raises(
        cert.Changed, match=r"graded again, design 1 has grade .*, and it says 99.0"
    ):
        cert.regrade(made_up)


@pytest.mark.parametrize(
    ("path", "name", "given", "told"),
    [
        ("a.html", "Ada", [], "submit a design first"),
        ("a.pdf", "Ada", None, "end it in .html"),
        ("a.html", "A" * 81, None, "81 letters"),
    ],
)
def test_what_cannot_be_written_is_refused(tmp_path, grades, path, name, given, told):
    with pytest.raises(ValueError, match=told):
        cert.certificate(tmp_path / path, name, grades if given is None else given)
    assert list(tmp_path.iterdir()) == []


def test_folders_and_files_are_checked_one_line_each(tmp_path, grades, capsys):
    for who in ("Ada", "Bob"):
        cert.certificate(tmp_path / "room" / f"{who}.html", f"  {who}\n Example ", grades)
    assert cert.main([str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["holds", "holds"]
    assert "Ada Example, " in lines[0]
    bad = tmp_path / "room" / "Bob.html"
    bad.write_text(bad.read_text(encoding="utf-8").replace("Bob", "Eve"), encoding="utf-8")
    (tmp_path / "photo.html").write_bytes(b"\xff\xfe\x00")
    assert cert.main([str(tmp_path), str(tmp_path / "lost.html")]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["fails", "holds", "fails", "fails"]
    assert "something was changed" in lines[2]
    (tmp_path / "empty").mkdir()
    assert cert.main([str(tmp_path / "empty")]) == 1


def test_a_name_steers_neither_the_page_nor_the_terminal(tmp_path, grades):
    path = cert.certificate(tmp_path / "one.html", "Ad\x1b[2Ja \u202e Example<b>", grades[:1])
    holds, line = cert.check(str(path))
    assert holds
    assert "Ad [2Ja Example<b>, " in line
    assert "Ad [2Ja Example&lt;b&gt;" in path.read_text(encoding="utf-8")


def test_a_router_that_was_refused_has_a_certificate_that_says_so(tmp_path, grades):
    def refused(table, model, clock):
        raise KeyError("nothing")

    one = grades[0]
    found = capstone.submit("shop", one.design, one.forecast, "", router=refused)
    path = cert.certificate(tmp_path / "one.html", "", [found])
    text = path.read_text(encoding="utf-8")
    assert cert.read(text)
    assert "Not allowed: " in text
    assert "(no name was given)" in text


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.outside = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.outside += [v for k, v in attrs if k in ("src", "href")]


def test_the_page_stands_alone_and_has_its_landmarks(text):
    page = Page(text)
    assert page.outside == []
    names = [tag for tag, _ in page.tags]
    assert ("html", {"lang": "en"}) in page.tags
    assert names.count("h1") == names.count("main") == names.count("title") == 1
    assert {attrs.get("scope") for tag, attrs in page.tags if tag == "th"} == {"col", "row"}
    assert names.count("table") == names.count("caption")
    assert "@media print" in text


def test_the_module_is_a_command_of_its_own(tmp_path, grades):
    path = cert.certificate(tmp_path / "one.html", "Ada", grades[:1])
    command = [sys.executable, "-m", "lessons_lib.record.certificate", str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout.split()[0], done.stderr) == (0, "holds", "")

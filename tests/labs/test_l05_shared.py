"""The price of a look-up is told for the stores that are there."""

from lessons_lib.labs import l05_shared as shared


def test_the_price_of_a_missing_server_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr("shutil.which", lambda name: None)
    prices = shared.shared_and_own(tmp_path)
    assert "for 500 at once" in prices["SQLite, a file of this machine"]
    assert "no redis-server" in prices["Redis, a server on this machine"]

"""Evidence does not name the folders of the machine that made it."""

from pathlib import Path

import pytest

from overt.evidence.places import Places
from overt.evidence.redact import Redactor


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/srv/shop/.venv/bin/python", ".venv/bin/python"),
        ("in /srv/shop", "in ."),
        ("file:///srv/shop/site/index.html", "file://site/index.html"),
        ('File "/srv/shop/a.py", line 3', 'File "a.py", line 3'),
        ("/srv/shopping/a.py and /srv/shop-2/b.py", "/srv/shopping/a.py and /srv/shop-2/b.py"),
        ("/mnt/srv/shop/a.py", "/mnt/srv/shop/a.py"),
        ("/home/ann/.cache/x", "~/.cache/x"),
        ("/srv/shop/a.py:/home/ann/b.py", "a.py:~/b.py"),
    ],
)
def test_folders_are_shortened_where_they_are_whole_names(text: str, expected: str) -> None:
    """A name that only begins alike is somebody else's."""
    assert Places({"/srv/shop": "", "/home/ann": "~"}).text(text) == expected


def test_the_root_below_home_is_the_root() -> None:
    """The longer folder wins."""
    assert Places({"/home/ann": "~", "/home/ann/shop": ""}).text("/home/ann/shop/a.py") == "a.py"


def test_a_root_folder_of_the_system_is_no_place() -> None:
    """A project in `/` or a home of `/` leaves text as it is."""
    assert Places({"/": "", "": "~"}).text("/usr/bin/env") == "/usr/bin/env"


def test_the_redactor_shortens_with_or_without_links(tmp_path: Path) -> None:
    """A folder reached through a link is known by both of its names."""
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    redactor = Redactor({"HOME": "/home/ann"}, link)
    assert redactor.text(f"{real}/a.py {link}/b.py /home/ann/c") == "a.py b.py ~/c"

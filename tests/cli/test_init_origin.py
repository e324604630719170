"""The CI job of an adopted project installs the overt that adopted it."""

from __future__ import annotations

import json

import pytest

from overt.cli.init_origin import own_origin, read_origin

URL = "https://git.example.org/overt"


@pytest.mark.parametrize(
    ("told", "requirement"),
    [
        ({"url": URL, "vcs_info": {"vcs": "git", "commit_id": "c0ffee"}}, f" @ git+{URL}@c0ffee"),
        ({"url": f"{URL}/overt-1.whl", "archive_info": {}}, f" @ {URL}/overt-1.whl"),
        ({"url": "file:///home/me/overt", "dir_info": {"editable": True}}, "==1.2.3"),
        ({"url": "file:///home/me/overt", "vcs_info": {"vcs": "git", "commit_id": "c0ffee"}}, "==1.2.3"),
        ({"url": URL, "vcs_info": {"vcs": "git"}}, "==1.2.3"),
        ({"url": URL, "dir_info": {}}, "==1.2.3"),
        ({}, "==1.2.3"),
        ([], "==1.2.3"),
        (None, "==1.2.3"),
    ],
)
def test_what_pip_wrote_down_decides(told: object, requirement: str) -> None:
    """An address is used with its commit; what came from a folder is said to have no place elsewhere."""
    origin = read_origin(json.dumps(told), "1.2.3")
    assert origin.requirement == f"overt[site,validate]{requirement}"
    assert bool(origin.note) is (requirement == "==1.2.3")
    assert "/home/me" not in origin.note


def test_from_an_index_there_is_nothing_to_say() -> None:
    """And what cannot be read is not taken for an index."""
    assert read_origin(None, "1.2.3").note == ""
    assert read_origin("no json", "1.2.3").note


def test_the_overt_that_runs_has_an_origin() -> None:
    """However it was installed for these tests."""
    assert own_origin("1.2.3").requirement.startswith("overt[site,validate]")

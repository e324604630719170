"""Who reads a flag is found through constants, wrappers and tables; who only names it is no reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from overt.lint.flag_readers import FlagReads, flag_reads

FLAGS = ("new-cart", "new-search")

READ = {
    "a text": 'flags.enabled("new-cart")',
    "a named argument": 'flags.enabled(flag="new-cart", key=user)',
    "a switch": 'switches = {"cart": flags.switch("new-cart")}',
    "a guard": 'cart = flags.guard("new-cart", new=one, legacy=two)',
    "a guard by class": 'cart = Guard(flags, "new-cart", new=one, legacy=two)',
    "OpenFeature": 'client.get_boolean_value("new-cart", False)',
    "OpenFeature, async": 'await client.get_float_details_async(flag_key="new-cart", default_value=0.0)',
    "a constant": 'CART = "new-cart"\nflags.enabled(CART)',
    "a typed constant": 'CART: Final = "new-cart"\nflags.enabled(names.CART)',
    "an enumeration": 'class Names(Enum):\n    CART = "new-cart"\nflags.enabled(Names.CART)',
    "a declared flag": 'CART = Flag("new-cart", owner="shop")\nflags.enabled(CART)',
    "a text put together": 'flags.enabled(f"new-{what}")',
    "a table in the same file": 'TABLE = {"cart": "new-cart"}\nfor name in TABLE.values():\n    flags.enabled(name)',
    "a wrapper": 'def is_on(user, name):\n    return flags.enabled(name, user)\n\nis_on(user, "new-cart")',
    "a wrapper of a wrapper": (
        "def is_on(name):\n    return flags.enabled(name)\n"
        'def shown(name):\n    return is_on(name)\nshown(name="new-cart")'
    ),
    "a method": (
        'class Shop:\n    def is_on(self, name):\n        return self.flags.enabled(name)\nShop().is_on("new-cart")'
    ),
    "an object that holds it": (
        "class Feature:\n    def __init__(self, flags, name):\n        self.name = name\n"
        '    def on(self):\n        return flags.enabled(self.name)\nFeature(flags, "new-cart")'
    ),
}

NOT_READ = {
    "nothing": "",
    "a declaration": 'Flag("new-cart", owner="shop")\nStage(1, "cart", ["new-cart"])',
    "a comment": '# flags.enabled("new-cart")',
    "a docstring": 'def f():\n    """flags.enabled("new-cart")"""',
    "a change": 'flags.enable("new-cart")\nflags.set("new-cart", True)',
    "another flag": 'flags.enabled("new-search")',
    "a table that nobody looks into": 'TABLE = ["new-cart"]',
}


def look(root: Path, **files: str) -> FlagReads:
    """Return what a project of these modules reads."""
    for name, text in files.items():
        (root / f"{name}.py").write_text(text)
    return flag_reads(root, sorted(f"{name}.py" for name in files), FLAGS)


@pytest.mark.parametrize("text", READ.values(), ids=READ)
def test_a_reader_is_found(tmp_path: Path, text: str) -> None:
    """However the name gets there."""
    reads = look(tmp_path, shop=text)
    assert {place.path for place in reads.readers["new-cart"]} == {"shop.py"}
    assert reads.undeclared == ()


@pytest.mark.parametrize("text", NOT_READ.values(), ids=NOT_READ)
def test_what_only_names_a_flag_is_no_reader(tmp_path: Path, text: str) -> None:
    """Else a flag that nothing reads would seem to be in use."""
    assert look(tmp_path, shop=text).readers["new-cart"] == ()


def test_names_are_followed_from_file_to_file(tmp_path: Path) -> None:
    """The constant in one, the wrapper in another, the call in a third: that is the reader, with its line."""
    reads = look(
        tmp_path,
        names='CART = "new-cart"',
        asking="def is_on(name):\n    return flags.enabled(name)",
        shop="from names import CART\n\nif is_on(CART):\n    pass",
        other='name = "something else"\nLOOSE = ["new-search"]',
    )
    assert [str(place) for place in reads.readers["new-cart"]] == ["shop.py:3"]
    assert reads.readers["new-search"] == ()
    assert reads.files == 4


def test_names_that_no_flag_has_are_told_with_the_nearest(tmp_path: Path) -> None:
    """But not what is enabled or switched elsewhere, and not flags that the code declares itself."""
    reads = look(
        tmp_path,
        shop='CART = "new-crat"\n'
        "flags.enabled(CART)\n"
        'my_flags.enabled("entirely-else")\n'
        'plugin.enabled("markdown")\nenabled("new-car")\n',
        making='Flag("own-search", owner="shop")\nmake(Flag(name) for name in NAMES)\nflags.enabled("other")\n',
        using='flags.enabled("own-search")',
    )
    assert [(name, str(place), near) for name, place, near in reads.undeclared] == [
        ("entirely-else", "shop.py:3", ""),
        ("new-crat", "shop.py:2", "new-cart"),
    ]


def test_tests_are_no_readers_and_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    """A program that only its tests ask does not use the flag."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "helper.py").write_text('flags.enabled("new-cart")')
    (tmp_path / "test_shop.py").write_text('flags.enabled("new-cart")')
    (tmp_path / "broken.py").write_bytes(b"def (\x00")
    files = ["tests/helper.py", "test_shop.py", "broken.py", "gone.py", "notes.md"]
    reads = flag_reads(tmp_path, files, FLAGS)
    assert reads.readers["new-cart"] == ()
    assert (reads.files, reads.unreadable) == (2, ("broken.py", "gone.py"))

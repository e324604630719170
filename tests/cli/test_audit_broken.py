"""Documents that hold, and the code below them changed on purpose: the audit fails each time."""

from __future__ import annotations

from pathlib import Path

import pytest

from overt.cli.main import main

FILES = {
    "pyproject.toml": '[project]\nname = "shop"\n[project.scripts]\nshop = "shop.cli:main"\n',
    "src/shop/__init__.py": "def order(item):\n    return item\n",
    "src/shop/cli.py": "import argparse\nimport os\n\nDEPTH = os.environ.get('SHOP_DEPTH')\n\n\ndef main():\n"
    "    parser = argparse.ArgumentParser()\n    parser.add_argument('--fast')\n    parser.parse_args()\n",
    "scripts/restock.sh": "true\n",
    "Makefile": "stock:\n\ttrue\n",
    "mix.exs": "defmodule Shop.MixProject do\n  use Mix.Project\n  def project, do: [app: :shop, aliases: aliases()]\n"
    '  defp aliases do\n    [restock: ["run"]]\n  end\nend\n',
    "lib/shop.ex": "defmodule Shop do\n  def sell(item, count \\\\ 1), do: "
    ":ets.insert(:shop_sold, {item, count})\nend\n",
    "docs/guide.md": "# Guide\n\nCall `shop.order`, or `Shop.sell/1`; what is sold is in the table `:shop_sold`.\n"
    "`SHOP_DEPTH` is an environment variable.\n\n```sh\n./scripts/restock.sh\nshop --fast x\nmake stock\n"
    "mix restock\n```\n\nSee [more](more.md#how).\n",
    "docs/more.md": "# More\n\n## How\n\nOf 40 items 30 are sold (75 %).\n",
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project whose documents hold."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_the_documents_hold_as_they_are(shop: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Else the tests below would prove nothing."""
    assert main(["audit", "-C", str(shop), "--strict"]) == 0
    assert "9 proved" in capfd.readouterr().out


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("src/shop/__init__.py", "def order", "def place"),
        ("src/shop/cli.py", "--fast", "--quick"),
        ("src/shop/cli.py", "SHOP_DEPTH", "SHOP_DEEP"),
        ("lib/shop.ex", "def sell", "def sold"),
        ("lib/shop.ex", "count \\\\ 1", "count"),
        ("lib/shop.ex", ":shop_sold", ":sales"),
        ("mix.exs", "restock:", "refill:"),
        ("Makefile", "stock:", "store:"),
        ("docs/more.md", "## How", "## Why"),
        ("docs/more.md", "75 %", "80 %"),
    ],
)
def test_a_changed_name_or_number_is_found(
    shop: Path, capfd: pytest.CaptureFixture[str], path: str, before: str, after: str
) -> None:
    """A function, an option, a variable, an arity, an atom, an alias, a target, a heading, a number."""
    text = (shop / path).read_text()
    assert before in text
    (shop / path).write_text(text.replace(before, after))
    assert main(["audit", "-C", str(shop), "--strict"]) == 1
    capfd.readouterr()


@pytest.mark.parametrize("path", ["scripts/restock.sh", "src/shop/cli.py", "docs/more.md"])
def test_a_removed_file_is_found(shop: Path, capfd: pytest.CaptureFixture[str], path: str) -> None:
    """A script, the module behind a command, a page."""
    (shop / path).unlink()
    assert main(["audit", "-C", str(shop), "--strict"]) == 1
    capfd.readouterr()

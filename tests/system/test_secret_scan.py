"""One look at many lines says what masking them one by one would do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.system.secret_scan import holds_secret
from overt.system.secret_shapes import FAMILIES, masked

RUN = "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hI5kL7nO9"
HEX = "0123456789abcdef" * 3
SAMPLES = (
    f"ghp_{RUN}",
    f"ghs_{RUN}",
    f"github_pat_{RUN}",
    f"glpat-{RUN}",
    "AKIA" + "ABCDEFGH12345678",
    f"xoxb-{RUN}",
    f"xapp-{RUN}",
    f"hooks.slack.com/services/{RUN}",
    f"sk_live_{RUN}",
    f"rk_test_{RUN}",
    f"whsec_{RUN}",
    f"AIza{RUN}",
    f"ya29.{RUN}",
    f"GOCSPX-{RUN}",
    f"npm_{RUN}",
    f"pypi-{RUN}",
    f"sk-proj-{RUN}",
    f"sk-{RUN}",
    f"hf_{RUN}",
    f"dop_v1_{HEX}",
    f"SG.{RUN}.{RUN}",
    f"eyJ{RUN}",
    "https://ann:hunter22@example.org",
    "Authorization: Basic aGVsbG8gd29ybGQ",
    "bearer a1b2c3d4e5f6",
    "password=hunter22",
    "passwd: hunter22",
    "passphrase := hunter22x",
    "pwd='hunter22'",
    "client_secret_base64 => hunter22",
    "token: hunter22",
    'my["api_key"] = "hunter22"',
    "aws_secret_access_key=hunter22hunter22",
    "Credential=hunter22",
    "-----BEGIN RSA PRIVATE KEY-----",
)
HARMLESS = (
    "test:unit:tests.test_token::test_key_is_secret",
    "tests/test_password.py::test_pwd[a-b]",
    "tests.test_authorization::test_login_of_people",
    "tests.test_token::test_key::test_secret_sk-test_live",
    "the token is asked for",
    "a monkey and a keyboard",
    "GH_ and AKIA and eyJ and sk- and ://",
    "token: str",
    "password=...",
    "İstanbul",
)


@pytest.mark.parametrize("secret", SAMPLES, ids=[f"sample {number}" for number in range(len(SAMPLES))])
def test_a_secret_is_seen_among_many_lines(secret: str) -> None:
    """First, last, in the middle, and glued to other words."""
    assert masked(secret) != secret
    for text in (secret, f"a\n{secret}\nb", f"x {secret}", f"{secret}\n" + "test_total\n" * 50):
        assert holds_secret(text), text


def test_every_family_has_a_sample() -> None:
    """The list above leaves out none of what is masked."""
    alone = [family for family in FAMILIES if any(family.mask(sample) != sample for sample in SAMPLES)]
    assert len(alone) == len(FAMILIES)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_one_is_passed_over(text: str) -> None:
    """Words alone are no secret, and no reason to mask thousands of lines one by one."""
    assert not holds_secret(f"a\n{text}\nb")


PIECES = st.sampled_from([*SAMPLES, *HARMLESS, "=", ":", "::", '"', "'", " ", "\t", "_", "-", "key", "token", "x", "K"])


@given(st.lists(st.lists(PIECES, max_size=4).map("".join), max_size=5))
def test_it_says_what_masking_line_by_line_would_do(lines: list[str]) -> None:
    """Whatever stands beside whatever."""
    changed = any(masked(line) != line for line in lines)
    assert holds_secret("\n".join(lines)) or not changed
    if all(line and line[-1] not in " \t:=" for line in lines) and "BEGIN" not in "".join(lines):
        assert holds_secret("\n".join(lines)) == changed

"""Secrets are taken out, everything else stays."""

from __future__ import annotations

import hashlib
import time
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overt.evidence.redact import Redactor, looks_secret

PLAIN = Redactor({})
# Put together here, so that no scanner takes this file for a leak.
SECRETS = {
    "github": "gh" + "p_" + "a1B2c3D4" * 4 + "e5F6",
    "github-fine": "github" + "_pat_" + "11ABCDEFG0" * 8,
    "gitlab": "glp" + "at-" + "x9Y8z7W6v5U4t3S2r1Q0",
    "aws": "AK" + "IA" + "IOSFODNN7EXAMPLE",
    "slack": "xo" + "xb-" + "123456789012-abcdefABCDEF",
    "slack-app": "xa" + "pp-" + "1-A0123456-9876543210-abcdef",
    "stripe": "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "stripe-hook": "wh" + "sec_" + "abcdefghijABCDEFGHIJ12",
    "google": "AI" + "za" + "SyA1234567890abcdefghijklmnopqrstuv",
    "google-oauth": "ya" + "29." + "a0AfH6SMBx_0123456789",
    "npm": "np" + "m_" + "abcdefghijklmnopqrstuvwxyz0123456789",
    "pypi": "py" + "pi-" + "AgEIcHlwaS5vcmcC" * 4,
    "openai": "s" + "k-proj-" + "abcdefghijklmnopqrstuvwxyz",
    "huggingface": "h" + "f_" + "abcdefghijklmnopqrstuvwxyzABCDEFGH",
    "sendgrid": "S" + "G." + "abcdefghijklmnopqrstuv.abcdefghijklmnopqrstuvwxyz",
    "jwt": "ey" + "JhbGciOiJIUzI1NiJ9.ey" + "JzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
}
HARMLESS = [
    hashlib.sha256(b"x").hexdigest(),
    hashlib.sha1(b"x").hexdigest(),
    "sha256:" + hashlib.sha256(b"y").hexdigest(),
    str(uuid.UUID(int=0x1234567890ABCDEF1234567890ABCDEF)),
    "tests/test_token.py::TestToken::test_secret_key[password-8]",
    "tests/test_password.py::test_reset",
    "src/overt/evidence/redact.py:12:5",
    "/usr/lib/python3.11/site-packages/keyring/backends/secret.py",
    "def login(user: str, password: str, token: str = '') -> None:",
    "token = make_token(user)",
    "password = os.environ['DB_PASSWORD']",
    "assert token == expected",
    "secret := compute(1)",
    "token: the thing that a parser reads",
    "max_tokens=4096, tokenizer=bert-base-uncased",
    "https://docs.python.org/3/library/secrets.html#module-secrets",
    "http://localhost:8000/path@2x.png",
    "git@github.com:shop/shop.git",
    "the bearer of this letter",
    "basic internationalization of the keyboard",
    "task-force sk-estimator-doc-link-fitted-state",
    "password=${DB_PASSWORD} token=$TOKEN secret=<secret> password=***",
    "Assertion: 3 passed, 1 failed in 0.12s (key error)",
    "KeyError: 'password'",
    "monkey=banana keyboard=qwerty",
    "-----BEGIN CERTIFICATE-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END CERTIFICATE-----",
    "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----",
]


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("frame", ["{}", "got {} here", "'{}'", "x={}\n", "https://h/?q={}", "[{}]", '"t": "{}",'])
def test_tokens_of_known_services_go(name, frame):
    """Wherever a token of a known shape stands, it goes and what stands around it stays."""
    shown = PLAIN.text(frame.format(SECRETS[name]))
    assert SECRETS[name] not in shown
    assert shown == frame.format("[redacted]")


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_stays(text):
    """Digests, identifiers, paths, test names and code are left alone."""
    assert PLAIN.text(text) == text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("password=hunter22", "password=[redacted]"),
        ("PASSWORD = hunter22", "PASSWORD = [redacted]"),
        ("DB_PASSWORD: hunter22", "DB_PASSWORD: [redacted]"),
        ('{"password": "correct horse", "user": "ann"}', '{"password": "[redacted]", "user": "ann"}'),
        ("{'api_key': 'abcdefg'}", "{'api_key': '[redacted]'}"),
        ("client_secret='abc'", "client_secret='[redacted]'"),
        ("--token=abcd1234 --verbose", "--token=[redacted] --verbose"),
        ("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG", "aws_secret_access_key = [redacted]"),
        ("token: swordfish\nnext", "token: [redacted]\nnext"),
        ("?token=abcd1234&page=2", "?token=[redacted]&page=2"),
        ("environ['TOKEN']='abcd'", "environ['TOKEN']='[redacted]'"),
        ("postgres://ann:pa%20ss@db/shop", "postgres://ann:[redacted]@db/shop"),
        ("redis://:hunter2@cache:6379", "redis://:[redacted]@cache:6379"),
        ("Authorization: Basic YW5uOnBhc3M=", "Authorization: Basic [redacted]"),
        ("authorization: Bearer abc.def-123", "authorization: Bearer [redacted]"),
        ("'Authorization': 'Token 0123456789'", "'Authorization': 'Token [redacted]'"),
        ("curl -H 'bearer abcdef123456'", "curl -H 'bearer [redacted]'"),
        ("https://hooks.slack.com/services/" + "T0001/B0002/abcdefghij", "https://hooks.slack.com/services/[redacted]"),
    ],
)
def test_assignments_addresses_and_headers_keep_their_names(text, wanted):
    """The value goes, what it was called stays."""
    assert PLAIN.text(text) == wanted


KEY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"


@pytest.mark.parametrize("kind", ["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "])
def test_private_keys_go(kind):
    """A PEM private key goes from its first line to its last."""
    text = f"a\n-----BEGIN {kind}PRIVATE KEY-----\n{KEY}\n{KEY}\n-----END {kind}PRIVATE KEY-----\nb"
    assert PLAIN.text(text) == "a\n[redacted]\nb"


def test_a_private_key_that_was_cut_goes():
    """Without its end it goes to the end of the text, without its beginning from its first line on."""
    begun = f"a\n-----BEGIN PRIVATE KEY-----\n{KEY}\n{KEY}"
    ended = f"b\n{KEY}\n{KEY}\n-----END PRIVATE KEY-----\nc"
    assert PLAIN.text(begun) == "a\n[redacted]"
    assert KEY not in PLAIN.text(ended)
    assert PLAIN.text(ended).startswith("b\n[redacted]")
    assert PLAIN.text(ended).endswith("\nc")


def test_two_private_keys_with_text_between_them():
    """What stands between two keys stays."""
    one = f"-----BEGIN PRIVATE KEY-----\n{KEY}\n-----END PRIVATE KEY-----"
    assert PLAIN.text(f"{one}\nbetween\n{one}") == "[redacted]\nbetween\n[redacted]"


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("DEPLOY_TOKEN", True),
        ("AWS_SECRET_ACCESS_KEY", True),
        ("PGPASSWORD", True),
        ("API_KEY", True),
        ("apikey", True),
        ("DATABASE_PASSWD", True),
        ("GH_PAT", True),
        ("SENTRY_DSN", True),
        ("PATH", False),
        ("PWD", False),
        ("HOME", False),
        ("KEYBOARD", False),
        ("MONKEY", False),
        ("SSH_AUTH_SOCK", False),
        ("TOKEN_FILE", False),
        ("LANG", False),
    ],
)
def test_variables_are_judged_by_their_names(name, secret):
    """A variable is secret when a word of its name says so."""
    assert looks_secret(name) is secret


def test_values_of_secret_variables_go_in_every_spelling():
    """Plain, in an address, in JSON, in Python source and in a header."""
    value = 'p"ss word/1\\x'
    redactor = Redactor({"DB_PASSWORD": value})
    for spelt in (value, "p%22ss%20word%2F1%5Cx", 'p\\"ss word/1\\\\x', "cCJzcyB3b3JkLzFceA=="):
        assert redactor.text(f"<{spelt}>") == "<[redacted]>"


def test_each_line_of_a_long_secret_goes():
    """Of a secret with several lines, one line alone is a leak too."""
    redactor = Redactor({"DEPLOY_KEY": "first-line-of-it\nsecond-line-of-it"})
    assert redactor.text("saw second-line-of-it") == "saw [redacted]"


def test_short_values_stay():
    """A value of seven characters would be found everywhere."""
    assert Redactor({"TOKEN": "abcdefg"}).text("abcdefg") == "abcdefg"
    assert Redactor({"TOKEN": "abcdefgh"}).text("abcdefgh") == "[redacted]"


def test_values_of_other_variables_stay():
    """Only secrets are taken out."""
    assert Redactor({"HOME": "/home/somebody"}).text("/home/somebody/x") == "/home/somebody/x"


def test_longer_secrets_go_first():
    """A secret that begins like another one leaves no tail."""
    redactor = Redactor({"A_TOKEN": "abcdefgh", "B_TOKEN": "abcdefgh-and-more"})
    assert redactor.text("abcdefgh-and-more") == "[redacted]"


def test_terminal_codes_do_not_hide_a_secret():
    """A token that is coloured half-way is found."""
    token = SECRETS["github"]
    assert PLAIN.data(f"{token[:12]}\x1b[1m{token[12:]}".encode()) == b"[redacted]"


def test_halves_of_a_secret_at_a_cut_go():
    """Where a middle part was left out, the words at both edges go."""
    token = SECRETS["github"]
    data = f"start\nlog {token[:14]}\n[... 900 bytes left out ...]\n{token[20:]} rest"
    assert PLAIN.data(data.encode()) == b"start\nlog [redacted]\n[... 900 bytes left out ...]\n[redacted] rest"


def test_invalid_bytes_are_replaced():
    """Data that is not UTF-8 becomes text."""
    assert PLAIN.data(b"\xff\x00ok") == "\ufffdok".encode()


WORDS = st.sampled_from(
    [*SECRETS.values(), *HARMLESS, "password", "=", ":", " ", "\n", '"', "'", "[redacted]", "://", "@", "a:b", "x" * 40]
)


@settings(max_examples=300, deadline=None)
@given(text=st.lists(WORDS | st.text(max_size=8), max_size=12).map("".join))
def test_redacting_twice_is_redacting_once(text):
    """What was redacted has nothing left to redact, and whole tokens between spaces never survive."""
    once = PLAIN.text(text)
    assert PLAIN.text(once) == once


@settings(max_examples=200, deadline=None)
@given(data=st.binary(min_size=20, max_size=20), name=st.from_regex(r"[a-z_]{1,20}", fullmatch=True))
def test_digests_and_test_names_never_alarm(data, name):
    """Any digest, any UUID, any path of a test stays as it is."""
    digest = hashlib.sha256(data).hexdigest()
    text = f"{digest} {uuid.UUID(bytes=data[:16])} tests/{name}/test_{name}.py::Test::test_{name}[{digest[:7]}]"
    assert PLAIN.text(text) == text


HOSTILE = {
    "letters": "a",
    "begun assignments": "password",
    "assignments": "password=",
    "spaces": "token: ",
    "begun keys": "-----BEGIN PRIVATE KEY-----\n",
    "ended keys": "-----END PRIVATE KEY-----\n",
    "key lines": "A" * 64 + "\n",
    "addresses": "://a:",
    "long address": "https://user:",
    "begun tokens": "ghp_abc",
    "jwt": "eyJ",
    "jwt dots": "eyJhbGciOiJI.",
    "sendgrid": "SG." + "a" * 16,
    "bearer": "bearer ",
    "bearers": "bearer a",
    "authorization": "authorization: basic ",
    "gaps": "x\n[... 1 bytes left out ...]\n",
    "quotes": 'password="',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_ten_times_the_text_takes_about_ten_times_as_long(name):
    """No text, however hostile, makes redaction slow down more than in proportion."""
    unit = HOSTILE[name]

    def cost(size):
        data = (unit * (size // len(unit) + 1))[:size].encode()
        best = float("inf")
        for _ in range(2):
            begun = time.process_time()
            PLAIN.data(data)
            best = min(best, time.process_time() - begun)
        return best

    small, large = cost(50_000), cost(500_000)
    # A quadratic pattern would need a hundred times as long; noise on a loaded machine stays far below forty.
    assert large < 40 * max(small, 0.001)


def test_ten_megabytes_are_redacted_in_a_moment():
    """A log of 10 MB with secrets in it takes seconds, not minutes."""
    line = f"2026-01-01 INFO request token={SECRETS['github']} path=/a/b/c password=hunter22 {'x' * 120}\n"
    data = (line * (10_000_000 // len(line))).encode()
    begun = time.process_time()
    shown = PLAIN.data(data)
    assert time.process_time() - begun < 15
    assert b"ghp_" not in shown
    assert b"hunter22" not in shown


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("assert 'hunter2-Zq81ks...", "assert '[redacted]..."),
        ("got hunter2-Zq8…", "got [redacted]…"),
        ("'hunter2-Zq8...Qm2pX9' == 1", "'[redacted]...[redacted]' == 1"),
        ("plain... and hun... and ........hunter", "plain... and hun... and ........hunter"),
    ],
)
def test_what_a_shortened_line_left_of_a_secret_goes_too(line: str, kept: str) -> None:
    """The beginning or end of a known secret beside three dots is taken out, and nothing else is."""
    redactor = Redactor({"MY_API_TOKEN": "hunter2-Zq81kslQm2pX9"})
    assert redactor.text(line) == kept
    assert redactor.changes(line) is (line != kept)
    assert redactor.text(kept) == kept

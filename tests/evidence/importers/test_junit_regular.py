"""The short cut through long JUnit files says the same as reading them whole, whatever they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overt.evidence.importers import junit, junit_regular
from overt.evidence.importers.imported import Imported
from overt.evidence.importers.junit import read_junit

_CASE = '<testcase classname="tests.test_a" name="test_{}" time="0.{}" />'
_VALUES = st.one_of(
    st.sampled_from(["tests.test_a", "tests.test_a.TestB", "a", "", "0.5", "1e9", "-1", "nan", "1,000.5", "17", "a~2"]),
    st.text("ab:. &<>'\"\t\n\x0b\x7f\x85é\u2028\ufffe\U0001f600]", max_size=6),
)
_KEYS = st.sampled_from(["classname", "name", "time", "file", "line", "status", "assertions"])


@st.composite
def _cases(draw: st.DrawFn) -> str:
    """A test case as a tool writes it, or nearly so."""
    if draw(st.booleans()):
        shape = ["classname", "name", "time"]
    else:
        shape = draw(st.lists(_KEYS, max_size=4))
    quote = draw(st.sampled_from(['"'] * 5 + ["'"]))
    attributes = "".join(f" {key}={quote}{_escaped(draw, quote)}{quote}" for key in shape)
    close = draw(st.sampled_from([" />", "/>", "></testcase>", ">", "/> \n", ' status="failed"/>']))
    return f"<testcase{attributes}{close}"


def _escaped(draw: st.DrawFn, quote: str) -> str:
    value = draw(_VALUES)
    if draw(st.integers(0, 9)):
        value = value.replace("&", "&amp;").replace("<", "&lt;").replace(quote, "&#34;")
    return value


_OTHERS = st.sampled_from(
    [
        *('<testsuite name="s" tests="3">', "</testsuite>", '<testsuite name="pytest" file="t.py">', "</testsuites>"),
        *("<testsuites>", '<failure message="m">', "</failure>", "<skipped/>", "</testcase>", "<system-out>"),
        *("</system-out>", "<!-- ", " -->", "<![CDATA[", "]]>", "<?pi ", "?>", "text", "\n", "&lt;", "&nope;", "<x "),
        *('a="', '"', ">", "<properties>", "</properties>", "<testcase/>", "<o:testcase name='n'/>", "\x01", "é"),
    ]
)
_PLAIN = st.builds(_CASE.format, st.sampled_from(["a", "b", "c", "d[x]", "e::f", "é", "g h"]), st.integers(0, 9))
_WHOLE = st.sampled_from(
    [
        '<testcase name="f" classname="tests.test_a"><failure message="m">t &lt; <![CDATA[<x>]]></failure></testcase>',
        '<testcase name="s"><skipped type="pytest.xfail" message="m"/></testcase>\n',
        '<testcase name="r"><rerunFailure>1</rerunFailure><failure>2</failure><system-out>o</system-out></testcase>',
        '<testcase name="t" result="skipped"/>',
        "</testsuite><testsuite name='other' file='other.py' tests='1'>",
        '<testsuite name="inner">' + _CASE.format("inner", 3) + "</testsuite>",
        "<!-- " + _CASE.format("comment", 3) + " -->",
        "<properties><property name='p'/></properties>",
        " text &amp; \n",
    ]
)
_HEADS = st.sampled_from(
    [
        *([""] * 14),
        '<?xml version="1.0" encoding="utf-8"?>',
        "<?xml version='1.0' encoding='UTF-8' ?>\n",
        '<?xml version="1.0" encoding="iso-8859-1"?>',
        '<?xml version="1.0" encoding="shift_jis"?>',
        '<?xml version="1.1"?>',
        '\n<?xml version="1.0"?>',
        '<!DOCTYPE testsuites [<!ATTLIST testcase file CDATA "x.py" name NMTOKENS #IMPLIED>]>',
        '<!DOCTYPE testsuites [<!ENTITY lol "lol"><!ENTITY lots "&lol;&lol;&lol;&lol;">]>',
    ]
)


def _both(path: Path, root: Path) -> tuple[Imported, Imported]:
    """Read a file with the short cut and without."""
    with pytest.MonkeyPatch.context() as patch:
        quick = read_junit(path, suite="unit", root=root)
        patch.setattr(junit, "read_regular", lambda *_: False)
        return quick, read_junit(path, suite="unit", root=root)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    head=_HEADS,
    body=st.one_of(
        st.lists(st.one_of(_PLAIN, _PLAIN, _WHOLE), max_size=20),
        st.lists(st.one_of(_PLAIN, _PLAIN, _cases(), _WHOLE, _OTHERS), max_size=14),
    ),
    wrapped=st.integers(0, 6).map(bool),
    encoding=st.sampled_from(["utf-8"] * 12 + ["utf-8-sig", "utf-16", "latin-1"]),
    cut=st.sampled_from([0] * 9 + [1, 5, 13, 40]),
    piece=st.sampled_from([1 << 20, 200, 130]),
)
def test_both_ways_say_the_same(
    tmp_path: Path, *, head: str, body: list[str], wrapped: bool, encoding: str, cut: int, piece: int
) -> None:
    """Records, problems and their order are equal for files of every shape, hostile ones included."""
    first = _CASE.format("first", 1) if wrapped else ""
    inner = "".join(body)
    text = (
        f'{head}<testsuites><testsuite name="pytest" tests="2">{first}{inner}</testsuite></testsuites>'
        if wrapped
        else head + inner
    )
    data = text.encode(encoding, "replace")
    path = tmp_path / "results.xml"
    path.write_bytes(data[: len(data) - cut] if cut else data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(junit_regular, "_PIECE", piece)
        quick, whole = _both(path, tmp_path)
    assert quick == whole


def _in_suite(inner: str) -> str:
    return (
        f'<testsuites><testsuite name="pytest">{_CASE.format(1, 1)}{inner}{_CASE.format(2, 2)}</testsuite></testsuites>'
    )


@pytest.mark.parametrize(
    "text",
    [
        _in_suite(f"<!-- {_CASE.format('c', 1)} -->"),
        _in_suite(f"<testcase name='t'><system-out><![CDATA[{_CASE.format('c', 1)}]]></system-out></testcase>"),
        _in_suite(f"<testcase name='t'><failure>{_CASE.format('c', 1)}</failure></testcase>"),
        _in_suite(f"<testcase/><!-- {_CASE.format('c', 1)} -->"),
        _in_suite(f"<?pi {_CASE.format('c', 1)} ?>"),
        f'<!DOCTYPE a [<!ATTLIST testcase file CDATA "x.py">]>{_in_suite("")}',
        f'<!DOCTYPE a [<!ENTITY b "{"x" * 50}"><!ENTITY c "&b;&b;&b;&b;">]>' + _in_suite("<testcase name='&c;'/>"),
        _in_suite("<testsuite name='inner' tests='5'>" + _CASE.format(3, 3) + "</testsuite>"),
        "<testsuite>" * 199 + _CASE.format(1, 1) + "</testsuite>" * 199,
        "<testsuite>" * 200 + _CASE.format(1, 1) + "</testsuite>" * 200,
        _in_suite(_CASE.format(1, 1) * 3),
        _in_suite(f'<testcase name="{"x" * 300_000}" classname="a" time="1"/>'),
        _in_suite("") + _CASE.format("after", 1),
        _CASE.format("root", 1),
        "<html>" + _CASE.format(1, 1) + "</html>",
        _in_suite("<testcase name='\x01'/>"),
        _in_suite(_CASE.format("\ufffe", 1)),
        f"<testsuites>{_CASE.format(1, 1)}<a/>{_CASE.format(2, 2)}</testsuites>",
    ],
)
@pytest.mark.parametrize("piece", [1 << 20, 250])
def test_what_only_looks_like_a_test_is_none(tmp_path: Path, text: str, piece: int) -> None:
    """Test cases in comments, sections, failures and other places, and files that are wrong, are read as they are."""
    path = tmp_path / "results.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(junit_regular, "_PIECE", piece)
        quick, whole = _both(path, tmp_path)
    assert quick == whole


class _Counting:
    """Notes what a document is told."""

    def __init__(self) -> None:
        self.elements: list[str] = []
        self.rows = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements.append(tag)

    def end(self, tag: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Characters."""

    def flush(self) -> None:
        """A piece ends."""

    def stretch(self, rows: junit_regular.Rows, begin: int, end: int) -> bool:
        self.rows += end - begin
        return True


@pytest.mark.parametrize(
    "case",
    [
        '<testcase classname="tests.test_a" name="test_{0}" time="0.001" />',
        '<testcase classname="tests.test_a" name="test_{0}" file="t.py" line="{0}" time="0.001"></testcase>\n',
        '    <testcase name="shouldAdd{0}" classname="com.example.CartTest" time="1,000.5"/>\n',
        '\t\t<testcase classname="example.com/cart" name="TestTotal/é_{0}" time="0.000000"></testcase>\r\n',
    ],
)
def test_the_short_cut_is_taken_for_what_tools_write(tmp_path: Path, case: str) -> None:
    """Files of pytest, Maven, Gradle and Go are read by it: expat sees nothing of tests that passed."""
    failure = '<testcase classname="a" name="b" time="0"><failure message="m">x</failure></testcase>'
    inner = "".join(case.format(number) + (failure if number % 50 == 17 else "") for number in range(20_000))
    path = tmp_path / "results.xml"
    path.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites><testsuite>{inner}</testsuite></testsuites>')
    told = _Counting()
    assert junit_regular.read_regular(path, told)
    assert (told.rows, told.elements.count("testcase"), told.elements.count("failure")) == (20_000, 400, 400)


def test_a_case_in_the_way_of_no_suite_is_not_made_again_for_each_stretch(tmp_path: Path) -> None:
    """Test cases outside of any suite share one, so that each is made into a record once."""
    inner = "<x/>".join(_CASE.format(number, 1) for number in range(300))
    path = tmp_path / "results.xml"
    path.write_text(f"<testsuites>{inner}</testsuites>")
    made = []
    with pytest.MonkeyPatch.context() as patch:
        passed = junit.Group.passed
        patch.setattr(junit.Group, "passed", lambda self, columns: made.append(1) or passed(self, columns))
        assert len(read_junit(path, suite="unit", root=tmp_path).records) == 300
    assert len(made) == 1

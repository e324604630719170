"""A track in a real browser: a short walk through it, progress that stays, storage that refuses, text that attacks."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from overt.site.build import build
from overt.system.clock import SystemClock
from overt.system.files import project_files
from overt.training.check import check_quiz
from overt.training.record import end_run, start_run
from overt.training.track import OWN, load_track

pytestmark = pytest.mark.browser
Watcher = Callable[..., Any]
KEY = "overt-training:shop"
HOSTILE_TITLE = "</title><script>alert(1)</script> \"quoted\" 'so' & {{ 7*7 }}"
HOSTILE_TEXT = """\
# <script>alert(2)</script>

</details></div><img src=x onerror=alert(3)> ![i](http://evil.example/x.png) [x](javascript:alert(4))

`</code><script>alert(5)</script>` {: onclick=alert(6) }

```html
</details>
<script>alert(7)</script>
~~~
````
"""
CHOICES = ("2 2", "1 1\" onclick='alert(8)'", "</code><script>alert(9)</script>", "`1 2` {: #a }")
KEPT = (
    ("{", "could not be read", 1),
    ('{"format": 1, "done": []}', "could not be read", 1),
    ('{"format": 1, "done": {"01-ticket-desk": 7, "gone": "x", "toString": "y"}}', "", 1),
    ('{"format": 2, "done": {"02-guest-list": "x"}}', "kept by a newer site", 0),
)
"""What the browser holds, what the page says of it, and how many are done after one was marked and the page left."""
BLOCKED = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
REFUSED = """
for (const name of ['getItem', 'setItem']) {
  const real = Storage.prototype[name];
  Storage.prototype[name] = function (key, ...rest) {
    if (key.startsWith('overt-')) { throw new DOMException('no', 'SecurityError'); }
    return real.call(this, key, ...rest);
  };
}
"""
FILL = """
() => {
  let size = 1 << 22, number = 0;
  while (size >= 1) {
    try { localStorage.setItem(`fill-${number++}`, 'x'.repeat(size)); } catch (error) { size = Math.floor(size / 2); }
  }
}
"""


@pytest.fixture(scope="module")
def site(shared_project: Callable[..., Path]) -> Path:
    """A built site with two exercises, of which the second attacks, and a quiz whose choices do."""
    root = shared_project({}, '\n[training]\npath = "training"\n')
    for name in ("01-ticket-desk", "02-guest-list", "04-quiz-two-tills"):
        shutil.copytree(OWN / name, root / "training" / name, ignore=shutil.ignore_patterns("__pycache__"))
    hostile = root / "training/02-guest-list"
    card = (hostile / "exercise.toml").read_text().splitlines()
    (hostile / "exercise.toml").write_text("\n".join([f"title = {json.dumps(HOSTILE_TITLE)}", *card[1:]]))
    for name in ("task.md", "why.md"):
        (hostile / name).write_text(HOSTILE_TEXT)
    (hostile / "hints.md").write_text(f"# Hints\n\n## One\n\n{HOSTILE_TEXT}")
    with (hostile / "solution.py").open("a") as solution:
        solution.write('\n\nWORDS = """\n```\n</details><script>alert(10)</script>\n"""\n')
    quiz = root / "training/04-quiz-two-tills/quiz.toml"
    asked = f"question = {json.dumps(HOSTILE_TITLE)}\noptions = {json.dumps(CHOICES)}"
    quiz.write_text(f"title = 'Two tills'\nask = 'output'\n{asked}\n")
    clock = SystemClock()
    record = check_quiz(load_track(root / "training").quizzes[0], codes=None)
    writer = start_run(root, "shop", "training", project_files(root), count=1, environment={}, clock=clock)
    writer.add(record)
    end_run(writer, [record], planned=1, start_ns=clock.now_ns(), clock=clock)
    build(root)
    return root / "site/training"


def words(seen: Any) -> str:
    seen.page.wait_for_selector(".ov-progress-words")
    return str(seen.page.inner_text(".ov-progress-words"))


def wait_for(seen: Any, place: str, text: str) -> None:
    """Wait until a text stands there, without evaluating anything in the page: its policy forbids that."""
    seen.page.locator(place).filter(has_text=re.compile(f"^{re.escape(text)}$")).wait_for(timeout=120_000)


def go(seen: Any, site: Path, name: str = "index") -> None:
    seen.page.goto((site / f"{name}.html").as_uri())
    seen.page.wait_for_selector(".ov-progress-words")


def choose(seen: Any, text: str) -> str:
    seen.page.locator(".ov-choice", has_text=text).locator("input").check()
    seen.page.get_by_role("button", name="Answer").click()
    return str(seen.page.inner_text(".ov-quiz .ov-said"))


def test_a_learner_goes_through_the_track(site: Path, watch: Watcher) -> None:
    """From the list by clicking on, hints and solution opened, a quiz wrong and then right; what is done stays done."""
    seen = watch()
    go(seen, site)
    assert words(seen) == "0 of 3 done"
    seen.page.get_by_role("link", name="A desk that counts for itself").first.click()
    for title in ("Hint 1 of 3", "A solution, and what it changes", "What it was about"):
        seen.page.get_by_text(title, exact=True).click()
    assert "global _last" in seen.page.inner_text("details.success")
    assert "hidden state" in seen.page.inner_text("details.info")
    seen.page.get_by_label("I have done this one").focus()
    seen.page.keyboard.press("Space")
    assert words(seen) == "1 of 3 done"
    seen.page.locator(".ov-turn span:last-child a").click()
    seen.page.wait_for_url("**/02-guest-list.html")
    assert not seen.page.get_by_label("I have done this one").is_checked()
    seen.page.reload()
    assert words(seen) == "1 of 3 done"
    seen.page.locator(".ov-turn span:last-child a").click()
    seen.page.wait_for_selector(".ov-choice")
    seen.page.get_by_role("button", name="Answer").click()
    assert seen.page.inner_text(".ov-quiz .ov-said") == "Choose one first."
    assert choose(seen, "1 2").startswith("No, not `1 2`")
    assert not seen.page.locator("details.ov-answer").get_attribute("open")
    assert words(seen) == "1 of 3 done"
    assert choose(seen, "2 2") == "Right: 2 2"
    assert "found by running the snippet" in seen.page.inner_text("details.ov-answer")
    assert words(seen) == "2 of 3 done"
    seen.page.get_by_role("link", name="All exercises").click()
    seen.page.wait_for_selector(".ov-tick .ov")
    assert seen.page.locator(".ov-tick .ov").count() == 2
    assert seen.page.get_attribute(".ov-progress progress", "value") == "2"
    assert "Go on with" in seen.page.inner_text(".ov-progress-next")
    assert seen.trouble == []


def test_progress_is_carried_and_forgotten(site: Path, watch: Watcher) -> None:
    """Shown as text, taken over from a report of the terminal, refused when it is none, forgotten after two presses."""
    seen = watch()
    go(seen, site)
    seen.page.get_by_text("Take your progress along, or start over").click()
    box, said = seen.page.get_by_label("Progress as text"), seen.page.locator(".ov-carry .ov-said")
    for bad in ("", "{", "[]", '{"items": 3}', "null", '{"format": 1}'):
        box.fill(bad)
        seen.page.get_by_role("button", name="Take over what is in the box").click()
        assert said.inner_text().startswith("That is no progress"), bad
    items = [
        {"name": "01-ticket-desk", "passed": "2026-11-23T00:00:00Z", "attempts": 3},
        {"name": "02-guest-list", "passed": ""},
        {"name": "__proto__", "passed": "2026"},
        {"name": 3},
        None,
    ]
    report = json.dumps({"items": items, "concepts": []})
    seen.page.locator(".ov-carry input[type=file]").set_input_files(
        {"name": "report.json", "mimeType": "application/json", "buffer": report.encode()}
    )
    wait_for(seen, ".ov-carry .ov-said", "1 more is done.")
    assert words(seen) == "1 of 3 done"
    seen.page.get_by_role("button", name="Show mine").click()
    told = json.loads(box.input_value())
    assert [item["passed"] for item in told["items"]] == ["2026-11-23T00:00:00Z", "", ""]
    seen.page.get_by_role("button", name="Start over").click()
    assert words(seen) == "1 of 3 done"
    box.focus()
    seen.page.get_by_role("button", name="Start over").click()
    seen.page.get_by_role("button", name="Really forget everything").click()
    assert words(seen) == "0 of 3 done"
    box.fill(json.dumps(told))
    for answer in ("1 more is done.", "0 more are done."):
        seen.page.get_by_role("button", name="Take over what is in the box").click()
        assert said.inner_text() == answer
    assert words(seen) == "1 of 3 done"
    assert seen.trouble == []


def test_what_is_kept_may_be_anything(site: Path, watch: Watcher) -> None:
    """Damaged progress is set aside and told, progress of a newer site is left alone; a mark works in any case."""
    seen = watch()
    go(seen, site)
    for kept, shown, after in KEPT:
        seen.page.evaluate("([key, kept]) => { localStorage.clear(); localStorage.setItem(key, kept); }", [KEY, kept])
        go(seen, site, "01-ticket-desk")
        assert words(seen) == "0 of 3 done", kept
        assert shown in seen.page.inner_text(".ov-progress")
        seen.page.get_by_label("I have done this one").check()
        assert words(seen) == "1 of 3 done", kept
        stored = seen.page.evaluate("key => [localStorage.getItem(key), localStorage.getItem(key + '.damaged')]", KEY)
        assert (stored[0] == kept) is (after == 0), kept
        assert (stored[1] == kept) is ("could not" in shown), kept
        go(seen, site)
        assert words(seen) == f"{after} of 3 done", kept
    assert seen.trouble == []


@pytest.mark.parametrize("how", ["refused", "blocked", "full"])
def test_a_browser_that_keeps_nothing_says_so(site: Path, watch: Watcher, how: str) -> None:
    """The page works for as long as it is open, and tells that nothing is kept."""
    seen = watch()
    if how != "full":
        seen.page.add_init_script(BLOCKED if how == "blocked" else REFUSED)
    go(seen, site)
    if how == "full":
        seen.page.evaluate(FILL)
        go(seen, site, "04-quiz-two-tills")
        assert choose(seen, "2 2") == "Right: 2 2"
    else:
        seen.page.get_by_text("Take your progress along, or start over").click()
        told = json.dumps({"items": [{"name": "02-guest-list", "passed": "2026"}]})
        seen.page.get_by_label("Progress as text").fill(told)
        seen.page.get_by_role("button", name="Take over what is in the box").click()
    assert words(seen) == "1 of 3 done"
    assert "This browser keeps nothing" in seen.page.inner_text(".ov-trouble")
    # Where nothing at all may be kept, the theme's own script for its colours fails; ours go on.
    assert set(seen.trouble) <= ({"error: no"} if how == "blocked" else set())


def test_two_windows_know_of_each_other(site: Path, watch: Watcher) -> None:
    """What is done in one is seen in the other without loading it anew."""
    seen = watch()
    go(seen, site)
    other = seen.page.context.new_page()
    other.goto((site / "01-ticket-desk.html").as_uri())
    other.get_by_label("I have done this one").check()
    wait_for(seen, ".ov-progress-words", "1 of 3 done")
    assert seen.trouble == []


def test_a_hostile_track_is_inert(site: Path, watch: Watcher) -> None:
    """Its words are to be read, none of them acts, and what folds away ends where it should."""
    seen = watch()
    for name in ("index", "02-guest-list", "04-quiz-two-tills"):
        go(seen, site, name)
        assert HOSTILE_TITLE in seen.page.inner_text("article"), name
        assert seen.page.locator("article script, article img, article [onclick], article [onerror]").count() == 0
    go(seen, site, "02-guest-list")
    assert seen.page.inner_text("h1").startswith(HOSTILE_TITLE)
    seen.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    assert seen.page.locator("article > details").count() == 3
    for number in ("2", "5", "7", "10"):
        assert f"<script>alert({number})</script>" in seen.page.inner_text("article"), number
    assert seen.page.locator(".ov-turn a").count() == 3
    go(seen, site, "04-quiz-two-tills")
    assert seen.page.locator(".ov-choice code").all_inner_texts() == list(CHOICES)
    assert seen.trouble == []


def test_without_scripts_the_answer_folds_away(site: Path, watch: Watcher) -> None:
    """Choices are a list, nothing that only a script could move is shown."""
    seen = watch(scripts=False)
    seen.page.goto((site / "04-quiz-two-tills.html").as_uri())
    assert seen.page.locator(".ov-quiz li").count() == len(CHOICES)
    assert seen.page.locator("article form, article input, article button, .ov-progress :visible").count() == 0
    answer = seen.page.locator("details.ov-answer")
    assert "The list behind" not in answer.inner_text()
    answer.locator("summary").click()
    assert "The list behind" in answer.inner_text()
    assert seen.trouble == []

/* What pages do: the case explorer, copying, versions, names for parts of a page. Foreign text is only ever set as text, never as markup.
   #case=SUITE/NAME, or the same after a question mark, shows one test: the same address in every build, as long as suite and test keep their names. */
(function () {
  "use strict";

  var FIRST = 50;
  var PAGE = 200;
  var here = document.currentScript ? document.currentScript.src : "";
  var folder = here.replace(/[^/]*$/, "../validation/data/");
  var loading = {};
  var texts = {};
  var cases = null;

  /* A script element is the one way to read data that works from a server and from disk alike. */
  function load(name) {
    if (!loading[name]) {
      loading[name] = new Promise(function (resolve, reject) {
        var script = document.createElement("script");
        script.src = folder + name;
        script.onload = resolve;
        script.onerror = function () { delete loading[name]; reject(new Error(name)); };
        document.head.appendChild(script);
      });
    }
    return loading[name];
  }

  window.overtCases = function (data) { cases = data; };
  window.overtTexts = function (number, list) { texts[number] = list; };

  function make(tag, className, text) {
    var element = document.createElement(tag);
    if (className) { element.className = className; }
    if (text !== undefined) { element.textContent = text; }
    return element;
  }

  function duration(micros) {
    if (micros >= 1e6) { return (micros / 1e6).toPrecision(3) + " s"; }
    return micros >= 1e3 ? (micros / 1e3).toPrecision(3) + " ms" : micros + " \u00b5s";
  }

  var TONES = { passed: "proved", failed: "refuted", error: "refuted", skipped: "unchecked", xfailed: "inconclusive", xpassed: "stale" };
  var RING = "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z";
  var ICONS = {
    passed: RING + "M5 8.2l2.1 2.1L11.2 6",
    failed: "M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3ZM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4",
    error: "M8 1.8 15 14.2H1ZM8 6.2v3.6M8 11.7v.1",
    skipped: RING + "M6 5.2 9 8l-3 2.8M10.6 5.4v5.2",
    xfailed: RING + "M5 8h6",
    xpassed: RING + "M5 8h6"
  };

  function mark(outcome) {
    var space = "http://www.w3.org/2000/svg";
    var span = make("span", "ov ov-" + (TONES[outcome] || "unchecked"));
    var svg = document.createElementNS(space, "svg");
    var path = document.createElementNS(space, "path");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("fill", "none");
    svg.setAttribute("stroke", "currentColor");
    svg.setAttribute("stroke-width", "1.6");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", ICONS[outcome] || ICONS.skipped);
    svg.appendChild(path);
    span.appendChild(svg);
    span.appendChild(document.createTextNode(outcome));
    return span;
  }

  function field(title, control) {
    var label = make("label", "", title);
    control.setAttribute("aria-label", title);
    label.appendChild(control);
    return label;
  }

  function choice(values) {
    var select = make("select");
    values.forEach(function (value, at) {
      var option = make("option", "", value);
      option.value = at ? String(at - 1) : "";
      select.appendChild(option);
    });
    return select;
  }

  function input(type, hint) {
    var box = make("input");
    box.type = type;
    box.placeholder = hint;
    return box;
  }

  function fileOf(index) { return cases.f[index] < 0 ? "" : cases.files[cases.f[index]]; }

  function nameOf(index) { return (cases.f[index] < 0 ? "" : fileOf(index) + "::") + cases.n[index]; }

  function addressOf(index) {
    var name = encodeURIComponent(nameOf(index)).replace(/%2F/g, "/").replace(/%3A/g, ":");
    return "#case=" + encodeURIComponent(cases.ids[cases.s[index]]) + "/" + name;
  }

  /* The test that an address names: its number, -1 when there is none, null when the address names no test. */
  function addressed() {
    var found = /^[#?]case=([^/]*)\/(.*)$/.exec(window.location.hash || window.location.search);
    if (!found) { return null; }
    var suite, name;
    try { suite = decodeURIComponent(found[1]); name = decodeURIComponent(found[2]); } catch (error) { return -1; }
    var number = cases.ids.indexOf(suite);
    for (var index = 0; index < cases.n.length; index += 1) {
      if (cases.s[index] === number && name.endsWith(cases.n[index]) && nameOf(index) === name) { return index; }
    }
    return -1;
  }

  function openText(button, row, index) {
    var open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    if (open) { row.nextSibling.remove(); return; }
    var line = make("tr", "ov-more-of");
    var cell = make("td");
    var output = make("pre", "ov-output", "Loading\u2026");
    var link = make("a", "ov-link", "Link to this test");
    link.href = addressOf(index);
    cell.colSpan = 4;
    output.tabIndex = 0;
    output.setAttribute("aria-label", "Failure text");
    if (cases.x[index] >= 0 || cases.m[index] || cases.outcomes[cases.o[index]] !== "passed") { cell.appendChild(output); }
    cell.appendChild(make("span", "ov-suite-of", cases.suites[cases.s[index]] + " \u00b7 "));
    cell.appendChild(link);
    line.appendChild(cell);
    row.after(line);
    var at = cases.x[index];
    if (at < 0) { output.textContent = cases.m[index] || "It left no text."; return; }
    var chunk = Math.floor(at / cases.chunk);
    load("cases-" + chunk + ".js").then(
      function () { output.textContent = texts[chunk][at % cases.chunk]; },
      function () { output.textContent = "The text could not be loaded."; }
    );
  }

  function rowOf(index) {
    var row = make("tr");
    var outcome = make("td");
    var name = make("td");
    var button = make("button", "ov-row", cases.n[index]);
    outcome.appendChild(mark(cases.outcomes[cases.o[index]]));
    button.type = "button";
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", function () { openText(button, row, index); });
    name.appendChild(button);
    name.appendChild(make("span", "ov-file", fileOf(index)));
    row.appendChild(outcome);
    row.appendChild(name);
    row.appendChild(make("td", "ov-suite", cases.suites[cases.s[index]]));
    row.appendChild(make("td", "", duration(cases.d[index])));
    return row;
  }

  /* Up and down go from test to test. */
  function walk(event) {
    var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.classList.contains("ov-row")) { return; }
    var rows = Array.prototype.slice.call(event.currentTarget.querySelectorAll(".ov-row"));
    var next = rows[rows.indexOf(event.target) + step];
    if (next) { event.preventDefault(); next.focus(); }
  }

  var TIMES = [["any time", 0], ["10 ms and more", 1e4], ["100 ms and more", 1e5], ["1 s and more", 1e6], ["10 s and more", 1e7]];

  function explorer(place) {
    var search = input("search", "part of a name or message");
    var file = input("search", "part of a file or class");
    var outcome = choice(["every outcome"].concat(cases.outcomes));
    var suite = choice(["every suite"].concat(cases.suites));
    var time = choice(TIMES.map(function (pair) { return pair[0]; }));
    var order = choice(["outcome, then name", "slowest first"]);
    var count = make("p", "ov-count");
    var table = make("table", "ov-cases");
    var head = make("tr");
    var body = make("tbody");
    var more = make("button", "ov-more");
    var every = make("button", "ov-more", "Show every test");
    var tools = make("div", "ov-tools");
    var found = [];
    var shown = 0;
    var all = cases.n.map(function (_, index) { return index; });
    var slow = null;
    var files = cases.files.map(function (name) { return name.toLowerCase(); });
    var names = cases.n.map(function (name, index) { return (name + " " + cases.m[index]).toLowerCase(); });

    count.setAttribute("role", "status");
    more.type = every.type = "button";
    [["Outcome"], ["Test"], ["Suite", "ov-suite"], ["Time"]].forEach(function (pair) {
      var cell = make("th", pair[1] || "", pair[0]);
      cell.scope = "col";
      head.appendChild(cell);
    });

    function extend() {
      var end = Math.min(shown + (shown ? PAGE : FIRST), found.length);
      var part = document.createDocumentFragment();
      for (; shown < end; shown += 1) { part.appendChild(rowOf(found[shown])); }
      body.appendChild(part);
      more.hidden = shown >= found.length;
      more.textContent = "Show " + Math.min(PAGE, found.length - shown) + " more";
    }

    function sorted() {
      if (!order.value) { return all; }
      if (!slow) { slow = all.slice().sort(function (a, b) { return cases.d[b] - cases.d[a]; }); }
      return slow;
    }

    /* A word may stand in the name or message of a test or in its file, which many tests share and is looked at once. */
    function has(word) {
      var border = word.indexOf("::");
      if (border > 0) { return whole(word, word.slice(0, border), word.slice(border + 2)); }
      var inFile = files.map(function (name) { return name.indexOf(word) >= 0; });
      return function (index) {
        return (cases.f[index] >= 0 && inFile[cases.f[index]]) || names[index].indexOf(word) >= 0;
      };
    }

    /* A whole name, as a runner prints it: the end of a file and the beginning of what comes after it. */
    function whole(word, file, rest) {
      var ends = files.map(function (name) { return name.endsWith(file); });
      return function (index) {
        return (cases.f[index] >= 0 && ends[cases.f[index]] && names[index].startsWith(rest)) || names[index].indexOf(word) >= 0;
      };
    }

    function inFiles(part) {
      var inFile = files.map(function (name) { return name.indexOf(part) >= 0; });
      return function (index) { return cases.f[index] >= 0 && inFile[cases.f[index]]; };
    }

    function tests() {
      var least = TIMES[time.value === "" ? 0 : Number(time.value) + 1][1];
      var which = search.value.toLowerCase().split(/\s+/).filter(Boolean).map(has);
      if (file.value.trim()) { which.unshift(inFiles(file.value.trim().toLowerCase())); }
      if (least) { which.unshift(function (index) { return cases.d[index] >= least; }); }
      if (suite.value !== "") { which.unshift(function (index) { return cases.s[index] === Number(suite.value); }); }
      if (outcome.value !== "") { which.unshift(function (index) { return cases.o[index] === Number(outcome.value); }); }
      return which;
    }

    function show(list, text) {
      found = list;
      count.textContent = text;
      body.textContent = "";
      shown = 0;
      extend();
    }

    function counted(number) {
      return number.toLocaleString("en") + " of " + all.length.toLocaleString("en") + (all.length === 1 ? " test" : " tests");
    }

    function filter() {
      var which = tests();
      var list = sorted().filter(function (index) {
        for (var at = 0; at < which.length; at += 1) { if (!which[at](index)) { return false; } }
        return true;
      });
      every.hidden = true;
      show(list, counted(list.length));
    }

    function follow() {
      var index = addressed();
      if (index === null) { filter(); return; }
      every.hidden = false;
      if (index < 0) { show([], "There is no test of that name in these results."); return; }
      show([index], counted(1) + ", the one that the address names");
      body.querySelector(".ov-row").click();
      place.scrollIntoView();
    }

    function leave() {
      window.history.replaceState(null, "", window.location.pathname);
      filter();
      search.focus();
    }

    [search, file].forEach(function (control) { control.addEventListener("input", filter); });
    [outcome, suite, time, order].forEach(function (control) { control.addEventListener("change", filter); });
    more.addEventListener("click", extend);
    every.addEventListener("click", leave);
    body.addEventListener("keydown", walk);
    window.addEventListener("hashchange", function () { if (place.isConnected) { follow(); } });
    tools.appendChild(field("Search", search));
    tools.appendChild(field("Outcome", outcome));
    if (cases.suites.length > 1) { tools.appendChild(field("Suite", suite)); }
    if (cases.files.length > 1) { tools.appendChild(field("File", file)); }
    tools.appendChild(field("Time", time));
    tools.appendChild(field("Order", order));
    table.appendChild(make("caption", "ov-count", "")).hidden = true;
    table.appendChild(make("thead")).appendChild(head);
    table.appendChild(body);
    place.textContent = "";
    [tools, count, every, table, more].forEach(function (part) { place.appendChild(part); });
    follow();
  }

  function start() {
    var place = document.getElementById("ov-cases");
    if (!place || place.dataset.started) { return; }
    place.dataset.started = "1";
    place.textContent = "Loading the tests\u2026";
    load("cases.js").then(function () { explorer(place); }, function () {
      place.textContent = "The tests could not be loaded; the failures are listed below.";
    });
  }

  /* What is wider than its place is moved with the keyboard too, and says what it is: no two of them the same. */
  function reach() {
    var said = {};
    document.querySelectorAll(".md-typeset__scrollwrap, .ov-chart, p:has(> img), .md-typeset pre > code").forEach(function (box) {
      if (box.scrollWidth <= box.clientWidth + 1) { return; }
      box.tabIndex = 0;
      if (box.matches("code")) { return; }
      var name = (box.matches(".md-typeset__scrollwrap") ? "Table: " : "Figure: ") + above(box);
      said[name] = (said[name] || 0) + 1;
      box.setAttribute("role", "region");
      box.setAttribute("aria-label", said[name] > 1 ? name + " (" + said[name] + ")" : name);
    });
  }

  /* The heading that something stands under. */
  function above(box) {
    var text = document.title;
    document.querySelectorAll("article h1, article h2, article h3").forEach(function (heading) {
      if (heading.compareDocumentPosition(box) & Node.DOCUMENT_POSITION_FOLLOWING) { text = heading.firstChild.textContent; }
    });
    return text.trim();
  }

  /* The theme puts a bar of buttons into each piece of code: all of them regions of the page without a name. */
  function quiet() {
    document.querySelectorAll("nav.md-code__nav").forEach(function (bar) { bar.setAttribute("role", "presentation"); });
  }

  function says(button, text) {
    button.textContent = text;
    window.setTimeout(function () { button.textContent = "Copy as Markdown"; }, 2500);
  }

  /* Only pages from a server may read the file beside them; from disk the link at the foot opens it. */
  function copying() {
    var link = document.querySelector('link[rel~="alternate"][type="text/markdown"]');
    var article = document.querySelector("article");
    if (!link || !article || window.location.protocol === "file:" || !navigator.clipboard || article.querySelector(".ov-copy")) { return; }
    var button = make("button", "ov-copy", "Copy as Markdown");
    button.type = "button";
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", function () {
      window.fetch(link.href).then(function (answer) {
        if (!answer.ok) { throw new Error(answer.status); }
        return answer.text();
      }).then(function (text) { return navigator.clipboard.writeText(text); })
        .then(function () { says(button, "Copied"); }, function () { says(button, "Could not be copied"); });
    });
    article.insertBefore(button, article.firstChild);
  }

  function scriptOf(url, then) {
    var script = document.createElement("script");
    script.src = url;
    script.onload = then;
    script.onerror = then;
    document.head.appendChild(script);
  }

  /* On a page of a version that is not the newest: which one it is, and where the same page is now. */
  function versions() {
    var meta = document.querySelector('meta[name="overt-version"]');
    if (!meta || document.querySelector(".ov-banner")) { return; }
    var site = new URL("..", here).href;
    var all = [];
    window.overtVersions = function (names) { all = names; };
    scriptOf(new URL("../versions.js", site).href, function () {
      if (!all.length || all[0] === meta.content) { return; }
      var newest = new URL("../" + encodeURIComponent(all[0]) + "/", site).href;
      var path = window.location.href.split(/[#?]/)[0].slice(site.length) || "index.html";
      var there = [];
      window.overtPages = function (pages) { there = pages; };
      scriptOf(newest + "overt/pages.js", function () {
        var same = there.indexOf(decodeURIComponent(path)) >= 0;
        banner(meta.content, all[0], newest + (same ? path : "index.html"), same);
      });
    });
  }

  function banner(version, newest, target, same) {
    var aside = make("aside", "ov-banner");
    var line = make("div", "md-grid", "This page is of version " + version + ". ");
    var link = make("a", "", same ? "The same page in version " + newest : "Version " + newest + ", which has no such page");
    aside.setAttribute("aria-label", "Version");
    link.href = target;
    line.appendChild(link);
    aside.appendChild(line);
    document.body.insertBefore(aside, document.querySelector(".md-header") || document.body.firstChild);
  }

  var watching = false;

  function begin() {
    start();
    copying();
    versions();
    quiet();
    window.requestAnimationFrame(reach);
    if (watching) { return; }
    watching = true;
    window.addEventListener("resize", reach);
    new MutationObserver(quiet).observe(document.body, { childList: true, subtree: true });
  }

  /* Material swaps pages without loading them anew when instant navigation is on. */
  if (window.document$ && window.document$.subscribe) {
    window.document$.subscribe(begin);
  } else if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", begin);
  } else {
    begin();
  }
})();

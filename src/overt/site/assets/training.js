/* Progress through a training track, and quizzes. Everything stays in this browser; without this script the pages say the same.
   Kept under overt-training:TRACK as {"format": 1, "done": {NAME: moment}}. Foreign text is only ever set as text. */
(function () {
  "use strict";

  var FORMAT = 1;
  var shown = [];

  function make(tag, className, text) {
    var element = document.createElement(tag);
    if (className) { element.className = className; }
    if (text !== undefined) { element.textContent = text; }
    return element;
  }

  function button(text, act) {
    var made = make("button", "ov-button", text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  function status(className) {
    var made = make("p", className || "ov-said");
    made.setAttribute("role", "status");
    return made;
  }

  function isMap(value) { return typeof value === "object" && value !== null && !Array.isArray(value); }

  /* What is kept; `trouble` says why it is not, in words for the reader. A browser may refuse to keep anything,
     be full, or hold something that is no progress: the pages go on with what they know. */
  function Progress(track, names) {
    this.key = "overt-training:" + track;
    this.names = names;
    this.done = {};
    this.trouble = "";
    this.damaged = null;
    this.locked = false;
    this.read();
  }

  Progress.prototype.has = function (name) { return Object.prototype.hasOwnProperty.call(this.done, name); };

  Progress.prototype.count = function () { return this.names.filter(this.has, this).length; };

  Progress.prototype.read = function () {
    var text;
    try { text = window.localStorage.getItem(this.key); } catch (error) { this.fail(); return; }
    if (text === null) { this.done = {}; return; }
    try {
      var kept = JSON.parse(text);
      if (isMap(kept) && kept.format > FORMAT) {
        this.locked = true;
        this.trouble = "Your progress was kept by a newer site and is left as it is; what you mark here is forgotten with this page.";
        return;
      }
      if (!isMap(kept) || kept.format !== FORMAT || !isMap(kept.done)) { throw new Error("no progress"); }
      this.done = this.known(kept.done);
    } catch (error) {
      this.damaged = text;
      this.trouble = "What this browser had kept could not be read; progress begins anew.";
    }
  };

  /* Only names of this track, whose own order decides; the rest is somebody else's. */
  Progress.prototype.known = function (done) {
    var found = {};
    this.names.forEach(function (name) {
      var when = Object.prototype.hasOwnProperty.call(done, name) ? done[name] : "";
      if (typeof when === "string" && when) { found[name] = when; }
    });
    return found;
  };

  Progress.prototype.fail = function () {
    this.trouble = "This browser keeps nothing: your progress is forgotten with this page. Take it along as text.";
  };

  Progress.prototype.write = function () {
    if (this.locked) { return; }
    try {
      if (this.damaged !== null) { window.localStorage.setItem(this.key + ".damaged", this.damaged); this.damaged = null; }
      window.localStorage.setItem(this.key, JSON.stringify({ format: FORMAT, done: this.done }));
      this.trouble = "";
    } catch (error) { this.fail(); }
  };

  Progress.prototype.mark = function (name, done) {
    if (done === this.has(name)) { return; }
    if (done) { this.done[name] = new Date().toISOString().slice(0, 19) + "Z"; } else { delete this.done[name]; }
    this.write();
  };

  Progress.prototype.forget = function () { this.done = {}; this.write(); };

  /* The form of `overt train report --json`, so that either can be read here. */
  Progress.prototype.text = function () {
    var done = this.done;
    var items = this.names.map(function (name) { return { name: name, passed: done[name] || "" }; });
    return JSON.stringify({ items: items }, null, 1);
  };

  /* Add what a report says; what was done stays done. Returns how many are new, or null when it is no report. */
  Progress.prototype.take = function (text) {
    var told, done = {};
    try { told = JSON.parse(text); } catch (error) { return null; }
    if (!isMap(told) || !Array.isArray(told.items)) { return null; }
    told.items.forEach(function (item) { if (isMap(item) && typeof item.name === "string") { done[item.name] = item.passed; } });
    var fresh = this.known(done), self = this;
    var added = Object.keys(fresh).filter(function (name) { return !self.has(name); });
    added.forEach(function (name) { self.done[name] = fresh[name]; });
    if (added.length) { this.write(); }
    return added.length;
  };

  function redraw() { shown.forEach(function (draw) { draw(); }); }

  function mark(word) {
    var space = "http://www.w3.org/2000/svg";
    var span = make("span", "ov ov-proved");
    var svg = document.createElementNS(space, "svg");
    var path = document.createElementNS(space, "path");
    var attributes = { viewBox: "0 0 16 16", fill: "none", stroke: "currentColor", "stroke-width": "1.6", "aria-hidden": "true" };
    Object.keys(attributes).forEach(function (name) { svg.setAttribute(name, attributes[name]); });
    path.setAttribute("d", "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM5 8.2l2.1 2.1L11.2 6");
    svg.appendChild(path);
    span.appendChild(svg);
    span.appendChild(document.createTextNode(word));
    return span;
  }

  function ticks(progress) {
    document.querySelectorAll(".ov-tick").forEach(function (place) {
      shown.push(function () {
        place.textContent = "";
        if (progress.has(place.dataset.ovItem)) { place.appendChild(mark("done")); }
      });
    });
  }

  /* The box on the page of an exercise. */
  function box(progress, place) {
    var name = place.dataset.ovItem;
    var label = make("label");
    var input = make("input");
    input.type = "checkbox";
    input.addEventListener("change", function () { progress.mark(name, input.checked); redraw(); });
    label.appendChild(input);
    label.appendChild(document.createTextNode("I have done this one"));
    place.textContent = "";
    place.appendChild(label);
    shown.push(function () { input.checked = progress.has(name); });
  }

  /* Forgetting takes two presses; anything else in between takes the first one back. */
  function forgetting(progress, said) {
    var sure = false;
    var made = button("Start over", function () {
      if (!sure) { sure = true; made.textContent = "Really forget everything"; said.textContent = "Press once more to forget all progress."; return; }
      progress.forget();
      calm();
      said.textContent = progress.trouble || "All progress is forgotten.";
      redraw();
    });
    function calm() { sure = false; made.textContent = "Start over"; }
    made.addEventListener("blur", function () { if (sure) { calm(); said.textContent = ""; } });
    return made;
  }

  function carrying(progress) {
    var details = make("details", "ov-carry");
    var said = status();
    var label = make("label", "", "Progress as text");
    var text = make("textarea");
    var fileLabel = make("label", "", "or a file, as overt train report --json writes it");
    var file = make("input");
    var row = make("div", "ov-buttons");
    text.rows = 5;
    text.spellcheck = false;
    file.type = "file";

    function take(told) {
      var added = progress.take(told);
      if (added === null) { said.textContent = "That is no progress: it is what overt train report --json prints, or what this page shows."; return; }
      said.textContent = (added === 1 ? "1 more is done." : added + " more are done.") + (progress.trouble ? " " + progress.trouble : "");
      redraw();
    }

    file.addEventListener("change", function () {
      if (!file.files.length) { return; }
      file.files[0].text().then(take, function () { said.textContent = "The file could not be read."; });
    });
    row.appendChild(button("Show mine", function () { text.value = progress.text(); said.textContent = "Your progress is in the box: copy it."; text.focus(); text.select(); }));
    row.appendChild(button("Take over what is in the box", function () { take(text.value); }));
    row.appendChild(forgetting(progress, said));
    label.appendChild(text);
    fileLabel.appendChild(file);
    details.appendChild(make("summary", "", "Take your progress along, or start over"));
    [make("p", "", "Progress is kept in this browser and nowhere else."), label, fileLabel, row, said].forEach(function (part) { details.appendChild(part); });
    return details;
  }

  /* How far the reader is: a bar, the same in words, where to go on, and on the page of the track what to do with it. */
  function overview(progress, place) {
    var line = make("div", "ov-progress-line");
    var bar = make("progress");
    var words = status("ov-progress-words");
    var next = make("p", "ov-progress-next");
    var trouble = status("ov-trouble");
    bar.max = progress.names.length;
    bar.setAttribute("aria-label", "Exercises and quizzes that are done");
    line.appendChild(bar);
    line.appendChild(words);
    place.textContent = "";
    place.appendChild(line);
    place.appendChild(next);
    place.appendChild(trouble);
    if (document.querySelector(".ov-tick")) { place.appendChild(carrying(progress)); }
    shown.push(function () {
      var count = progress.count();
      var open = progress.names.filter(function (name) { return !progress.has(name); })[0];
      bar.value = count;
      words.textContent = count + " of " + progress.names.length + " done";
      trouble.textContent = progress.trouble;
      onward(next, open, count);
    });
  }

  /* The link to the first that is open: the page of the track has one to each. */
  function onward(place, open, count) {
    place.textContent = "";
    if (open === undefined) { place.textContent = "That was the whole track. Well done."; return; }
    var found = Array.prototype.filter.call(document.querySelectorAll(".ov-tick"), function (tick) { return tick.dataset.ovItem === open; })[0];
    var source = found && found.parentElement.querySelector("a");
    if (!source) { return; }
    var link = make("a", "", source.textContent);
    link.href = source.href;
    place.appendChild(document.createTextNode(count ? "Go on with " : "Begin with "));
    place.appendChild(link);
  }

  function choice(text, number) {
    var label = make("label", "ov-choice");
    var input = make("input");
    input.type = "radio";
    input.name = "ov-choice";
    input.value = String(number);
    label.appendChild(input);
    label.appendChild(make("code", "", text));
    return label;
  }

  /* The list of choices becomes a form when the page knows which one is right. */
  function quiz(progress, place) {
    var right = place.dataset.ovRight;
    if (right === undefined) { return; }
    var options = Array.prototype.map.call(place.querySelectorAll("li"), function (item) { return item.textContent.trim(); });
    var form = make("form");
    var set = make("fieldset");
    var said = status("ov-said");
    var question = document.querySelector(".ov-question");
    var answer = document.querySelector("details.ov-answer");
    var send = make("button", "ov-button", "Answer");
    set.appendChild(make("legend", "", question ? question.textContent : "Choose one"));
    options.forEach(function (text, number) { set.appendChild(choice(text, number)); });
    form.appendChild(set);
    form.appendChild(send);
    form.appendChild(said);
    form.addEventListener("change", function () { said.textContent = ""; });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var chosen = form.querySelector("input:checked");
      said.textContent = "";
      if (!chosen) { said.textContent = "Choose one first."; return; }
      if (chosen.value !== right) {
        said.textContent = "No, not " + options[Number(chosen.value)] + ". Look again, or run the snippet; the answer is below.";
        return;
      }
      said.appendChild(mark("Right: "));
      said.appendChild(document.createTextNode(options[Number(right)]));
      if (answer) { answer.open = true; }
      progress.mark(place.dataset.ovItem, true);
      redraw();
    });
    place.textContent = "";
    if (question) { question.hidden = true; }
    place.appendChild(form);
  }

  function list(text) {
    try { var found = JSON.parse(text); return Array.isArray(found) ? found.map(String) : []; } catch (error) { return []; }
  }

  function start() {
    var place = document.querySelector(".ov-progress");
    if (!place || place.dataset.started) { return; }
    place.dataset.started = "1";
    shown = [];
    var progress = new Progress(place.dataset.ovTrack, list(place.dataset.ovNames));
    ticks(progress);
    document.querySelectorAll(".ov-quiz").forEach(function (one) { quiz(progress, one); });
    document.querySelectorAll(".ov-done").forEach(function (one) { box(progress, one); });
    overview(progress, place);
    redraw();
    /* Another window of the same site, or this page brought back from memory. */
    function again() { if (place.isConnected && !progress.trouble) { progress.read(); redraw(); } }
    window.addEventListener("storage", function (event) { if (event.key === progress.key || event.key === null) { again(); } });
    window.addEventListener("pageshow", function (event) { if (event.persisted) { again(); } });
  }

  /* Material swaps pages without loading them anew when instant navigation is on. */
  if (window.document$ && window.document$.subscribe) {
    window.document$.subscribe(start);
  } else if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();

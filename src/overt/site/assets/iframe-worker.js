/* A page opened from disk may not start a worker; the search runs in a hidden frame instead. */
(function () {
  "use strict";

  if (window.location.protocol !== "file:" || window.parent !== window) { return; }

  function FrameWorker(url) {
    var self = this;
    var target = document.createElement("div");
    var frame = document.createElement("iframe");
    var waiting = [];
    var ready = false;
    frame.hidden = true;
    frame.title = "search";
    document.body.appendChild(frame);
    var inside = frame.contentWindow;

    function script(address) {
      return new Promise(function (resolve, reject) {
        var element = frame.contentDocument.createElement("script");
        element.src = address;
        element.onload = resolve;
        element.onerror = reject;
        frame.contentDocument.body.appendChild(element);
      });
    }

    function deliver(data) {
      inside.dispatchEvent(new inside.MessageEvent("message", { data: data }));
    }

    /* What a worker may call: its answers go back to the page, further scripts are loaded one after the other. */
    inside.postMessage = function (data) {
      target.dispatchEvent(new MessageEvent("message", { data: data }));
    };
    inside.importScripts = function () {
      return Array.prototype.reduce.call(arguments, function (before, address) {
        return before.then(function () { return script(address); });
      }, Promise.resolve());
    };

    self.addEventListener = target.addEventListener.bind(target);
    self.removeEventListener = target.removeEventListener.bind(target);
    self.dispatchEvent = target.dispatchEvent.bind(target);
    self.postMessage = function (data) {
      if (ready) { deliver(data); } else { waiting.push(data); }
    };
    self.terminate = function () { frame.remove(); };

    script(new URL(url, document.baseURI).href).then(function () {
      ready = true;
      waiting.forEach(deliver);
    });
  }

  window.Worker = FrameWorker;
})();

// What this adds is a convenience: without it every page is complete. No network, no storage, and
// text only ever as text.
(function () {
  "use strict";

  var main = document.getElementById("main");
  if (!main) {
    return;
  }
  var list = main.querySelector("table.results, table.main-list");
  var rows = list ? Array.prototype.slice.call(list.tBodies[0].rows) : [];
  var chosen = -1;

  function make(tag, text, className) {
    var element = document.createElement(tag);
    if (text) {
      element.textContent = text;
    }
    if (className) {
      element.className = className;
    }
    return element;
  }

  function button(text, action, className) {
    var element = make("button", text, className);
    element.type = "button";
    element.addEventListener("click", action);
    return element;
  }

  // A button beside each command.
  function copy(command, label) {
    function done() {
      label.textContent = "Copied";
      window.setTimeout(function () {
        label.textContent = "Copy";
      }, 1500);
    }
    function select() {
      var range = document.createRange();
      range.selectNodeContents(command);
      var selection = window.getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      label.textContent = "Selected";
    }
    if (navigator.clipboard && navigator.clipboard.writeText) {
      navigator.clipboard.writeText(command.textContent).then(done, select);
    } else {
      select();
    }
  }

  main.querySelectorAll("code.command").forEach(function (command) {
    var label = button("Copy", function () {
      copy(command, label);
    }, "copy");
    label.setAttribute("aria-label", "Copy the command " + command.textContent.slice(0, 80));
    command.insertAdjacentElement("afterend", label);
  });

  // Expand and collapse everything.
  var folds = main.querySelectorAll("details");
  function setAll(open) {
    folds.forEach(function (fold) {
      fold.open = open;
    });
  }
  var heading = main.querySelector("h1");
  if (folds.length > 1 && heading) {
    var tools = make("div", "", "script-only");
    tools.appendChild(button("Expand all", function () {
      setAll(true);
    }));
    tools.appendChild(button("Collapse all", function () {
      setAll(false);
    }));
    heading.insertAdjacentElement("afterend", tools);
  }

  if (!list) {
    return;
  }

  // A filter that the address remembers: #filter=text.
  var box = make("input");
  var status = make("output");
  function filterOf(hash) {
    var found = /^#filter=(.*)$/.exec(hash);
    try {
      return found ? decodeURIComponent(found[1]) : "";
    } catch (error) {
      return "";
    }
  }
  function filter() {
    var wanted = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    var shown = 0;
    rows.forEach(function (row) {
      var text = row.textContent.toLowerCase();
      var fits = wanted.every(function (word) {
        return text.indexOf(word) >= 0;
      });
      row.classList.toggle("filtered-out", !fits);
      shown += fits ? 1 : 0;
    });
    status.textContent = shown + " of " + rows.length + " rows";
  }
  box.type = "search";
  box.placeholder = "Filter rows";
  box.setAttribute("aria-label", "Filter the rows of the list");
  box.value = filterOf(location.hash);
  box.addEventListener("input", function () {
    filter();
    var hash = box.value ? "#filter=" + encodeURIComponent(box.value) : "#";
    try {
      history.replaceState(null, "", hash);
    } catch (error) {
      location.hash = hash;
    }
  });
  window.addEventListener("hashchange", function () {
    if (/^#filter=/.test(location.hash) && filterOf(location.hash) !== box.value) {
      box.value = filterOf(location.hash);
      filter();
    }
  });
  var bar = make("div", "", "script-only");
  bar.appendChild(box);
  bar.appendChild(status);
  var frame = list.closest("section");
  frame.parentNode.insertBefore(bar, frame);
  filter();

  // Sorting by a click on the head of a column.
  function keyOf(row, column) {
    var text = row.cells[column].textContent.trim();
    var number = /^([\d.]+)\s*(h|min|s|ms|µs|us)?\b/.exec(text);
    var units = { h: 3600, min: 60, s: 1, ms: 1e-3, "µs": 1e-6, us: 1e-6 };
    return number ? parseFloat(number[1]) * (units[number[2]] || 1) : text;
  }
  Array.prototype.forEach.call(list.tHead.rows[0].cells, function (head, column) {
    var name = head.textContent;
    head.textContent = "";
    head.appendChild(button(name, function () {
      var down = head.getAttribute("aria-sort") === "ascending";
      Array.prototype.forEach.call(list.tHead.rows[0].cells, function (other) {
        other.removeAttribute("aria-sort");
      });
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      rows.sort(function (a, b) {
        var x = keyOf(a, column);
        var y = keyOf(b, column);
        var order = x < y ? -1 : x > y ? 1 : 0;
        if (typeof x !== typeof y) {
          order = typeof x === "number" ? -1 : 1;
        }
        return down ? -order : order;
      });
      rows.forEach(function (row) {
        list.tBodies[0].appendChild(row);
      });
    }));
  });

  // Keys, only while the list has the focus: j k move, n p go to what does not hold, / filters.
  function visible(row) {
    return row.getClientRects().length > 0;
  }
  function choose(index) {
    if (index < 0 || index >= rows.length) {
      return;
    }
    if (chosen >= 0) {
      rows[chosen].classList.remove("chosen");
    }
    chosen = index;
    rows[chosen].classList.add("chosen");
    rows[chosen].scrollIntoView({ block: "nearest" });
    status.textContent = "Row " + (chosen + 1) + ": " + rows[chosen].cells[1].textContent;
  }
  function step(by, wanted) {
    for (var i = chosen + by; i >= 0 && i < rows.length; i += by) {
      if (visible(rows[i]) && (!wanted || rows[i].classList.contains("failing"))) {
        choose(i);
        return;
      }
    }
  }
  frame.addEventListener("keydown", function (event) {
    if (event.target !== frame || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    var link = chosen >= 0 ? rows[chosen].querySelector("a") : null;
    var actions = {
      j: function () { step(1, false); },
      k: function () { step(-1, false); },
      n: function () { step(1, true); },
      p: function () { step(-1, true); },
      "/": function () { box.focus(); },
      "?": function () {
        status.textContent = "j, k: next and previous row; n, p: the same of what does not hold; " +
            "Enter: its page; /: filter";
      },
      Enter: function () { if (link) { link.click(); } }
    };
    if (Object.prototype.hasOwnProperty.call(actions, event.key)) {
      event.preventDefault();
      actions[event.key]();
    }
  });
})();

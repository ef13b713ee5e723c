// Every case of a sweep: one measure along one axis, and all axes as parallel lines.
(function () {
  "use strict";
  const data = JSON.parse(document.getElementById("sweep-data").textContent);
  const at = (id) => document.getElementById("sweep-" + id);
  const COLOURS = ["#0b5fa5", "#c72121", "#2f8f46", "#b8860b", "#7a3fa0", "#4d4d4d", "#008b8b", "#d2691e"];
  const isWord = (values) => values.some((value) => typeof value === "string");
  const levels = (values) => [...new Set(values.filter((value) => value !== null))].sort();

  function numbersOf(values) {
    if (!isWord(values)) return values;
    const known = levels(values);
    return values.map((value) => (value === null ? null : known.indexOf(value)));
  }

  function scatter() {
    const measure = at("measure").value, along = at("along").value, by = at("colour").value;
    const x = data.axes[along], y = data.measures[measure], groups = by ? data.axes[by] : null;
    const traces = [];
    const add = (rows, name, marker) => traces.push({
      type: "scatter", mode: "markers", name, x: rows.map((k) => x[k]), y: rows.map((k) => y[k]),
      customdata: rows, hovertemplate: "case %{text}<br>%{x}<br>%{y:.4g}<extra></extra>",
      text: rows.map((k) => data.numbers[k]), marker: { size: 7, opacity: 0.8, ...marker },
    });
    const all = x.map((_, k) => k);
    if (groups && (isWord(groups) || levels(groups).length <= COLOURS.length)) {
      levels(groups).forEach((level, n) => add(all.filter((k) => groups[k] === level), String(level), { color: COLOURS[n % COLOURS.length] }));
    } else if (groups) {
      add(all, "", { color: groups, colorscale: "Viridis", showscale: true, colorbar: { title: { text: by } } });
    } else {
      add(all, "", { color: COLOURS[0] });
    }
    return Plotly.react(at("scatter"), traces, {
      margin: { l: 70, r: 20, t: 10, b: 55 }, hovermode: "closest", showlegend: traces.length > 1,
      xaxis: { title: { text: along } }, yaxis: { title: { text: measure } },
    }, { displayModeBar: false, responsive: true });
  }

  function lines() {
    const measure = at("measure").value, values = data.measures[measure];
    const dimensions = Object.entries(data.axes).map(([name, given]) => {
      const found = { label: name.replace(/^[a-z]+\./, ""), values: numbersOf(given) };
      if (isWord(given)) Object.assign(found, { tickvals: levels(given).map((_, k) => k), ticktext: levels(given) });
      return found;
    });
    dimensions.push({ label: measure.split(".").slice(-1)[0], values });
    const known = values.filter((value) => value !== null);
    return Plotly.react(at("lines"), [{
      type: "parcoords", dimensions, labelangle: -20, labelfont: { size: 11 },
      line: { color: values, colorscale: "Viridis", cmin: Math.min(...known), cmax: Math.max(...known), showscale: true },
    }], { margin: { l: 60, r: 40, t: 95, b: 20 } }, { displayModeBar: false, responsive: true });
  }

  function told(k) {
    const texts = data.sets[k].map((text) => "--set '" + text + "'").join(" ");
    return { number: data.numbers[k], value: data.measures[at("measure").value][k], command: "femsim run " + data.file + " " + texts };
  }

  function show(k) {
    const one = told(k), box = at("case"), code = document.createElement("code");
    code.textContent = one.command;
    box.replaceChildren("Case " + one.number + ", " + at("measure").value + " = " + one.value + ": ", code);
  }

  for (const name of Object.keys(data.measures)) at("measure").add(new Option(name, name));
  for (const name of Object.keys(data.axes)) at("along").add(new Option(name, name));
  at("colour").add(new Option("nothing", ""));
  for (const name of Object.keys(data.axes)) at("colour").add(new Option(name, name));
  Promise.all([scatter(), lines()]).then(() => {
    at("scatter").on("plotly_click", (event) => show(event.points[0].customdata));
    at("scatter").dataset.ready = "yes";
  });
  at("measure").addEventListener("change", () => { scatter(); lines(); });
  for (const id of ["along", "colour"]) at(id).addEventListener("change", scatter);
  window.femsimSweep = { data, told };
})();

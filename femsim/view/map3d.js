// Draws the packed femora: a field on a surface of each, one scale, one camera, and the value under the pointer.
(function () {
  "use strict";
  const data = JSON.parse(document.getElementById("map3d-data").textContent);
  const at = (id) => document.getElementById("map3d-" + id);
  const plot = at("plot"), panels = data.panels;
  const NONE = 255, NEAR = 1.9; // as the femur fills its panel

  function unpacked(text, Kind) {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    return new Kind(bytes.buffer);
  }

  // Every triangle has corners of its own: a corner then says which triangle it is of.
  const opened = {};
  function surface(panel, kind) {
    const key = panel + "/" + kind;
    if (!opened[key]) {
      const packed = panels[panel].surfaces[kind];
      const points = unpacked(packed.points, Float32Array), triangles = unpacked(packed.triangles, packed.wide ? Uint32Array : Uint16Array);
      const n = triangles.length, x = new Float32Array(n), y = new Float32Array(n), z = new Float32Array(n);
      for (let k = 0; k < n; k++) {
        x[k] = points[3 * triangles[k]];
        y[k] = points[3 * triangles[k] + 1];
        z[k] = points[3 * triangles[k] + 2];
      }
      const values = {};
      for (const field of Object.keys(packed.values)) values[field] = unpacked(packed.values[field], Float32Array);
      opened[key] = {
        x, y, z, values, n: n / 3, of: panels[panel],
        region: unpacked(packed.region, Uint8Array), bone: unpacked(packed.bone, Uint8Array),
        zone: unpacked(packed.zone, Uint8Array), lit: unpacked(packed.lit, Uint8Array),
      };
    }
    return opened[key];
  }

  function colourOf(scale, value) {
    if (Number.isNaN(value)) return scale.undefined;
    const bounds = scale.bounds, last = bounds.length - 1;
    if (value < bounds[0]) return scale.below || scale.colours[0];
    if (value > bounds[last]) return scale.above || scale.colours[last - 1];
    let step = 0;
    while (step < last - 1 && value >= bounds[step + 1]) step++;
    return scale.colours[step];
  }

  function colours(one, field) {
    const scale = data.fields[field], values = one.values[field];
    return Array.from({ length: one.n }, (_, face) => {
      const value = values && face < values.length ? values[face] : NaN;
      // What was put in has the colours of its materials where the field is not defined there.
      return Number.isNaN(value) && !one.bone[face] ? one.of.regions[one.region[face]].colour : colourOf(scale, value);
    });
  }

  function traces() {
    const kind = at("surface").value, field = at("field").value, found = [];
    panels.forEach((_, panel) => {
      const one = surface(panel, kind), all = colours(one, field);
      // A section is drawn in the exact colours of the legend, what light falls on beside it: two meshes.
      for (const lit of [0, 1]) {
        const faces = [];
        for (let face = 0; face < one.n; face++) if (one.lit[face] === lit) faces.push(face);
        const i = faces.map((f) => 3 * f), j = faces.map((f) => 3 * f + 1), k = faces.map((f) => 3 * f + 2);
        const pale = kind === "cut" && lit;
        found.push({
          type: "mesh3d", x: one.x, y: one.y, z: one.z, i, j, k, scene: sceneOf(panel),
          facecolor: pale ? faces.map(() => "#f2f0eb") : faces.map((f) => all[f]), flatshading: true,
          hoverinfo: pale ? "skip" : "none", meta: { panel, kind },
          lighting: lit ? { ambient: 0.72, diffuse: 0.4, specular: 0.0, fresnel: 0.0 }
            : { ambient: 1.0, diffuse: 0.0, specular: 0.0, fresnel: 0.0 },
        });
      }
    });
    return found;
  }

  function camera(view) {
    const one = data.views[view], far = 1.35;
    return {
      eye: { x: far * one.towards[0], y: far * one.towards[1], z: far * one.towards[2] },
      up: { x: one.up[0], y: one.up[1], z: one.up[2] }, center: { x: 0, y: 0, z: 0 },
      projection: { type: "orthographic" },
    };
  }

  // Plotly's name for the scene that a panel is drawn in.
  const sceneOf = (panel) => panel ? "scene" + (panel + 1) : "scene";

  function scene(panel) {
    const half = 0.55 * data.size, n = panels.length, hidden = { visible: false };
    const range = (k) => [data.centre[k] - half, data.centre[k] + half];
    return {
      domain: { x: [panel / n, (panel + 1) / n], y: [0, 1] }, aspectmode: "manual", aspectratio: { x: NEAR, y: NEAR, z: NEAR }, camera: camera(at("view").value),
      xaxis: { ...hidden, range: range(0) }, yaxis: { ...hidden, range: range(1) }, zaxis: { ...hidden, range: range(2) },
    };
  }

  // What stands over a panel, as wide as the panel: plotly reads the marks of HTML.
  function heading(title) {
    const lines = [""], widest = 84 / panels.length;
    for (const word of title.split(" ")) {
      const last = lines.length - 1, longer = lines[last] ? lines[last] + " " + word : word;
      if (longer.length > widest && lines[last]) lines.push(word); else lines[last] = longer;
    }
    const plain = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    return lines.map((line) => "<b>" + plain(line) + "</b>").join("<br>");
  }

  function layout() {
    const titles = panels.map((one, panel) => ({
      text: heading(one.title), x: (panel + 0.02) / panels.length, y: 1, xref: "paper",
      yref: "paper", xanchor: "left", yanchor: "top", align: "left", showarrow: false,
    }));
    return { margin: { l: 0, r: 0, t: 0, b: 0 }, annotations: titles, showlegend: false, ...scenes() };
  }

  function legend() {
    const scale = data.fields[at("field").value], box = at("legend");
    box.replaceChildren();
    const title = document.createElement("p");
    title.textContent = scale.title;
    box.append(title);
    const row = (colour, tick, name = "tick") => {
      const line = document.createElement("div"), swatch = document.createElement("span"), words = document.createElement("span");
      line.className = "row"; swatch.className = "swatch"; words.className = name;
      swatch.style.background = colour; words.textContent = tick;
      line.append(swatch, words);
      box.append(line);
    };
    const last = scale.colours.length;
    if (scale.above) row(scale.above, scale.ticks[last]);
    else box.append(Object.assign(document.createElement("div"), { className: "top", textContent: scale.ticks[last] }));
    for (let step = last - 1; step >= 0; step--) row(scale.colours[step], scale.ticks[step]);
    if (scale.below) row(scale.below, "below", "name");
    box.append(Object.assign(document.createElement("div"), { className: "gap" }));
    for (const material of data.materials) row(material.colour, material.words, "name");
    row(scale.undefined, "not defined", "name");
  }

  // All femora have one camera and one zoom, which is the aspect ratio of a scene without perspective.
  let present = {};
  function scenes() {
    return Object.fromEntries(panels.map((_, panel) => [sceneOf(panel), { ...scene(panel), ...present }]));
  }

  function redraw() {
    legend();
    return Plotly.react(plot, traces(), layout());
  }

  let following = false;
  function follow(change) {
    if (following) return;
    const moved = {};
    for (const what of ["camera", "aspectratio"]) {
      const key = Object.keys(change).find((name) => name.endsWith("." + what));
      if (key) moved[what] = change[key];
    }
    if (!Object.keys(moved).length) return;
    present = { ...present, ...moved };
    if (panels.length < 2) return;
    following = true;
    const all = {};
    panels.forEach((_, panel) => {
      for (const [what, value] of Object.entries(moved)) all[sceneOf(panel) + "." + what] = value;
    });
    Plotly.relayout(plot, all).then(() => { following = false; });
  }

  // What a pointer reads: the stored value of the element under it.
  function reading(point) {
    const { panel, kind } = point.data.meta, one = surface(panel, kind), field = at("field").value;
    const face = Math.floor(point.pointNumber / 3), known = one.values[field];
    const value = known && face < known.length ? known[face] : NaN;
    const place = one.zone[face] === NONE ? one.of.regions[one.region[face]].words : one.of.zones[one.zone[face]];
    const said = Number.isNaN(value) ? "not defined" : Number(value.toPrecision(4)).toString();
    return { panel, face, value, text: one.of.title + ", " + place + ": " + data.fields[field].title + " " + said };
  }

  const more = [];
  if (data.not_shown.length) more.push("Not on this map, for lack of room: " + data.not_shown.join("; ") + ".");
  if (data.left_out) more.push(data.left_out + " fields are left out, so that the page stays small; femsim view has them.");
  at("more").textContent = more.join(" ");
  for (const [key, field] of Object.entries(data.fields)) at("field").add(new Option(field.words, key));
  for (const view of Object.keys(data.views)) at("view").add(new Option(view, view));
  legend();
  Plotly.newPlot(plot, traces(), layout(), { displayModeBar: false, responsive: true, scrollZoom: true }).then(() => {
    plot.on("plotly_hover", (event) => { at("read").textContent = reading(event.points[0]).text; });
    plot.on("plotly_relayout", follow);
    for (const id of ["field", "surface"]) at(id).addEventListener("change", redraw);
    at("view").addEventListener("change", () => { present = { camera: camera(at("view").value) }; redraw(); });
    plot.dataset.ready = "yes";
  });
  window.femsimMap = { data, surface, colours, reading };
})();

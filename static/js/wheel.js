/* Draws every [data-wheel]: labels on wide pages, numbers on narrow ones; fills a sector when it is answered; and lets a sector and
   whatever stands on the page for the same competency ([data-sector]) point at each other, by mouse, tap and keyboard. */
(() => {
  "use strict";

  const { add, drawn, frameFor, themed } = window.Plots;

  /* The figure for a page so many pixels wide, in the page's colours. */
  function fitted(figure, width) {
    const { legend, labels } = figure.layout.meta;
    const frame = frameFor(figure.layout.meta, width);
    const { data, layout } = themed({ data: figure.data, layout: figure.layout }, figure.layout.meta);
    Object.assign(data[labels], frame.labels); // the widest frame's labels are the figure's own
    for (const trace of data) {
      if (trace.mode === "markers") trace.marker.size *= frame.scale;
      if (trace.mode === "lines") trace.line.width *= frame.scale;
    }
    delete layout.meta;
    layout.width = width;
    layout.margin = { l: frame.side, r: frame.side, t: frame.top, b: frame.bottom + legend, autoexpand: false };
    layout.height = width - 2 * frame.side + layout.margin.t + layout.margin.b;
    layout.polar.hole = frame.hole;
    layout.polar.radialaxis.range = frame.range;
    [layout.legend.x, layout.legend2.x] = frame.legend;
    layout.legend.y = layout.legend2.y = legend / layout.height;
    if (frame.key) layout.annotations = [ringKey(frame.key)];
    return { data, layout };
  }

  /* Says below the plot what the rings' numbers in the gaps stand for. */
  function ringKey(text) {
    const below = { xref: "paper", x: 0.5, xanchor: "center", yref: "paper", y: 0, yanchor: "top", yshift: -12 };
    return { text, showarrow: false, font: { size: 12 }, ...below };
  }

  /* Fills one sector up to a level, or empties it (level null), as after a saved answer. */
  function fill(element, number, level) {
    const { figure } = drawn.get(element);
    const { meta } = figure.layout;
    const at = number - 1;
    const slot = meta.slots[at];
    if (slot === undefined || meta.fill === null) return;
    const rings = figure.data.slice(0, meta.hover);
    rings.forEach((trace, ring) => {
      trace.marker.color[at] = (level ?? 0) > ring ? meta.filled[slot] : meta.empty[slot];
    });
    const marks = figure.data[meta.noneMarks].marker;
    marks.color[at] = level === 0 ? meta.filled[slot] : meta.unseen;
    const texts = figure.data[meta.hover].hovertext;
    const lines = texts[at].split("<br>");
    lines[1 + meta.fill] = `${meta.filling}: ${meta.words[level] ?? meta.none}`;
    texts[at] = lines.join("<br>");
    const colours = rings.map((trace) => themed(trace.marker.color, meta));
    window.Plotly.restyle(
      element,
      {
        "marker.color": [...colours, undefined, themed(marks.color, meta)],
        hovertext: [...rings.map(() => undefined), [...texts], undefined],
      },
      [...rings.keys(), meta.hover, meta.noneMarks],
    );
  }

  function answered({ detail }) {
    for (const element of drawn.keys()) {
      if ([element.id, element.dataset.wheel].includes(detail.wheel)) fill(element, Number(detail.number), detail.level);
    }
  }

  /* --- pointing ------------------------------------------------------------------------------------------------------ */

  let pointed = null; // the number of a sector
  let byRow = false;

  /* The outlines of a wheel's sectors, whole, in their order; none before it is drawn. */
  function sectorsOf(element) {
    const { meta } = drawn.get(element).figure.layout;
    return element.querySelectorAll(".barlayer .bars")[meta.hover]?.querySelectorAll("path") ?? [];
  }

  function point(number) {
    pointed = number;
    for (const element of drawn.keys()) {
      sectorsOf(element).forEach((path, at) => path.classList.toggle("is-pointed", at + 1 === number));
    }
    for (const row of document.querySelectorAll("[data-sector]")) {
      row.classList.toggle("is-pointed", Number(row.dataset.sector) === number);
    }
  }

  /* Says what the wheel shows of a sector, below it: there is no mouse on a phone, and none for a keyboard. */
  function say(element, number) {
    const { figure } = drawn.get(element);
    const [name, ...levels] = figure.data[figure.layout.meta.hover].hovertext[number - 1].replace(/<\/?b>/g, "").split("<br>");
    let place = element.nextElementSibling;
    if (!place?.matches(".wheel__says")) {
      place = document.createElement("p");
      place.className = "wheel__says";
      place.setAttribute("aria-live", "polite");
      element.after(place);
    }
    const plain = document.createElement("textarea"); // the texts are HTML, with nothing but entities left in them
    plain.innerHTML = [`${name}${levels.length ? ": " : ""}`, levels.join(" · ")].join("");
    place.textContent = plain.value;
  }

  /* The number of the sector at these coordinates of the window, or undefined. */
  function sectorAt(element, { clientX, clientY }) {
    const { figure } = drawn.get(element);
    const box = element.querySelectorAll(".barlayer .bars")[figure.layout.meta.hover]?.getBoundingClientRect();
    if (!box) return undefined;
    const [x, y] = [clientX - box.left - box.width / 2, clientY - box.top - box.height / 2];
    const { theta, width } = figure.data[figure.layout.meta.hover];
    if (Math.hypot(x, y) > box.width * 0.62) return undefined; // the numbers around it count, too
    const angle = (Math.atan2(x, -y) * 180) / Math.PI;
    const at = theta.findIndex((middle) => Math.abs(((angle - middle + 540) % 360) - 180) <= width / 2);
    return at < 0 ? undefined : at + 1;
  }

  function choose(element, number, goesThere) {
    byRow = false;
    point(number);
    say(element, number);
    document.dispatchEvent(new CustomEvent("sector:chosen", { detail: { number, goesThere } }));
  }

  const wheelOf = ({ target }) => [...drawn.keys()].find((element) => element.contains(target));

  // Not click: Plotly keeps that of a finger to itself, and lays a cover over the page while a mouse is down.
  let down = null;
  document.addEventListener("pointerdown", (event) => { down = { event, element: wheelOf(event) }; }, true);
  document.addEventListener("pointerup", (event) => {
    const { element } = down ?? {};
    if (!element || Math.hypot(event.clientX - down.event.clientX, event.clientY - down.event.clientY) > 8) return;
    const number = sectorAt(element, event);
    // Where the wheel stands beside its rows one may go there; where it stands above them, it would be gone.
    if (number) choose(element, number, window.matchMedia("(min-width: 64rem)").matches);
  }, true);

  document.addEventListener("keydown", (event) => {
    const element = wheelOf(event);
    if (!element || event.target !== element) return;
    const count = sectorsOf(element).length;
    const next = { ArrowRight: (pointed ?? 0) + 1, ArrowLeft: (pointed ?? 1) - 1, Home: 1, End: count, Enter: pointed }[event.key];
    if (next === undefined || next === null || !count) return;
    event.preventDefault();
    choose(element, ((next - 1 + count) % count) + 1, event.key === "Enter");
  });

  // A row under the mouse or with the focus points until both have left it; what was chosen in the wheel stays.
  for (const kind of ["mouseover", "focusin"]) {
    document.addEventListener(kind, ({ target }) => {
      const row = target.closest?.("[data-sector]") ?? document.activeElement?.closest("[data-sector]");
      if (!row && !byRow) return;
      byRow = Boolean(row);
      const number = row ? Number(row.dataset.sector) : null;
      if (number !== pointed) point(number);
    });
  }

  add("wheel", fitted);
  document.addEventListener("wheel:level", answered, true); // caught on its way down, wherever it is sent from
})();

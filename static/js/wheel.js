/* Draws every [data-wheel] with Plotly from the JSON script whose id it names: labels on wide pages, numbers on
   narrow ones, light or dark. Without Plotly the picture meant for pages without JavaScript is shown. */
(() => {
  "use strict";

  const CONFIG = {
    displayModeBar: false,
    showSendToCloud: false,
    plotlyServerURL: "",
    locale: "de",
    doubleClick: false,
    showTips: false,
  };
  const PRINT_WIDTH = 640; // what fits an A4 page between its margins
  const darkPage = window.matchMedia("(prefers-color-scheme: dark)");
  const wheels = new Map(); // element -> { json, figure, width }
  let printing = false;

  const isDark = () => {
    const chosen = document.documentElement.dataset.kernTheme;
    return !printing && (chosen === "dark" || (chosen !== "light" && darkPage.matches));
  };

  /* A copy of any part of the figure, in the page's colours. */
  function themed(part, meta) {
    const colours = isDark() ? meta.dark : {};
    return JSON.parse(JSON.stringify(part, (_, value) => (typeof value === "string" && colours[value]) || value));
  }

  /* The figure for a page so many pixels wide, in the page's colours. */
  function fitted(figure, width) {
    const { frames, legend, labels } = figure.layout.meta;
    const frame = frames.find((candidate) => width >= candidate.width) ?? frames.at(-1);
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

  /* Says below the plot what the numbers 1, 2, 3 in the gaps stand for. */
  function ringKey(text) {
    const below = { xref: "paper", x: 0.5, xanchor: "center", yref: "paper", y: 0, yanchor: "top", yshift: -12 };
    return { text, showarrow: false, font: { size: 12 }, ...below };
  }

  function draw(element) {
    const wheel = wheels.get(element);
    const room = Math.floor(element.clientWidth);
    if (!room) return;
    wheel.width = room;
    const { data, layout } = fitted(wheel.figure, printing ? Math.min(room, PRINT_WIDTH) : room);
    window.Plotly.react(element, data, layout, CONFIG);
  }

  const drawAll = () => [...wheels.keys()].forEach(draw);

  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const wheel = wheels.get(target);
      if (wheel && !printing && Math.floor(target.clientWidth) !== wheel.width) draw(target);
    }
  });

  /* Draws the wheels that are new on the page or whose JSON has changed, and forgets those that left it. */
  function find() {
    for (const element of wheels.keys()) {
      if (element.isConnected) continue;
      resized.unobserve(element);
      window.Plotly.purge(element);
      wheels.delete(element);
    }
    for (const element of document.querySelectorAll("[data-wheel]")) {
      const json = document.getElementById(element.dataset.wheel)?.textContent;
      if (!json || wheels.get(element)?.json === json) continue;
      wheels.set(element, { json, figure: JSON.parse(json), width: 0 });
      draw(element);
      resized.observe(element);
    }
  }

  /* Fills one sector up to a level, or empties it (level null), as after a saved answer. */
  function fill(element, number, level) {
    const { figure } = wheels.get(element);
    const { meta } = figure.layout;
    const at = number - 1;
    const slot = meta.slots[at];
    if (slot === undefined || meta.fill === null) return;
    const rings = figure.data.slice(0, meta.hover);
    rings.forEach((trace, ring) => {
      trace.marker.color[at] = (level ?? 0) > ring ? meta.filled[slot] : meta.empty[slot];
    });
    const texts = figure.data[meta.hover].hovertext;
    const lines = texts[at].split("<br>");
    lines[1 + meta.fill] = `${lines[1 + meta.fill].split(": ").slice(0, -1).join(": ")}: ${meta.words[level] ?? meta.none}`;
    texts[at] = lines.join("<br>");
    const colours = rings.map((trace) => themed(trace.marker.color, meta));
    window.Plotly.restyle(
      element,
      { "marker.color": [...colours, undefined], hovertext: [...rings.map(() => undefined), [...texts]] },
      [...rings.keys(), meta.hover],
    );
  }

  function answered({ detail }) {
    for (const element of wheels.keys()) {
      if ([element.id, element.dataset.wheel].includes(detail.wheel)) fill(element, Number(detail.number), detail.level);
    }
  }

  /* noscript holds the picture as text wherever scripts run, so a missing Plotly has to unpack it. */
  function showPictures() {
    for (const hidden of document.querySelectorAll("[data-wheel] noscript")) hidden.outerHTML = hidden.textContent;
  }

  function start() {
    if (!window.Plotly) {
      showPictures();
      document.addEventListener("htmx:after:swap", showPictures);
      return;
    }
    document.addEventListener("htmx:after:swap", find);
    document.addEventListener("wheel:level", answered, true); // caught on its way down, wherever it is sent from
    darkPage.addEventListener("change", drawAll);
    new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["data-kern-theme"] });
    for (const [name, now] of [["beforeprint", true], ["afterprint", false]]) {
      window.addEventListener(name, () => {
        printing = now;
        drawAll();
      });
    }
    // Plotly measures its legends with the font of the moment: wait for the page's own.
    document.fonts.load('13px "Fira Sans"').then(find, find);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

/* Draws pictures with Plotly from JSON scripts, for wheel.js and timeline.js: as wide as their place, light or dark. Each stands in the
   place of an SVG of the same, which is there at once, stays where Plotly is missing, and is what is printed. Plotly is fetched when
   the page has come to rest, and draws one picture at a time, so that nobody waits for it. */
window.Plots = (() => {
  "use strict";

  const CONFIG = {
    displayModeBar: false,
    showSendToCloud: false,
    plotlyServerURL: "",
    locale: "de",
    doubleClick: false,
    showTips: false,
  };
  const address = document.currentScript?.dataset.plotly;
  const darkPage = window.matchMedia("(prefers-color-scheme: dark)");
  const forced = window.matchMedia("(forced-colors: active)"); // there the SVG follows the colours, and stays
  const kinds = new Map(); // "wheel" for every [data-wheel] -> what fits its figure to a width, and how it is drawn
  const drawn = new Map(); // element -> { json, figure, kind, place, width }
  const waiting = new Set();

  const isDark = () => {
    const chosen = document.documentElement.dataset.kernTheme;
    return chosen === "dark" || (chosen !== "light" && darkPage.matches);
  };

  /* A copy of any part of a figure, in the page's colours. */
  function themed(part, { dark }) {
    const colours = isDark() ? dark : {};
    return JSON.parse(JSON.stringify(part, (_, value) => (typeof value === "string" && colours[value]) || value));
  }

  /* The widest of a figure's frames that has room in so many pixels. */
  const frameFor = ({ frames }, width) => frames.find((candidate) => width >= candidate.width) ?? frames.at(-1);

  /* In a pause of the page, or after half a second: a browser that has nothing to draw may never say that it rests. */
  const atRest = (task) => (window.requestIdleCallback ? requestIdleCallback(task, { timeout: 500 }) : setTimeout(task, 50));

  /* One picture in each pause of the page. */
  function soon(element) {
    if (!waiting.size) atRest(drawNext);
    waiting.add(element);
  }

  function drawNext() {
    const [element] = waiting;
    waiting.delete(element);
    if (window.Plotly && drawn.has(element)) draw(element);
    if (waiting.size) atRest(drawNext);
  }

  function draw(element) {
    const plot = drawn.get(element);
    const room = element.clientWidth;
    if (!room || forced.matches) return;
    plot.width = room;
    if (!plot.place) {
      plot.place = Object.assign(document.createElement("div"), { className: "plot", ariaHidden: "true" });
      (element.querySelector(".wheel__picture") ?? element).append(plot.place);
    }
    const { fitted, config } = plot.kind;
    const { data, layout } = fitted(plot.figure, room, element);
    window.Plotly.react(plot.place, data, layout, { ...CONFIG, ...config });
    element.classList.add("is-drawn");
  }

  const drawAll = () => [...drawn.keys()].forEach(soon);

  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const plot = drawn.get(target);
      if (plot?.place && target.clientWidth !== plot.width) soon(target);
    }
  });

  /* Finds what is new on the page or whose JSON has changed, and forgets what left it. */
  function find() {
    for (const [element, { place }] of drawn) {
      if (element.isConnected) continue;
      resized.unobserve(element);
      if (place) window.Plotly.purge(place);
      drawn.delete(element);
    }
    for (const [name, kind] of kinds) {
      for (const element of document.querySelectorAll(`[data-${name}]`)) {
        const json = document.getElementById(element.dataset[name])?.textContent;
        const plot = drawn.get(element);
        if (!json || plot?.json === json) continue;
        drawn.set(element, { ...plot, json, figure: JSON.parse(json), kind });
        kind.found?.(element);
        resized.observe(element);
        soon(element);
      }
    }
  }

  /* Plotly measures its words with the font of the moment: wait for the page's own. */
  function fetchPlotly() {
    if (!drawn.size || !address || forced.matches) return;
    const script = Object.assign(document.createElement("script"), { src: address, async: true });
    script.onload = () => document.fonts.load('14px "Fira Sans"').then(drawAll, drawAll);
    document.head.append(script);
  }

  function start() {
    find();
    document.addEventListener("htmx:after:swap", find);
    darkPage.addEventListener("change", drawAll);
    new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["data-kern-theme"] });
    const later = () => atRest(fetchPlotly);
    if (document.readyState === "complete") later();
    else window.addEventListener("load", later);
  }

  document.addEventListener("DOMContentLoaded", start); // after all deferred scripts, so that every kind is known

  return { add: (name, kind) => kinds.set(name, kind), drawn, frameFor, redraw: soon, themed };
})();

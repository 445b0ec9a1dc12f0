/* Draws pictures with Plotly from JSON scripts, for wheel.js and timeline.js: as wide as their place, light or dark, light
   on paper. Without Plotly the picture meant for pages without JavaScript is shown. */
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
  const PRINT_WIDTH = 640; // what fits an A4 page between its margins
  const darkPage = window.matchMedia("(prefers-color-scheme: dark)");
  const kinds = new Map(); // "wheel" for every [data-wheel] -> what fits its figure to a width
  const drawn = new Map(); // element -> { json, figure, fitted, width }
  let printing = false;

  const isDark = () => {
    const chosen = document.documentElement.dataset.kernTheme;
    return !printing && (chosen === "dark" || (chosen !== "light" && darkPage.matches));
  };

  /* A copy of any part of a figure, in the page's colours. */
  function themed(part, { dark }) {
    const colours = isDark() ? dark : {};
    return JSON.parse(JSON.stringify(part, (_, value) => (typeof value === "string" && colours[value]) || value));
  }

  /* The widest of a figure's frames that has room in so many pixels. */
  const frameFor = ({ frames }, width) => frames.find((candidate) => width >= candidate.width) ?? frames.at(-1);

  function draw(element) {
    const plot = drawn.get(element);
    const room = Math.floor(element.clientWidth);
    if (!room) return;
    plot.width = room;
    const { data, layout } = plot.fitted(plot.figure, printing ? Math.min(room, PRINT_WIDTH) : room);
    window.Plotly.react(element, data, layout, CONFIG);
  }

  const drawAll = () => [...drawn.keys()].forEach(draw);

  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const plot = drawn.get(target);
      if (plot && !printing && Math.floor(target.clientWidth) !== plot.width) draw(target);
    }
  });

  /* Draws what is new on the page or whose JSON has changed, and forgets what left it. */
  function find() {
    for (const element of drawn.keys()) {
      if (element.isConnected) continue;
      resized.unobserve(element);
      window.Plotly.purge(element);
      drawn.delete(element);
    }
    for (const [kind, fitted] of kinds) {
      for (const element of document.querySelectorAll(`[data-${kind}]`)) {
        const json = document.getElementById(element.dataset[kind])?.textContent;
        if (!json || drawn.get(element)?.json === json) continue;
        drawn.set(element, { json, figure: JSON.parse(json), fitted, width: 0 });
        draw(element);
        resized.observe(element);
      }
    }
  }

  /* noscript holds the picture as text wherever scripts run, so a missing Plotly has to unpack it. */
  function showPictures() {
    const hidden = [...kinds.keys()].map((kind) => `[data-${kind}] noscript`).join();
    for (const noscript of document.querySelectorAll(hidden)) noscript.outerHTML = noscript.textContent;
  }

  function start() {
    if (!window.Plotly) {
      showPictures();
      document.addEventListener("htmx:after:swap", showPictures);
      return;
    }
    document.addEventListener("htmx:after:swap", find);
    darkPage.addEventListener("change", drawAll);
    new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["data-kern-theme"] });
    for (const [name, now] of [["beforeprint", true], ["afterprint", false]]) {
      window.addEventListener(name, () => {
        printing = now;
        drawAll();
      });
    }
    // Plotly measures its words with the font of the moment: wait for the page's own.
    document.fonts.load('13px "Fira Sans"').then(find, find);
  }

  document.addEventListener("DOMContentLoaded", start); // after all deferred scripts, so that every kind is known

  return { add: (kind, fitted) => kinds.set(kind, fitted), drawn, frameFor, themed };
})();

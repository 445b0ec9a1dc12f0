/* Draws every [data-timeline] with Plotly from the JSON script whose id it names: titles on wide pages, numbers on
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
  const timelines = new Map(); // element -> { json, figure, width }
  let printing = false;

  const isDark = () => {
    const chosen = document.documentElement.dataset.kernTheme;
    return !printing && (chosen === "dark" || (chosen !== "light" && darkPage.matches));
  };

  /* A copy of the figure for a page so many pixels wide, in the page's colours. */
  function fitted({ data, layout: { meta, ...common } }, width) {
    const frame = meta.frames.find((candidate) => width >= candidate.width) ?? meta.frames.at(-1);
    const colours = isDark() ? meta.dark : {};
    const figure = {
      data: data.map((trace, at) => ({ ...trace, ...frame.traces[at] })),
      layout: { ...common, ...frame.layout, width },
    };
    return JSON.parse(JSON.stringify(figure, (_, value) => (typeof value === "string" && colours[value]) || value));
  }

  function draw(element) {
    const timeline = timelines.get(element);
    const room = Math.floor(element.clientWidth);
    if (!room) return;
    timeline.width = room;
    const { data, layout } = fitted(timeline.figure, printing ? Math.min(room, PRINT_WIDTH) : room);
    window.Plotly.react(element, data, layout, CONFIG);
  }

  const drawAll = () => [...timelines.keys()].forEach(draw);

  const resized = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const timeline = timelines.get(target);
      if (timeline && !printing && Math.floor(target.clientWidth) !== timeline.width) draw(target);
    }
  });

  /* Draws the timelines that are new on the page or whose JSON has changed, and forgets those that left it. */
  function find() {
    for (const element of timelines.keys()) {
      if (element.isConnected) continue;
      resized.unobserve(element);
      window.Plotly.purge(element);
      timelines.delete(element);
    }
    for (const element of document.querySelectorAll("[data-timeline]")) {
      const json = document.getElementById(element.dataset.timeline)?.textContent;
      if (!json || timelines.get(element)?.json === json) continue;
      timelines.set(element, { json, figure: JSON.parse(json), width: 0 });
      draw(element);
      resized.observe(element);
    }
  }

  /* noscript holds the picture as text wherever scripts run, so a missing Plotly has to unpack it. */
  function showPictures() {
    for (const hidden of document.querySelectorAll("[data-timeline] noscript")) hidden.outerHTML = hidden.textContent;
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

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

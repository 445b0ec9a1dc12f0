/* Draws every [data-wheel]: labels on wide pages, numbers on narrow ones; and fills a sector when it is answered. */
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

  add("wheel", fitted);
  document.addEventListener("wheel:level", answered, true); // caught on its way down, wherever it is sent from
})();

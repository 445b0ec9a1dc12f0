/* Draws every [data-timeline]: titles on wide pages, numbers on narrow ones. */
(() => {
  "use strict";

  const { add, frameFor, themed } = window.Plots;

  /* The figure for a page so many pixels wide, in the page's colours. */
  function fitted({ data, layout: { meta, ...common } }, width) {
    const frame = frameFor(meta, width);
    const placed = data.map((trace, at) => ({ ...trace, ...frame.traces[at] }));
    return themed({ data: placed, layout: { ...common, ...frame.layout, width } }, meta);
  }

  add("timeline", { fitted });
})();

/* Every [data-wheel]: labels on wide pages, numbers on narrow ones; fills a sector when it is answered; says what a sector shows, to
   the mouse, to a finger and to the keyboard; lets a sector and whatever stands on the page for the same competency ([data-sector])
   point at each other; and switches views on and off in the legend. All of it works on the SVG and on Plotly's drawing alike. */
(() => {
  "use strict";

  const { add, drawn, frameFor, redraw, themed } = window.Plots;
  const SVG = "http://www.w3.org/2000/svg";
  const TOUCHED = 34; // so far outside the band a number or the beginning of a label counts as its sector, in units
  const hidden = new Map(); // element -> the series that are switched off

  const metaOf = (element) => drawn.get(element).figure.layout.meta;
  const pictureOf = (element) => element.querySelector(".wheel__svg");

  /* The figure for a page so many pixels wide, in the page's colours; all of it grows with the picture. What fills a sector is its level. */
  function fitted(figure, width, element) {
    const { data, layout } = themed({ data: figure.data, layout: figure.layout }, figure.layout.meta);
    const { meta } = layout;
    const frame = frameFor(meta, width);
    const scale = width / frame.width;
    Object.assign(data[meta.labels], frame.labels);
    data[meta.labels].textfont.size *= scale;
    const off = hidden.get(element) ?? new Set();
    data.forEach((trace, at) => {
      if (trace.mode === "markers") trace.marker.size = trace.marker.size.map((size) => size * scale);
      if (trace.mode === "lines") {
        trace.line.width *= scale;
        if (!trace.r) Object.assign(trace, { r: data[at - 1].r, theta: data[at - 1].theta }); // on its casing
      }
      if (trace.legendgroup) trace.visible = !off.has(Number(trace.legendgroup));
    });
    const levels = (!off.has(meta.fill) && meta.levels[meta.fill]) || [];
    const coloured = (colour) => meta.slots.map((slot, at) => colour(slot, levels[at]));
    data.slice(0, meta.labels).forEach((ring, at) => {
      ring.marker.color = coloured((slot, level) => (level > at ? meta.filled : meta.empty)[slot]);
    });
    if (meta.fill !== null) data[meta.noneMarks].marker.color = coloured((slot, level) => (level === 0 ? meta.filled[slot] : meta.unseen));
    delete layout.meta;
    const height = frame.height * scale;
    const side = width / 2 - frame.circle * scale, above = height / 2 - frame.circle * scale;
    Object.assign(layout, { width, height, margin: { l: side, r: side, t: above, b: above, autoexpand: false } });
    layout.polar.hole = frame.hole;
    layout.polar.radialaxis.range = frame.range;
    return { data, layout };
  }

  /* --- geometry, in the SVG's units ------------------------------------------------------------------------------------ */

  const at = ({ hub, ring }, angle, radius) => {
    const distance = (hub + radius) * ring, turn = (angle * Math.PI) / 180;
    return `${(distance * Math.sin(turn)).toFixed(1)} ${(-distance * Math.cos(turn)).toFixed(1)}`;
  };

  /* The outline of a sector between two radii. */
  function cell(disc, [start, end], inner, outer) {
    const far = (disc.hub + outer) * disc.ring, near = (disc.hub + inner) * disc.ring, large = Number(end - start > 180);
    return `M${at(disc, start, outer)}A${far} ${far} 0 ${large} 1 ${at(disc, end, outer)}`
      + `L${at(disc, end, inner)}A${near} ${near} 0 ${large} 0 ${at(disc, start, inner)}Z`;
  }

  /* The number of the sector at these coordinates of the window, or undefined. */
  function sectorAt(element, { clientX, clientY }) {
    const { arcs, disc } = metaOf(element);
    const matrix = pictureOf(element)?.getScreenCTM();
    if (!matrix) return undefined;
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(matrix.inverse());
    const distance = Math.hypot(x, y);
    if (distance > (disc.hub + disc.band[1]) * disc.ring + TOUCHED || distance < disc.hub * disc.ring * 0.5) return undefined;
    const angle = ((Math.atan2(x, -y) * 180) / Math.PI + 360) % 360;
    const found = arcs.findIndex(([start, end]) => angle >= start && angle <= end);
    return found < 0 ? undefined : found + 1;
  }

  /* --- answers --------------------------------------------------------------------------------------------------------- */

  /* Fills one sector up to a level, or empties it (level null), as after a saved answer. */
  function fill(element, number, level) {
    const meta = metaOf(element), at = number - 1;
    if (meta.slots[at] === undefined || meta.fill === null) return;
    meta.levels[meta.fill][at] = level;
    const path = pictureOf(element)?.querySelectorAll(`[data-series="${meta.fill}"] path`)[at];
    const [inner, outer] = level === 0 ? meta.disc.none : [0, level];
    if (level === null) path?.removeAttribute("d");
    else path?.setAttribute("d", cell(meta.disc, meta.arcs[at], inner, outer));
    redraw(element);
  }

  function answered({ detail }) {
    for (const element of drawn.keys()) {
      if ([element.id, element.dataset.wheel].includes(detail.wheel)) fill(element, Number(detail.number), detail.level);
    }
  }

  /* --- what a sector shows --------------------------------------------------------------------------------------------- */

  function linesOf(element, number) {
    const { heads, levels, missing, series, words } = metaOf(element);
    return [heads[number - 1], ...series.map((name, at) => `${name}: ${words[levels[at][number - 1]] ?? missing}`)];
  }

  /* Below the wheel, for a finger and the keyboard: there is no mouse to hold over it. */
  function say(element, number) {
    const [name, ...levels] = linesOf(element, number);
    const place = element.parentElement.querySelector(".wheel__says");
    if (place) place.textContent = [name, levels.join(" · ")].filter(Boolean).join(": ");
  }

  const tip = Object.assign(document.createElement("div"), { className: "wheel-tip", hidden: true });

  /* Beside the mouse, within the window, and never under it. */
  function showTip(element, { clientX, clientY }, number) {
    tip.replaceChildren(...linesOf(element, number).map((line) => Object.assign(document.createElement("div"), { textContent: line })));
    tip.hidden = false;
    if (!tip.isConnected) document.body.append(tip);
    const { offsetWidth: width, offsetHeight: height } = tip;
    const left = clientX + 16 + width > window.innerWidth ? clientX - 16 - width : clientX + 16;
    const top = clientY + 16 + height > window.innerHeight ? clientY - 16 - height : clientY + 16;
    tip.style.left = `${Math.max(4, left) + window.scrollX}px`;
    tip.style.top = `${Math.max(4, top) + window.scrollY}px`;
  }

  /* --- pointing -------------------------------------------------------------------------------------------------------- */

  let pointed = null; // the number of a sector
  let by = null; // what made it so: "mouse" in the wheel, "row", or "choice", which stays

  /* A band over the sector's edge and its label turned inside out, above SVG and plot alike. A line would be taken for the Soll. */
  function pointIn(element, number) {
    const picture = pictureOf(element);
    if (!picture) return;
    let over = element.querySelector(".wheel__pointer");
    if (!over) {
      over = document.createElementNS(SVG, "svg");
      for (const name of ["viewBox", "font-family", "font-size"]) over.setAttribute(name, picture.getAttribute(name));
      over.setAttribute("class", "wheel__pointer");
      over.setAttribute("aria-hidden", "true");
      element.querySelector(".wheel__picture").append(over);
    }
    over.replaceChildren();
    if (!number) return;
    const { arcs, disc } = metaOf(element);
    const band = document.createElementNS(SVG, "path");
    band.setAttribute("d", cell(disc, arcs[number - 1], disc.band[0] - 0.05, disc.band[1] + 0.12));
    over.append(band);
    const group = [...picture.querySelectorAll(".wheel__labels, .wheel__numbers")].find((one) => getComputedStyle(one).display !== "none");
    const label = group?.children[number - 1];
    if (!label) return;
    const { x, y, width, height } = label.getBBox();
    const ground = document.createElementNS(SVG, "rect");
    for (const [name, value] of Object.entries({ x: x - 5, y: y - 1, width: width + 10, height: height + 2, rx: 2 })) ground.setAttribute(name, value);
    const words = label.cloneNode(true);
    words.setAttribute("class", "wheel__pointer-words");
    if (group.matches(".wheel__numbers")) words.setAttribute("font-size", group.getAttribute("font-size"));
    over.append(ground, words);
  }

  function point(number, who) {
    by = number ? who : null;
    if (number === pointed) return;
    pointed = number;
    for (const element of drawn.keys()) if (element.dataset.wheel) pointIn(element, number);
    for (const row of document.querySelectorAll("[data-sector]")) row.classList.toggle("is-pointed", Number(row.dataset.sector) === number);
  }

  function choose(element, number, goesThere) {
    point(number, "choice");
    say(element, number);
    document.dispatchEvent(new CustomEvent("sector:chosen", { detail: { number, goesThere } }));
  }

  const wheelOf = ({ target }) => target.closest?.("[data-wheel]");

  document.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "mouse") return;
    const element = wheelOf(event);
    const number = element && drawn.has(element) ? sectorAt(element, event) : undefined;
    tip.hidden = !number;
    if (number) {
      showTip(element, event, number);
      if (by !== "choice") point(number, "mouse");
    } else if (by === "mouse") point(null);
  });

  // Not click: Plotly keeps that of a finger to itself, and lays a cover over the page while a mouse is down.
  let down = null;
  document.addEventListener("pointerdown", (event) => { down = { event, element: wheelOf(event) }; }, true);
  document.addEventListener("pointerup", (event) => {
    const { element } = down ?? {};
    if (!element || !drawn.has(element) || Math.hypot(event.clientX - down.event.clientX, event.clientY - down.event.clientY) > 8) return;
    const number = sectorAt(element, event);
    // Where the wheel stands beside its rows one may go there; where it stands above them, it would be gone.
    if (number) choose(element, number, window.matchMedia("(min-width: 64rem)").matches);
    else point(null);
  }, true);

  document.addEventListener("keydown", (event) => {
    const element = wheelOf(event);
    if (!element || event.target !== element || !drawn.has(element)) return;
    const count = metaOf(element).arcs.length;
    const next = { ArrowRight: (pointed ?? 0) + 1, ArrowLeft: (pointed ?? 1) - 1, Home: 1, End: count, Enter: pointed }[event.key];
    if (event.key === "Escape") point(null);
    if (next === undefined || next === null || !count) return;
    event.preventDefault();
    choose(element, ((next - 1 + count) % count) + 1, event.key === "Enter");
  });

  // A row under the mouse or with the focus points until both have left it; what was chosen in the wheel stays.
  for (const kind of ["mouseover", "focusin", "click"]) {
    document.addEventListener(kind, ({ target }) => {
      const row = target.closest?.("[data-sector]") ?? document.activeElement?.closest("[data-sector]");
      if (row) point(Number(row.dataset.sector), "row");
      else if (by === "row") point(null);
    });
  }

  /* --- the legend ------------------------------------------------------------------------------------------------------ */

  /* With this script each view's entry is a switch; without it, words. One view alone has nothing to be switched. */
  function makeSwitches(element) {
    pointIn(element, null);
    const entries = document.querySelectorAll(`[data-key="${element.id}"] [data-series] > span`);
    if (entries.length < 2) return;
    for (const entry of entries) {
      const button = Object.assign(document.createElement("button"), { type: "button" });
      button.setAttribute("aria-pressed", "true");
      button.append(...entry.childNodes);
      entry.replaceWith(button);
      button.onclick = () => switchView(element, Number(button.parentElement.dataset.series), button);
    }
  }

  function switchView(element, series, button) {
    const off = hidden.get(element) ?? new Set();
    const isOn = off.delete(series);
    if (!isOn) off.add(series);
    hidden.set(element, off);
    button.setAttribute("aria-pressed", String(isOn));
    for (const part of pictureOf(element).querySelectorAll(`[data-series="${series}"]`)) part.classList.toggle("is-off", !isOn);
    redraw(element);
  }

  add("wheel", { fitted, found: makeSwitches, config: { staticPlot: true } });
  document.addEventListener("wheel:level", answered, true); // caught on its way down, wherever it is sent from
})();

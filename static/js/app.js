// What every page needs beyond plain forms. The app works without this file.

// htmx is a fifth of what a page loads: only where something asks for it, and for a search alone once somebody begins, or goes Back to
// what was found. Pages with a wheel have it already.
const htmx = Object.assign(document.createElement("script"), { src: document.currentScript.dataset.htmx });
const asking = window.htmx ? [] : [...document.querySelectorAll("[hx-get], [hx-post]")];
const search = asking.length === 1 && !history.state?.htmx && asking[0].matches("[role=search]:not(:focus-within)") && asking[0];
const begins = ["focusin", "input", "change"]; // what is typed or chosen until htmx is there, unsaved.js tells it
if (search) for (const type of begins) search.addEventListener(type, () => document.head.append(htmx), { once: true });
else if (asking.length) document.head.append(htmx);

// A page left open over a new sign-in holds an old token; the cookie has the one that counts.
const token = () => document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1];
document.addEventListener("htmx:config:request", (event) => {
  const { headers, body } = event.detail.ctx?.request ?? {};
  if (!headers || !token()) return;
  headers["X-CSRFToken"] = token();
  if (body?.has("csrfmiddlewaretoken")) body.set("csrfmiddlewaretoken", token());
});
document.addEventListener("submit", (event) => {
  const field = event.target.querySelector("[name=csrfmiddlewaretoken]");
  if (field && token()) field.value = token();
}, true);

// A second click while the first is under way would send the form twice.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.hasAttribute("hx-post")) return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

// Another look needs no other page: on one that answers a form it would lose what was typed.
document.querySelector(".theme-switch")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target, { value } = event.submitter;
  const body = new FormData(form, event.submitter);
  if ((await fetch(form.action, { method: "POST", body, redirect: "manual" })).type === "opaqueredirect") document.documentElement.dataset.kernTheme = value;
});

// Errors are read first: the summary takes the focus when there is one.
document.getElementById("fehler")?.focus();

// What was done is said again where nothing stood before: a region that comes with its words is not read out.
const said = [...document.querySelectorAll("main .kern-alert[role=status] .kern-title")].map((title) => title.textContent.trim());
if (said.length) setTimeout(() => { document.getElementById("status").textContent = said.join(" "); }, 500);

// What failed in the background stays marked in its place when the notice about it is closed. Whoever was at a notice that goes is
// again where they were before.
const notice = document.querySelector(".notice"), alerts = [...(notice?.querySelectorAll("[role=alert]") ?? [])];
let before = null;
notice?.addEventListener("focusin", ({ relatedTarget }) => { if (!notice.contains(relatedTarget)) before = relatedTarget ?? document.getElementById("inhalt"); });
notice?.addEventListener("focusout", ({ relatedTarget }) => { if (relatedTarget && !notice.contains(relatedTarget)) before = null; });
notice?.querySelector("[data-closes-notice]").addEventListener("click", () => alerts.forEach((one) => { one.textContent = ""; }));
if (notice) new MutationObserver(() => {
  if (!before || alerts.some((one) => one.textContent)) return;
  before.focus({ preventScroll: true });
  before = null;
}).observe(notice, { childList: true, subtree: true });

// A table that fits into its place is not scrolled: it is no stop of Tab, and its name is said once.
const places = new WeakMap(); // what makes it one
const fitting = new ResizeObserver((entries) => entries.forEach(({ target }) => {
  if (target === document.activeElement) return;
  const scrolls = target.scrollWidth > target.clientWidth;
  for (const [name, value] of places.get(target)) scrolls ? target.setAttribute(name, value) : target.removeAttribute(name);
}));
function watchTables() {
  for (const one of document.querySelectorAll(".kern-table-responsive, .wide[role]")) {
    if (places.has(one)) continue;
    places.set(one, ["tabindex", "role", "aria-label", "aria-labelledby"].filter((name) => one.hasAttribute(name)).map((name) => [name, one.getAttribute(name)]));
    fitting.observe(one);
  }
}
document.addEventListener("htmx:after:swap", watchTables);
watchTables();

// A digit chooses the level of the competency somebody is at, whatever the page: whoever types in a pile of papers needs no arrows.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || !/^\d$/.test(event.key)) return;
  if (event.target.matches?.("textarea, select, input:not([type=radio])")) return;
  const level = event.target.closest?.(".competency")?.querySelector(`.levels [value="${event.key}"]`);
  if (!level) return;
  event.preventDefault();
  level.focus();
  if (!level.checked) level.click();
});

// An open menu closes with Escape or a click elsewhere.
const menu = document.querySelector(".user-menu");
document.addEventListener("keydown", (event) => { if (event.key === "Escape") menu?.removeAttribute("open"); });
document.addEventListener("click", (event) => { if (!menu?.contains(event.target)) menu?.removeAttribute("open"); });

// What every page needs beyond plain forms. The app works without this file.

// htmx is a fifth of what a page loads: only where something asks for it. Pages with a wheel have it already.
if (!window.htmx && document.querySelector("[hx-get], [hx-post]")) {
  document.head.append(Object.assign(document.createElement("script"), { src: document.currentScript.dataset.htmx }));
}

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

// What failed in the background stays marked in its place when the notice about it is closed.
document.querySelector("[data-closes-notice]")?.addEventListener("click", () => { document.getElementById("alert").textContent = ""; });

// An open menu closes with Escape or a click elsewhere.
const menu = document.querySelector(".user-menu");
document.addEventListener("keydown", (event) => { if (event.key === "Escape") menu?.removeAttribute("open"); });
document.addEventListener("click", (event) => { if (!menu?.contains(event.target)) menu?.removeAttribute("open"); });

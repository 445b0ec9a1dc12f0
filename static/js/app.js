// What every page needs beyond plain forms. The app works without this file.

// A page left open over a new sign-in holds an old token; the cookie has the one that counts.
const token = () => document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1];
document.addEventListener("htmx:config:request", (event) => {
  const headers = event.detail.ctx?.request?.headers;
  if (headers && token()) headers["X-CSRFToken"] = token();
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

// Errors are read first: the summary takes the focus when there is one.
document.getElementById("fehler")?.focus();

// An open menu closes with Escape or a click elsewhere.
const menu = document.querySelector(".user-menu");
document.addEventListener("keydown", (event) => { if (event.key === "Escape") menu?.removeAttribute("open"); });
document.addEventListener("click", (event) => { if (!menu?.contains(event.target)) menu?.removeAttribute("open"); });

// When no answer of ours came back, say so and keep what was entered.
const NOT_SAVED = "Ihre Eingaben bleiben auf dieser Seite stehen; bitte später „Zwischenspeichern“ wählen.";
const say = (text) => { document.getElementById("alert").textContent = text; };
const failed = (ctx, reason) => {
  const saves = ctx?.request?.method !== "GET"; // a search or a progress bar has nothing to lose
  say(saves ? `Nicht gespeichert: ${reason} ${NOT_SAVED}` : `Verbindung unterbrochen: ${reason}`);
};
document.addEventListener("htmx:error", ({ detail: { ctx } }) => failed(ctx, "Der Server ist gerade nicht zu erreichen."));
document.addEventListener("htmx:after:request", (event) => {
  const { ctx, ctx: { response, text } } = event.detail;
  const foreign = response.status >= 500 || (response.status >= 400 && /<html/i.test(text)); // a page is no answer for a part of one
  if (foreign) event.preventDefault();
  if (foreign) failed(ctx, "Der Server hat nicht geantwortet wie erwartet.");
  else say("");
});

// The rating form and the talk between two saves: what the server has taken counts as "was", so that this window does
// not overwrite a newer one with it; and nobody leaves with something unsaved.
const fields = document.querySelector(".save-bar")?.elements;
const unsaved = new Set(); // names of fields
function taken(name, value) {
  if (fields[name]?.value === value) unsaved.delete(name);
  const was = name.replace(/^(level|remark|agreed|reason)-/, "$1-was-");
  if (was === name) return;
  if (!fields[was]) fields[name].form.append(Object.assign(document.createElement("input"), { type: "hidden", name: was }));
  fields[was].value = value;
}
if (fields) {
  document.addEventListener("input", ({ target }) => { if (target.form?.matches(".save-bar")) unsaved.add(target.name); });
  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    if (ctx.response.status === 200 && ctx.request.body) for (const [name, value] of ctx.request.body) taken(name, value);
  });
  document.addEventListener("submit", () => unsaved.clear());
  window.addEventListener("beforeunload", (event) => { if (unsaved.size) event.preventDefault(); });
}

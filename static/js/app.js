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

// When nothing came back at all, say so and keep what was entered.
document.addEventListener("htmx:error", () => {
  document.getElementById("alert").textContent =
    "Nicht gespeichert: Der Server ist gerade nicht zu erreichen. Ihre Eingaben bleiben auf dieser Seite stehen; bitte später „Zwischenspeichern“ wählen.";
});
document.addEventListener("htmx:after:request", () => { document.getElementById("alert").textContent = ""; });

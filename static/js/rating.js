// The rating form between two saves: what is saved counts as "was", and nobody leaves with an unsaved remark.
const fieldOf = (element, prefix) => {
  const input = element.querySelector("[name^='level-']");
  return input && document.querySelector(`[name='${prefix}${input.name.slice("level-".length)}']`);
};
document.addEventListener("htmx:after:request", (event) => {
  const levels = event.target.closest?.(".levels");
  const response = event.detail.ctx?.response;
  const was = levels && fieldOf(levels, "was-");
  if (was && response?.status === 200) was.value = levels.querySelector(":checked")?.value ?? "";
});

// A server that asks for a new sign-in must not cost the click: the page stays, the button sends all again.
let unsaved = false;
document.addEventListener("input", (event) => { if (event.target.closest("[data-rating] textarea")) unsaved = true; });
document.addEventListener("htmx:after:request", () => { unsaved = false; });
document.addEventListener("submit", () => { unsaved = false; });
window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

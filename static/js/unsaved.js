// What is typed and not saved yet: nobody leaves it unawares, what failed is sent again, and after Back, F5 or a lost
// session it stands there once more, with what its page had read. It is kept in this window alone and for one person
// alone, until it is saved, they sign out or somebody else signs in. Without this file the server's values stand there.

const { person = "", answer } = document.body.dataset; // who is signed in; whether this page answers a form that was sent
const KEPT = "ungespeichert ", OWN = `${KEPT}${person} `;
const forget = (which) => Object.keys(sessionStorage).filter((key) => key.startsWith(KEPT) && which(key)).forEach((key) => sessionStorage.removeItem(key));
const kept = (key) => JSON.parse(sessionStorage.getItem(key));
if (person) forget((key) => !key.startsWith(OWN));
const signedOut = new BroadcastChannel("abgemeldet");
signedOut.onmessage = () => forget(() => true);
const taken = document.cookie.match(/(?:^|; )gesendet=([^;]+)/)?.[1].split(".") ?? [];
forget((key) => taken.includes(kept(key).stamps.once));

// Fields. What the server has (or has taken since) is their default; a hidden one says what the page has read.
const ticks = (field) => field.type === "checkbox" || field.type === "radio";
const first = (select) => Math.max(0, [...select.options].findIndex((option) => option.defaultSelected));
const typed = (form) => [...form.elements].filter((field) => field.name && !field.hidden && field.matches("input:not([type=hidden], [type=file], [type=password]), select, textarea"));
const stamps = (form) => [...form.elements].filter((field) => (field.type === "hidden" || field.hidden) && field.name && field.name !== "csrfmiddlewaretoken");
const saves = (form) => person && form?.method === "post" && typed(form).length > 0;
const wasOf = (name) => name.replace(/^(level|remark|agreed|reason)-|^/, (kind) => (kind ? `${kind}was-` : "was-"));
// By where it is sent, if it says so: an answer that came back with an error stands on another page than the form before it.
const nameIn = (form) => `${OWN}${form.getAttribute("action") || location.pathname + location.search} ${form.id || typed(form)[0]?.name}`;
function differs(field) {
  if (ticks(field)) return field.checked !== field.defaultChecked;
  if (field.multiple && field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.options ? field.selectedIndex !== first(field) : field.value !== field.defaultValue;
}
const isUnsaved = (form) => "unsaved" in form.dataset || typed(form).some(differs);

function keep(form) {
  const fields = {}, refused = {}, found = typed(form), all = "unsaved" in form.dataset;
  for (const { name } of found.filter((field) => all || differs(field))) {
    if (all || overtaken.has(name)) refused[name] = overtaken.get(name) ?? NOT_TAKEN;
    const same = found.filter((field) => field.name === name);
    fields[name] = same.flatMap((field) => (ticks(field) ? (field.checked ? [field.value] : []) : field.multiple ? [...field.selectedOptions].map((option) => option.value) : [field.value]));
  }
  if (!Object.keys(fields).length) return sessionStorage.removeItem(nameIn(form));
  const mine = new Set(Object.keys(fields).map(wasOf));
  const read = stamps(form).filter(({ name }) => !/(^|-)was-/.test(name) || mine.has(name)).map(({ name, value }) => [name, value]);
  const at = new Date().toLocaleTimeString("de-DE", { timeStyle: "short" });
  sessionStorage.setItem(nameIn(form), JSON.stringify({ at, fields, refused, stamps: Object.fromEntries(read) }));
}

function bringBack(form, { at, fields, refused = {}, stamps: read }) {
  for (const field of stamps(form)) field.value = read[field.name] ?? field.value;
  for (const [name, values] of Object.entries(fields)) {
    const same = typed(form).filter((field) => field.name === name);
    same.forEach((field, place) => {
      if (ticks(field)) field.checked = values.includes(field.value);
      else if (field.multiple) for (const option of field.options) option.selected = values.includes(option.value);
      else field.value = values[place] ?? field.value;
      if (differs(field)) field.closest("details")?.setAttribute("open", "");
    });
  }
  if (!isUnsaved(form)) return keep(form);
  for (const part of unsavedParts(form)) {
    for (const { name } of changed(part).filter((field) => field.name in refused)) {
      overtaken.set(name, refused[name]);
      mark(part, refused[name], false);
    }
  }
  if (unsavedParts(form).length) return; // sent by itself unless it was refused, see begin()
  const note = Object.assign(document.createElement("p"), { className: "card unsaved-note", role: "status" });
  const away = Object.assign(document.createElement("button"), { type: "button", className: "link-button", textContent: "Verwerfen" });
  away.onclick = () => { sessionStorage.removeItem(nameIn(form)); reload(); };
  note.append(`Noch nicht gespeichert: Was Sie um ${at} Uhr eingegeben haben, steht wieder da. `, away);
  form.prepend(note);
}

// Leaving
let sending, reloads = false;
const reload = () => { reloads = true; location.reload(); };
window.addEventListener("pageshow", ({ persisted }) => { sending = null; if (persisted) reload(); });
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-signs-out]")) { forget(() => true); signedOut.postMessage(""); }
  const entry = kept(nameIn(event.target));
  if (entry) sessionStorage.setItem(nameIn(event.target), JSON.stringify({ ...entry, sent: true }));
  if (!event.defaultPrevented) sending = event.target;
});
window.addEventListener("beforeunload", (event) => {
  const left = [...document.forms].some((form) => form !== sending && saves(form) && isUnsaved(form));
  if (left && !reloads) event.preventDefault();
});
for (const type of ["input", "change"]) document.addEventListener(type, ({ target: { form } }) => { if (saves(form)) keep(form); });

// Answers saved one by one. What failed is marked where it stands until it is saved, and sent again: when the line is back,
// when somebody has signed in again, and now and then.
const failed = new Map(); // what sends it -> whether it is sent again by itself
const NOT_TAKEN = "Inzwischen war etwas anderes gespeichert. Senden Sie noch einmal, dann gilt Ihre Eingabe.";
const overtaken = new Map(); // name -> why it is not saved: only who has read that sends it again
const send = (source) => source.dispatchEvent(new Event("change", { bubbles: true }));
const place = (source) => source.closest(".competency, [hx-post]");
const changed = (source) => [...source.querySelectorAll("input, select, textarea")].filter((field) => field.form && !field.hidden && differs(field));
const pending = (source) => changed(source).length > 0;
const unsavedParts = (form) => [...new Set(typed(form).filter(differs).map((field) => field.closest("[data-rating] [hx-post]")))].filter(Boolean);
let waits, pause = 5;
function retry() {
  clearTimeout(waits);
  for (const [source, again] of failed) if (again && navigator.onLine) send(source);
}
for (const type of ["online", "focus"]) window.addEventListener(type, retry);

function tell(why = "") {
  const count = [...failed.keys()].filter((source) => source.closest("[data-rating]")).length;
  const again = [...failed.values()].includes(true) ? " und wird von selbst noch einmal gesendet" : "";
  const own = [`Nicht gespeichert: ${count === 1 ? "eine Angabe" : `${count} Angaben`}.`, why, `Was Sie eingegeben haben, steht noch auf dieser Seite${again}.`];
  const said = count ? own.filter(Boolean).join(" ") : why, there = document.getElementById("alert");
  if (there.textContent !== said) there.textContent = said; // or it is read out at every try
}
/* Whoever was at a note that goes is at its field. */
function putAway(note) {
  const field = note?.contains(document.activeElement) && note.parentElement.querySelector(":checked, textarea, input:not([type=hidden])");
  note?.remove();
  if (field) field.focus();
}
function mark(source, why, again) {
  const parts = source.closest(".save-bar") ? unsavedParts(source.form) : [];
  if (parts.length) return parts.forEach((part) => mark(part, why, again));
  failed.set(source, again);
  const at = source.closest("[data-rating]") && place(source);
  if (!at) return tell(`Nicht gespeichert: ${why}`);
  const old = at.querySelector(".unsaved-note"), isThere = old?.contains(document.activeElement);
  old?.remove();
  const note = Object.assign(document.createElement("p"), { className: "unsaved-note" });
  const button = Object.assign(document.createElement("button"), { type: "button", className: "link-button", textContent: "Noch einmal senden" });
  button.onclick = () => send(source);
  note.append(`Nicht gespeichert: ${why} `, button);
  at.append(note);
  if (isThere) button.focus({ preventScroll: true });
  tell(why);
  clearTimeout(waits);
  waits = setTimeout(retry, (pause = Math.min(60, pause * 2)) * 1000);
}
function settle(source) {
  for (const one of new Set([source, ...failed.keys()])) {
    if (one.closest("[data-rating]") ? pending(one) : one !== source) continue;
    failed.delete(one);
    if (![...failed.keys()].some((other) => place(other) === place(one))) putAway(place(one)?.querySelector(".unsaved-note"));
  }
  if (!failed.size) pause = 5;
  tell();
}
function isTaken(form, name, value) {
  overtaken.delete(name);
  for (const field of typed(form).filter((one) => one.name === name)) {
    if (ticks(field)) field.defaultChecked = field.value === value;
    else if (!field.options) field.defaultValue = value;
    else for (const option of field.options) option.defaultSelected = option.value === value;
  }
  readNow(form, name, value);
}
function readNow(form, name, value) {
  const was = wasOf(name);
  if (form.elements[was]) form.elements[was].value = value;
  else if (/-was-/.test(was)) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: was, value }));
}
const formOf = (source) => source.form ?? source.closest("form") ?? source.querySelector("input, textarea, select")?.form;

document.addEventListener("htmx:before:request", ({ detail: { ctx: { sourceElement: source, request: { body } } } }) => {
  const read = body?.has("read") && formOf(source)?.querySelector("[name=read]");
  if (read) body.set("read", read.value); // that of the page as it is now, for the request may have waited its turn
  const form = source.closest("[data-rating]") && formOf(source);
  if (!form || !body) return;
  const chosen = source.matches(".levels") && source.querySelector("input").name;
  if (chosen && !body.has(chosen)) body.set(chosen, ""); // taken away
  for (const name of [...body.keys()]) {
    const was = form.elements[wasOf(name)];
    if (was) body.set(was.name, was.value);
    else if (/^(remark|reason)-\d/.test(name)) body.set(wasOf(name), "");
  }
});
// What the answer goes into may have been put anew while the request waited its turn: then it goes into what stands there now.
document.addEventListener("htmx:before:response", ({ detail: { ctx } }) => {
  if (ctx.target?.isConnected === false) ctx.target = document.getElementById(ctx.target.id) ?? ctx.target;
});
const UNREACHABLE = "Der Server ist gerade nicht zu erreichen.", UNEXPECTED = "Der Server hat nicht geantwortet wie erwartet.";
const broken = ({ request, sourceElement }, why, again = true) => (request?.method === "GET" ? tell(`Verbindung unterbrochen: ${why}`) : mark(sourceElement, why, again));
const PASSING = [401, 403, 408, 429]; // so does whatever is the server's fault; all else that it says why it refuses stays refused
const saidIn = (text) => new DOMParser().parseFromString(text, "text/html").querySelector("[data-why]")?.textContent.replace(/\s+/g, " ").trim();
document.addEventListener("htmx:error", ({ detail: { ctx } }) => { if (ctx?.request) broken(ctx, UNREACHABLE); });
document.addEventListener("htmx:after:request", (event) => {
  const { ctx, ctx: { response, text, request, sourceElement: source } } = event.detail;
  const isFailure = response.status >= 400, isPage = /<html/i.test(text); // a page is no answer for a part of one
  document.getElementById("fortschritt")?.setAttribute("aria-live", isFailure ? "off" : "polite"); // why it failed the alert says
  const said = isFailure ? saidIn(text) : undefined, passes = response.status >= 500 || PASSING.includes(response.status);
  if (said && request.method === "GET") { event.preventDefault(); return tell(said); }
  if (response.status >= 500 || (isFailure && isPage)) { event.preventDefault(); return broken(ctx, said ?? UNEXPECTED, passes || !said); }
  if (request.method === "GET") return tell();
  const form = source.closest("[data-rating], [data-saves], .save-bar") && formOf(source);
  const stored = JSON.parse(response.headers.get("HX-Trigger") ?? "{}")["answer:stored"]; // by somebody else meanwhile
  if (isFailure && !stored) return mark(source, said ?? UNEXPECTED, passes);
  if (form) {
    for (const [name, value] of request.body) if (!stored?.[name]) isTaken(form, name, value);
    if (source.matches(".save-bar *")) delete form.dataset.unsaved;
    keep(form);
  }
  settle(source);
  for (const [name, { value, words }] of Object.entries(stored ?? {})) { // from now on it has been read
    readNow(form, name, value);
    const part = typed(form).find((field) => field.name === name).closest("[data-rating] [hx-post]");
    overtaken.set(name, `Inzwischen ist etwas anderes gespeichert: ${words}. Senden Sie noch einmal, dann gilt Ihre Eingabe.`);
    mark(part, overtaken.get(name), false);
  }
  if (form && stored) keep(form);
});

// Taking an answer away, in place
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-rating] [name=loeschen]");
  if (!button) return;
  event.preventDefault();
  const chosen = [...button.closest(".competency").querySelectorAll("input[type=radio]")];
  for (const radio of chosen) radio.checked = false;
  chosen[0].focus();
  send(chosen[0].closest("[hx-post]"));
});

for (const form of document.forms) {
  const entry = saves(form) && kept(nameIn(form));
  if (!entry) continue;
  if (answer && entry.sent) { form.dataset.unsaved = ""; keep(form); }
  else bringBack(form, entry);
}

// What was chosen before htmx listened, or stands there again, is sent as soon as it does.
const begun = new WeakSet();
function begin(source) {
  if (begun.has(source)) return;
  begun.add(source);
  if (source.matches("[role=search]")) for (const field of changed(source)) field.dispatchEvent(new Event("input", { bubbles: true }));
  else if (pending(source) && !changed(source).some(({ name }) => overtaken.has(name)) && !formOf(source)?.querySelector(":scope > .unsaved-note")) send(source);
}
document.addEventListener("htmx:after:init", ({ target }) => begin(target));
document.querySelectorAll("[data-htmx-powered]").forEach(begin);

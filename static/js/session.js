// A session ends by itself after a working day: five minutes before, one click keeps it. What is typed stays in any case (unsaved.js).
// A page that was there before a sign-in in another window learns of it.

const { ends, stay, person } = document.body.dataset;
const place = document.getElementById("sitzung"), before = 5 * 60_000, windows = new BroadcastChannel("angemeldet");
let end = Date.now() + ends * 1000, said = "";

function say(what, button) {
  if (said === what) return;
  said = what;
  place.textContent = what;
  if (button) place.append(" ", button);
}
function lasts(seconds) {
  end = Date.now() + seconds * 1000;
  if (said) say("");
}
const button = Object.assign(document.createElement("button"), { type: "button", className: "link-button", textContent: "Angemeldet bleiben" });
button.onclick = async () => {
  const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1];
  const answer = await fetch(stay, { method: "POST", headers: { "X-CSRFToken": token, "X-Made-For": person } }).catch(() => null);
  if (!answer?.ok) return say("Das hat nicht geklappt. Was Sie eingegeben haben, bleibt hier stehen: Speichern Sie, dann melden Sie sich neu an.");
  const seconds = Number(await answer.text());
  lasts(seconds);
  windows.postMessage(seconds);
};
windows.onmessage = ({ data }) => lasts(data);
function look() {
  const left = end - Date.now();
  if (left <= 0) say("Ihre Anmeldung ist zu Ende. Was Sie eingegeben haben, bleibt hier stehen: Speichern Sie, dann melden Sie sich neu an.");
  else if (left <= before) say("In fünf Minuten endet Ihre Anmeldung. Was Sie eingegeben haben, bleibt erhalten.", button);
}
if (ends) {
  setInterval(look, 10_000);
  document.addEventListener("visibilitychange", look);
}

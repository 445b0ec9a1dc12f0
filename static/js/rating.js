/* The rating form: how much is answered in each category, the next open question, and a remark's room.
   Without this file everything is answered and saved all the same. */
(() => {
  "use strict";

  const questions = [...document.querySelectorAll("[data-rating] .competency")];
  const onward = document.querySelector("[data-next-open]"), whenDone = document.querySelector("[data-when-done]");
  const isOpen = (question) => !question.querySelector(".levels :checked");
  let last = null; // the question that was answered or entered last

  function count() {
    for (const part of document.querySelectorAll("[data-category]")) {
      const section = document.querySelector(part.querySelector("a").hash)?.closest("section");
      if (section) part.querySelector("[data-answered]").textContent = section.querySelectorAll(".levels :checked").length;
    }
    if (!onward) return;
    const open = nextOpen();
    onward.hidden = !open;
    if (open) onward.querySelector("[data-number]").textContent = open.dataset.sector;
    for (const [kind, on] of [["primary", !open], ["secondary", Boolean(open)]]) whenDone.classList.toggle(`kern-btn--${kind}`, on);
  }

  /* The first open one after the last; behind the end it goes on at the beginning. */
  function nextOpen() {
    const after = questions.indexOf(last) + 1;
    return [...questions.slice(after), ...questions.slice(0, after)].find(isOpen);
  }

  function goTo(question) {
    question.scrollIntoView({ block: "start" });
    (question.querySelector(".levels :checked") ?? question.querySelector(".levels input")).focus({ preventScroll: true });
  }

  function goOn(event) {
    const open = nextOpen();
    if (!open) return;
    event.preventDefault();
    goTo(open);
  }

  /* Said once there is not much room left, and only then. */
  function sayRoom({ target }) {
    if (!target.matches?.("textarea[maxlength]")) return;
    const left = target.maxLength - target.value.length;
    let note = target.parentElement.querySelector(".room-left");
    if (!note) {
      note = document.createElement("p");
      note.className = "room-left muted";
      note.setAttribute("aria-live", "polite");
      target.after(note);
    }
    note.textContent = left < 150 ? `Noch ${left} Zeichen` : "";
  }

  if (!questions.length) return;
  document.addEventListener("focusin", ({ target }) => { last = target.closest(".competency") ?? last; });
  document.addEventListener("change", count);
  document.addEventListener("htmx:after:swap", count);
  document.addEventListener("input", sayRoom);
  document.addEventListener("sector:chosen", ({ detail }) => {
    const question = document.getElementById(`kompetenz-${detail.number}`);
    if (question && detail.goesThere) goTo(question);
  });
  onward?.addEventListener("click", goOn);
  count(); // a browser may have filled in what was chosen before
})();

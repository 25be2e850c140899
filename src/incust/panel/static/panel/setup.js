// The set-up page: asks every two seconds what the registers have done, and spares second presses.
"use strict";

const setup = document.querySelector("[data-setup]");
const EVERY_MS = 2000;
const EVERY_MS_LATER = 15000;
const LATER_AFTER_MS = 15 * 60 * 1000;
const opened = Date.now();

function exchange(text) {
  const pieces = new DOMParser().parseFromString(text, "text/html").querySelectorAll("[data-live]");
  for (const piece of pieces) {
    const shown = setup.querySelector(`[data-live="${piece.dataset.live}"]`);
    // A piece that says the same is left alone: screen readers would read it again.
    if (shown.innerHTML.trim() !== piece.innerHTML.trim()) shown.innerHTML = piece.innerHTML;
  }
  if (setup.querySelector("[data-state=sold]")) {
    setup.querySelector("[data-step-sale]").classList.add("done");
    setup.querySelector("[data-sale-number]").textContent = "✓";
  }
}

function allSold() {
  const tills = [...setup.querySelectorAll("[data-state]")];
  return tills.length > 0 && tills.every((till) => till.dataset.state === "sold");
}

async function look() {
  if (!document.hidden) {
    try {
      const answer = await fetch(setup.dataset.stateUrl, { credentials: "same-origin", redirect: "error" });
      if (answer.ok) exchange(await answer.text());
    } catch {
      // No line, or signed out meanwhile: what is shown stays, and the next look may succeed.
    }
  }
  if (!allSold()) setTimeout(look, Date.now() - opened > LATER_AFTER_MS ? EVERY_MS_LATER : EVERY_MS);
}

for (const place of setup.querySelectorAll("[data-place]")) {
  const all = place.querySelector("[data-all]");
  if (!all) continue;
  const boxes = [...place.querySelectorAll("[name=register]")];
  const follow = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  };
  all.closest("label").hidden = false;
  all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
  boxes.forEach((box) => box.addEventListener("change", follow));
  follow();
}

for (const form of setup.querySelectorAll("[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    event.submitter?.classList.add("busy");
    event.submitter?.setAttribute("aria-busy", "true");
  });
}
// A page that comes back from the browser's memory may be sent again.
addEventListener("pageshow", () => {
  for (const form of setup.querySelectorAll("[data-once]")) delete form.dataset.sent;
  for (const button of setup.querySelectorAll(".busy")) button.classList.remove("busy");
});

look();

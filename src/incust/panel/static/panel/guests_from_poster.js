// While an import runs, its part of the page is asked for anew.
"use strict";

const guests = document.querySelector("[data-guests]");
const EVERY_MS = 1500;

function isUnderWay() {
  return guests.querySelector("[data-import=waiting], [data-import=running]") !== null;
}

async function look() {
  try {
    const answer = await fetch(guests.dataset.stateUrl, { credentials: "same-origin", redirect: "error" });
    if (answer.ok) {
      const text = await answer.text();
      // The same again is left alone, so that nobody's focus or reading is disturbed.
      if (text !== guests.dataset.shown) guests.innerHTML = text;
      guests.dataset.shown = text;
    }
  } catch {
    // No line, or signed out meanwhile: what is shown stays, and the next look may succeed.
  }
  if (isUnderWay()) setTimeout(look, EVERY_MS);
}

if (isUnderWay()) setTimeout(look, EVERY_MS);

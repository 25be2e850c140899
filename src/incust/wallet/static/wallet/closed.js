// Asks for a new link.

import { post } from "./server.js";

const form = document.getElementById("ask");
const note = document.getElementById("note");

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const answer = await post(form.action, { to: form.elements.to.value });
    if (!answer.ok) throw new Error(String(answer.status));
    note.textContent = note.dataset.sent;
    form.hidden = true;
  } catch {
    note.textContent = note.dataset.failed;
    button.disabled = false;
  }
  note.hidden = false;
});

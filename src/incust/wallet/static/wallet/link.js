// The guest's link: the button binds this phone and leads into the wallet.

import { keepKey } from "./keys.js";
import { post } from "./server.js";

const form = document.getElementById("open");
const button = form.querySelector("button");
const problem = document.getElementById("problem");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  problem.hidden = true;
  try {
    const answer = await post(form.action, { token: form.elements.token.value });
    if (answer.status === 410) {
      problem.textContent = problem.dataset.used;
      problem.hidden = false;
      return;
    }
    if (!answer.ok) throw new Error(String(answer.status));
    const { wallet, device } = await answer.json();
    try {
      await keepKey(wallet, device.number, device.secret);
    } finally {
      // Without the key there is no QR code, but all else works, and the page says so.
      location.replace(wallet);
    }
  } catch {
    problem.textContent = problem.dataset.failed;
    problem.hidden = false;
    button.disabled = false;
  }
});

// Six digits for three minutes, for a till that cannot scan.

import { filled } from "./format.js";
import { post } from "./server.js";

export function startTemporaryCode({ texts }) {
  const dialog = document.getElementById("code");
  const digits = document.getElementById("code-digits");
  const left = document.getElementById("code-left");
  const note = document.getElementById("code-note");
  const again = document.getElementById("code-again");
  let timer = null;

  function count(until, livesMs) {
    const leftMs = Math.max(0, until - performance.now());
    left.style.width = `${(leftMs / livesMs) * 100}%`;
    if (leftMs === 0) {
      digits.classList.add("is-over");
      note.textContent = texts.code_over;
      again.hidden = false;
      return;
    }
    const seconds = Math.ceil(leftMs / 1000);
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    note.textContent = filled(texts.code_until, { time });
    timer = setTimeout(count, leftMs % 1000 || 1000, until, livesMs);
  }

  async function issue() {
    clearTimeout(timer);
    digits.textContent = "";
    digits.classList.remove("is-over");
    note.textContent = "";
    again.hidden = true;
    left.style.width = "100%";
    try {
      const answer = await post("code");
      if (!answer.ok) throw new Error(String(answer.status));
      const { code, lives_s: livesS } = await answer.json();
      digits.textContent = `${code.slice(0, 3)} ${code.slice(3)}`;
      count(performance.now() + livesS * 1000, livesS * 1000);
    } catch {
      note.textContent = texts.failed;
      left.style.width = "0";
      again.hidden = false;
    }
  }

  document.getElementById("code-open").addEventListener("click", () => {
    dialog.showModal();
    issue();
  });
  again.addEventListener("click", issue);
  document.getElementById("code-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => clearTimeout(timer));
}

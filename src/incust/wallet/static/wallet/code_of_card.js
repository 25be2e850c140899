// The QR code that changes every thirty seconds, with the ring around it that runs down.

import { filled } from "./format.js";
import { findKey } from "./keys.js";
import { encodeDigits, pathOf } from "./qr.js";
import { STEP_MS, rotatingCode, stepAt } from "./rotating_code.js";

const CLOCK = "incust-clock";
const MARGIN = 1; // the box around it is white as well, and makes up the quiet zone
const CLOCK_TRUSTED_WITHIN_MS = 5000;

export function startQr({ deviceNumber, texts }) {
  const box = document.getElementById("qr");
  const path = document.getElementById("qr-path");
  const note = document.getElementById("qr-note");
  const ring = document.getElementById("ring");
  let ahead = Number(localStorage.getItem(CLOCK) ?? 0); // of the server's clock before this phone's, in ms
  let key = null;
  let shown = null;

  const now = () => Date.now() + ahead;

  async function tick() {
    const step = stepAt(now());
    if (step !== shown) {
      shown = step;
      const digits = await rotatingCode(deviceNumber, key, step);
      path.setAttribute("d", pathOf(encodeDigits(digits).modules, MARGIN));
      box.dataset.code = digits;
    }
    const leftMs = STEP_MS - (now() % STEP_MS);
    ring.style.strokeDashoffset = String(100 - (leftMs / STEP_MS) * 100);
    note.textContent = filled(texts.new_code_in, { seconds: Math.ceil(leftMs / 1000) });
    setTimeout(tick, leftMs % 1000 || 1000);
  }

  async function begin() {
    try {
      key = await findKey(new URL("./", location.href).pathname, deviceNumber);
    } catch {
      key = null; // private windows of some browsers keep nothing
    }
    if (key) await tick();
    else {
      box.hidden = true;
      note.textContent = texts.no_key;
    }
  }

  begin();
  return {
    /** The phone's clock may be wrong; the server's is remembered for when there is no connection. */
    setClock(iso) {
      const difference = Date.parse(iso) - Date.now();
      const wished = Math.abs(difference) > CLOCK_TRUSTED_WITHIN_MS ? difference : 0;
      if (Math.abs(wished - ahead) < 1000) return;
      ahead = wished;
      localStorage.setItem(CLOCK, String(ahead));
    },
  };
}

// The page: shows the state, keeps it fresh, and switches between its three views.

import { startQr } from "./code_of_card.js";
import { filled, formatsFor } from "./format.js";
import { showHistory } from "./history.js";
import { watch } from "./live.js";
import { startProfile } from "./profile.js";
import { get } from "./server.js";
import { startTemporaryCode } from "./temporary_code.js";

const start = JSON.parse(document.getElementById("start").textContent);
const { texts, language } = start;
const byId = (id) => document.getElementById(id);
const VIEWS = ["card", "history", "profile"];

let state = start.state;
let formats = formatsFor(language, state);

function note(sentence) {
  const made = document.createElement("p");
  made.textContent = sentence;
  return made;
}

function showBalance(before) {
  const { bonus } = state;
  byId("balance").textContent = formats.points(bonus.balance_minor);
  const notes = [];
  const [soonest] = bonus.expiring;
  if (soonest) {
    const values = { amount: formats.points(soonest.amount_minor), date: formats.day(soonest.expires_on) };
    notes.push(note(filled(texts.expires, values)));
  }
  const held = bonus.balance_minor - bonus.available_minor;
  if (held > 0) notes.push(note(filled(texts.held, { amount: formats.points(held) })));
  byId("hero-notes").replaceChildren(...notes);
  if (before !== null && before !== bonus.balance_minor) showGain(bonus.balance_minor - before);
}

function showGain(minor) {
  const gain = byId("gain");
  gain.textContent = (minor > 0 ? "+" : "−") + formats.points(Math.abs(minor));
  gain.classList.remove("is-shown");
  void gain.offsetWidth; // starts the animation anew
  gain.classList.add("is-shown");
}

function show(fresh, before = null) {
  state = fresh;
  formats = formatsFor(language, state);
  byId("program").textContent = state.program?.title ?? "";
  byId("hero-name").textContent = state.customer.name;
  byId("finish").hidden = state.customer.status === "full";
  showBalance(before);
  showHistory(state.history, formats, texts);
  profile.fill(state.customer);
}

async function refresh() {
  const answer = await get("state");
  if (answer.status === 401) {
    location.reload();
    return;
  }
  if (!answer.ok) return;
  const fresh = await answer.json();
  const kept = answer.headers.has("X-Kept"); // by the service worker, from before the connection broke
  if (!kept) qr.setClock(fresh.as_of);
  show(fresh, kept ? null : state.bonus.balance_minor);
}

async function showOffline(away) {
  const before = byId("offline").hidden;
  byId("offline").hidden = !away;
  if (!away) return;
  // The page itself may be older than the last state that came.
  if (before) await refresh().catch(() => undefined);
  byId("offline").textContent = filled(texts.offline, { time: formats.time(state.as_of) });
}

function showView() {
  const wished = location.hash.slice(1);
  const view = VIEWS.includes(wished) ? wished : "card";
  for (const name of VIEWS) byId(name).hidden = name !== view;
  for (const link of document.querySelectorAll("[data-view]")) {
    if (link.dataset.view === view) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  scrollTo(0, 0);
}

const profile = startProfile({ texts, changed: (fresh) => show(fresh) });
const qr = startQr({ deviceNumber: start.device_number, texts });
startTemporaryCode({ texts });
show(state);
showView();
addEventListener("hashchange", showView);
watch({ streams: start.live, changed: refresh, offline: showOffline });
navigator.serviceWorker?.register("service-worker.js", { scope: "./" });

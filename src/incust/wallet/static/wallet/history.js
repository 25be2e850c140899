// What moved the balance, the newest first.

import { filled } from "./format.js";
import { get } from "./server.js";

let older = [];
let before = null;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function entry(item, formats, texts) {
  const row = element("li", "entry");
  const what = element("div", "entry-what");
  const title = item.total_minor === null
    ? texts[`kind_${item.kind}`]
    : `${texts[`kind_${item.kind}`]} · ${formats.money(item.total_minor)}`;
  const details = [formats.moment(item.at), item.place].filter(Boolean).join(" · ");
  what.append(element("p", "entry-title", title), element("p", "entry-note", details));
  const moved = element("div", "entry-moved");
  if (item.redeemed_minor) moved.append(element("p", "entry-less", `−${formats.points(item.redeemed_minor)}`));
  if (item.earned_minor) moved.append(element("p", "entry-more", `+${formats.points(item.earned_minor)}`));
  const balance = filled(texts.balance_after, { balance: formats.points(item.balance_after_minor) });
  moved.append(element("p", "entry-note", balance));
  row.append(what, moved);
  return row;
}

/** Show this first page, and what was loaded of earlier ones below it. */
export function showHistory(page, formats, texts) {
  const items = [...page.items, ...older.filter((item) => page.items.every((fresh) => fresh.id !== item.id))];
  if (older.length === 0) before = page.before;
  document.getElementById("entries").replaceChildren(...items.map((item) => entry(item, formats, texts)));
  document.getElementById("entries").hidden = items.length === 0;
  document.getElementById("nothing").hidden = items.length > 0;
  const button = document.getElementById("older");
  button.hidden = before === null;
  button.onclick = async () => {
    button.disabled = true;
    try {
      const answer = await get(`history?before=${before}`);
      if (!answer.ok) return;
      const next = await answer.json();
      older = [...items.filter((item) => item.id >= before), ...next.items];
      before = next.before;
      showHistory(page, formats, texts);
    } catch {
      return; // the button stays, for another try
    } finally {
      button.disabled = false;
    }
  };
}

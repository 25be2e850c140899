// Shows what has arrived and asks again every second. Texts are only ever set as text, never as markup.

const ALL = "";
const POLL_MS = 1000;
const list = document.getElementById("messages");
const tabs = document.getElementById("recipients");
const empty = document.getElementById("empty");
const away = document.getElementById("away");
const clear = document.getElementById("clear");
const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

let messages = [];
let chosen = new URLSearchParams(location.search).get("to") ?? ALL;
let drawn = null;
let seen = null;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function tab(label, value, count) {
  const button = element("button", "tab", label);
  button.type = "button";
  button.role = "tab";
  button.setAttribute("aria-selected", String(value === chosen));
  button.append(element("span", "tab-count", count));
  button.addEventListener("click", () => { chosen = value; draw(); });
  return button;
}

function drawTabs() {
  const counts = new Map();
  for (const message of messages) counts.set(message.to, (counts.get(message.to) ?? 0) + 1);
  if (chosen !== ALL && !counts.has(chosen)) counts.set(chosen, 0);
  tabs.replaceChildren();
  if (counts.size === 0 || (counts.size === 1 && chosen === ALL)) return;
  tabs.append(tab("All", ALL, messages.length));
  for (const [to, count] of counts) tabs.append(tab(to, to, count));
}

function textWithLinks(message) {
  const paragraph = element("p", "text");
  let rest = message.text;
  for (const link of message.links) {
    const at = rest.indexOf(link);
    const anchor = element("a", "", link);
    anchor.href = link;
    anchor.target = "_blank";
    paragraph.append(rest.slice(0, at), anchor);
    rest = rest.slice(at + link.length);
  }
  paragraph.append(rest);
  return paragraph;
}

function codeButton(code) {
  const button = element("button", "code");
  button.type = "button";
  button.dataset.code = code;
  const hint = element("span", "code-copy", "Copy");
  button.append(element("span", "code-digits", code), hint);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(code);
    hint.textContent = "Copied";
  });
  return button;
}

function card(message) {
  const item = element("li", "message");
  if (seen !== null && message.id > seen) item.classList.add("is-new");
  const head = element("div", "message-head");
  const who = element("div", "who");
  who.append(element("p", "sender", message.sender || "Unknown sender"), element("p", "to", message.to));
  const meta = element("div", "meta");
  const at = element("time", "", time.format(new Date(message.at)));
  at.dateTime = message.at;
  meta.append(at, element("span", "channel", message.channel === "sms" ? "SMS" : "EMAIL"));
  head.append(element("span", "avatar", (message.sender.trim()[0] ?? "?").toUpperCase()), who, meta);
  item.append(head, textWithLinks(message));
  if (message.code) item.append(codeButton(message.code));
  if (message.links.length > 0) {
    const open = element("a", "open", "Open the link");
    open.href = message.links[0];
    open.target = "_blank";
    item.append(open);
  }
  return item;
}

function draw() {
  drawTabs();
  const shown = messages.filter((message) => chosen === ALL || message.to === chosen);
  list.replaceChildren(...shown.map(card));
  empty.hidden = shown.length > 0;
  clear.hidden = messages.length === 0;
  seen = messages[0]?.id ?? seen ?? 0;
}

async function ask() {
  try {
    const answer = await fetch("/messages", { signal: AbortSignal.timeout(5000) });
    const text = await answer.text();
    away.hidden = true;
    if (text !== drawn) {
      messages = JSON.parse(text);
      drawn = text;
      draw();
    }
  } catch {
    away.hidden = false;
  }
  setTimeout(ask, POLL_MS);
}

clear.addEventListener("click", async () => {
  await fetch("/messages", { method: "DELETE" });
  messages = [];
  drawn = "[]";
  draw();
});

ask();

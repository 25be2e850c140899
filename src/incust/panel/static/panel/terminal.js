// The page of a terminal: tabs, the Poster fields that appear with their box, pick lists, and second thoughts.
"use strict";

const page = document.querySelector("[data-terminal-page]");
const accounts = JSON.parse(document.getElementById("poster-accounts").textContent);
const field = (name) => page.querySelector(`[name=${name}]`);

function showTab(name) {
  for (const tab of page.querySelectorAll("[role=tab]")) {
    const shown = tab.dataset.tab === name;
    tab.setAttribute("aria-selected", String(shown));
    tab.tabIndex = shown ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !shown;
  }
  page.querySelector("[data-form-foot]").hidden = name === "keys";
}

function moveBetweenTabs(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const tabs = [...page.querySelectorAll("[role=tab]")];
  const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
  showTab(next.dataset.tab);
  next.focus();
}

function accountName(typed) {
  const text = typed.trim().toLowerCase();
  const known = accounts.find((account) => text === account.name || text.includes(`/${account.name}.joinposter.com`)
    || text.startsWith(`${account.name}.joinposter.com`) || text.split(/[/?#]/).includes(account.name));
  return known || null;
}

function fill(list, options) {
  list.replaceChildren(...options.map(({ value, label }) => {
    const option = document.createElement("option");
    option.value = value;
    option.label = label;
    option.textContent = label;
    return option;
  }));
}

function refreshLists() {
  const account = accountName(field("poster_account").value);
  const locations = account ? account.locations : [];
  const location = locations.find((one) => one.id === field("poster_location_id").value.trim());
  const registers = (account ? account.registers : []).filter((one) => !location || one.location === location.id);
  const register = registers.find((one) => one.id === field("poster_register_id").value.trim());
  fill(document.getElementById("numbers-list"), account ? [{ value: account.number, label: account.name }] : []);
  fill(document.getElementById("locations-list"), locations.map((one) => ({ value: one.id, label: `${one.id} – ${one.name}` })));
  fill(document.getElementById("registers-list"), registers.map((one) => ({ value: one.id, label: `${one.id} – ${one.name}` })));
  name("poster_location_id", location);
  name("poster_register_id", register);
}

function name(input, found) {
  page.querySelector(`[data-named=${input}]`).textContent = found ? found.name : "";
}

function accountChosen() {
  const account = accountName(field("poster_account").value);
  const number = field("poster_customer_number");
  if (account && !number.value.trim()) number.value = account.number;
  refreshLists();
}

function showPosterFields() {
  page.querySelector("[data-poster-fields]").hidden = !field("use_poster").checked;
}

function askAgain(event) {
  const box = event.target;
  if (!box.checked) return;
  const dialog = document.getElementById(`confirm-${box.name}`);
  dialog.returnValue = "";
  dialog.addEventListener("close", () => { if (dialog.returnValue !== "select") box.checked = false; }, { once: true });
  dialog.showModal();
}

for (const tab of page.querySelectorAll("[role=tab]")) {
  tab.addEventListener("click", () => showTab(tab.dataset.tab));
  tab.addEventListener("keydown", moveBetweenTabs);
}
for (const input of ["poster_location_id", "poster_register_id"]) field(input).addEventListener("input", refreshLists);
for (const event of ["input", "change"]) field("poster_account").addEventListener(event, accountChosen);
for (const box of page.querySelectorAll("[data-ask-again]")) box.addEventListener("change", askAgain);
field("use_poster").addEventListener("change", showPosterFields);
showPosterFields();
refreshLists();
showTab(page.dataset.firstTab);

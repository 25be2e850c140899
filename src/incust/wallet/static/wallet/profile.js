// What the guest tells about himself, his language, and taking the card off the phone.

import { forgetKey } from "./keys.js";
import { post } from "./server.js";

export function startProfile({ texts, changed }) {
  const form = document.getElementById("profile-form");
  const button = form.querySelector("button");
  const note = document.getElementById("profile-note");
  const problem = document.getElementById("birthday-problem");
  let edited = false;

  function say(sentence) {
    note.textContent = sentence;
    note.hidden = sentence === "";
  }

  function showProblems(errors) {
    problem.textContent = errors.birthday ?? "";
    problem.hidden = !errors.birthday;
    form.elements.birthday.setAttribute("aria-invalid", String(Boolean(errors.birthday)));
    if (errors.birthday) form.elements.birthday.focus();
  }

  form.addEventListener("input", () => { edited = true; say(""); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    showProblems({});
    try {
      const answer = await post("profile", Object.fromEntries(new FormData(form)));
      if (answer.status === 422) {
        showProblems((await answer.json()).errors);
        return;
      }
      if (!answer.ok) throw new Error(String(answer.status));
      edited = false;
      changed(await answer.json());
      say(texts.saved);
    } catch {
      say(texts.failed);
    } finally {
      button.disabled = false;
    }
  });

  document.getElementById("language").addEventListener("change", async (event) => {
    try {
      const answer = await post("language", { language: event.target.value });
      if (answer.ok) location.reload();
    } catch {
      say(texts.failed);
    }
  });

  document.getElementById("forget").addEventListener("click", async () => {
    if (!confirm(texts.forget_sure)) return;
    try {
      const answer = await post("forget");
      if (!answer.ok) throw new Error(String(answer.status));
      await forgetKey(new URL("./", location.href).pathname);
      const names = await caches.keys();
      const path = new URL("./", location.href).pathname;
      await Promise.all(names.filter((name) => name.includes(path)).map((name) => caches.delete(name)));
      location.reload();
    } catch {
      say(texts.failed);
    }
  });

  return {
    /** Fill the form, unless the guest is at work on it. */
    fill(customer) {
      document.getElementById("known").textContent = [customer.phone, customer.email].filter(Boolean).join(" · ");
      document.getElementById("consent-row").hidden = customer.status === "full";
      if (edited) return;
      form.elements.name.value = customer.name;
      form.elements.birthday.value = customer.birthday ?? "";
      form.elements.gender.value = customer.gender ?? "";
      form.elements.consent.checked = false;
    },
  };
}

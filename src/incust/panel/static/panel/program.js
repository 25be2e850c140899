// Limits are shown only where they count.
"use strict";

const choices = { confirmation: ["above_limit", "confirmation_limit"], below_zero: ["debt", "debt_limit"] };
for (const [name, [value, limit]] of Object.entries(choices)) {
  const select = document.querySelector(`[name=${name}]`);
  const show = () => { document.querySelector(`[data-field=${limit}]`).hidden = select.value !== value; };
  select.addEventListener("change", show);
  show();
}

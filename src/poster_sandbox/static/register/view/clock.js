const TICK_MS = 250;

/** The register's clock. `data-ticks` counts on as long as the page is alive, whatever the apps do. */
export function startClock(register, element) {
  let ticks = 0;
  const tick = () => {
    ticks += 1;
    element.dataset.ticks = String(ticks);
    const text = new Date().toLocaleTimeString('en-GB');
    if (text !== register.clockText) {
      register.clockText = text;
      const shown = document.querySelector('[data-test="clock"]');
      if (shown) shown.textContent = text;
    }
  };
  tick();
  setInterval(tick, TICK_MS);
}

// Which element of the app has the focus. The browser forgets it as soon as the register's own page takes the focus
// (the scanner's box does), and may lose it while the app's window opens; a real scanner moves no focus at all.

let last = null;

document.addEventListener('focusin', (event) => {
  last = event.target;
});

/** The element that keys go to: the one with the focus, else the last one that had it and is still to be seen. */
export function focusedElement() {
  const active = document.activeElement;
  if (active && active !== document.body) return active;
  return last && last.isConnected && last.getClientRects().length ? last : document.body;
}

/** Gives the focus back where it was. */
export function restoreFocus() {
  const element = focusedElement();
  if (element !== document.activeElement) element.focus();
}

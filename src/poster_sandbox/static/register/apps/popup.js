// The window in which an app's iframe is shown: a backdrop, a frame with a title bar, and the iframe laid over it by
// CSS. At most one app has a window; a second one takes its place.

const DEFAULT_SIZE = { width: 600, height: 500 };
const BAR_HEIGHT = 56;
const MARGIN = 16;
const TOOLS_HEIGHT = 56; // the strip of sandbox tools at the bottom stays in reach

export class Popup {
  constructor({ backdrop, panel, title, closeButton, onClosed }) {
    Object.assign(this, { backdrop, panel, title, onClosed });
    this.app = null;
    this.asked = DEFAULT_SIZE;
    closeButton.addEventListener('click', () => this.close());
    window.addEventListener('resize', () => this.place());
  }

  /** Shows the app's iframe. Sizes are pixels, or texts such as '80%'. */
  open(app, { width, height, title } = {}) {
    if (this.app && this.app !== app) this.close();
    this.app = app;
    app.popupOpen = true;
    this.asked = { width: width ?? DEFAULT_SIZE.width, height: height ?? DEFAULT_SIZE.height };
    this.title.textContent = typeof title === 'string' && title ? title : app.name;
    this.backdrop.hidden = false;
    this.panel.hidden = false;
    this.panel.dataset.app = app.id;
    app.iframe.classList.add('shown');
    this.place();
    app.iframe.focus();
    app.post({ kind: 'shown' });
  }

  /** Hides the window of that app (of any, without one). The app is told by `afterPopupClosed`. */
  close(app = this.app) {
    if (!app || app !== this.app) return;
    this.app = null;
    app.popupOpen = false;
    if (app.pending) app.pending.since = Date.now();
    app.iframe.classList.remove('shown');
    app.iframe.removeAttribute('style');
    app.iframe.blur();
    this.backdrop.hidden = true;
    this.panel.hidden = true;
    this.onClosed(app);
  }

  place() {
    if (!this.app) return;
    const room = { width: window.innerWidth - 2 * MARGIN, height: window.innerHeight - TOOLS_HEIGHT - 2 * MARGIN };
    const width = pixels(this.asked.width, room.width, DEFAULT_SIZE.width);
    const height = pixels(this.asked.height, room.height - BAR_HEIGHT, DEFAULT_SIZE.height);
    const left = Math.round((window.innerWidth - width) / 2);
    const top = Math.round((window.innerHeight - TOOLS_HEIGHT - height - BAR_HEIGHT) / 2);
    lay(this.panel, left, top, width, height + BAR_HEIGHT);
    lay(this.app.iframe, left, top + BAR_HEIGHT, width, height);
  }
}

function pixels(asked, room, otherwise) {
  const text = String(asked).trim();
  const number = Number.parseFloat(text);
  let size = Number.isFinite(number) && number > 0 ? number : otherwise;
  if (text.endsWith('%')) size = (room * size) / 100;
  return Math.round(Math.max(200, Math.min(size, room)));
}

function lay(element, left, top, width, height) {
  Object.assign(element.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
}

// The register page starts here.

import { Apps } from './apps/apps.js';
import { Drawer } from './core/drawer.js';
import { Register } from './core/register.js';
import { followSpotOrders } from './core/spot_orders.js';
import { startClock } from './view/clock.js';
import { Notices } from './view/notices.js';
import { drawOnChange } from './view/page.js';
import { pinKeyPressed } from './view/pin_screen.js';

const byId = (id) => document.getElementById(id);
const place = document.body.dataset;

start().catch((error) => {
  byId('register').textContent = `The register could not start: ${error.message}`;
  console.error(error);
});

async function start() {
  const bootstrap = await loadBootstrap();
  const drawer = new Drawer(bootstrap.account, bootstrap.tablet.id);
  const register = new Register({ bootstrap, dataUrl: place.dataUrl, drawer });
  register.shift = register.shift || bootstrap.shift || null;
  register.notices = new Notices(register);
  const apps = new Apps({
    register,
    container: byId('apps'),
    popupParts: {
      backdrop: byId('popup-backdrop'),
      panel: byId('popup-panel'),
      title: byId('popup-title'),
      closeButton: byId('popup-close'),
    },
    frameUrlsOf: (info) => frameUrls(register, info),
  });
  register.apps = apps;
  drawOnChange(register, apps, { root: byId('register'), over: byId('over'), strip: byId('tools') });
  startClock(register, document.body);
  watchFocus(register, apps);
  watchKeys(register, apps);
  apps.start();
  followSpotOrders(register);
  register.sync.flush();
  register.changed();
}

async function loadBootstrap() {
  const response = await fetch(place.bootstrapUrl);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  return response.json();
}

/**
 * Every app has a host name of its own, `app-<id>.localhost`: another site than the register and than the other apps,
 * so that the browser gives each a process. One that hangs takes nobody along, and keeps its own localStorage.
 * Browsers that do not know such names find all apps at the server's frame address.
 */
function frameUrls(register, info) {
  const { port, protocol } = new URL(place.frameOrigin);
  const { switches, settings } = register;
  const given = {
    settings: {
      ...settings,
      lang: switches.lang,
      applicationId: String(info.applicationId),
      applicationName: info.applicationName,
    },
    environment: {
      android: switches.platform === 'android',
      iOS: false,
      windows: false,
      desktop: switches.platform === 'desktop',
    },
  };
  const path = `/app-frame/${place.account}/${settings.spotTabletId}/${info.applicationId}/`;
  const query = `?poster=${encodeURIComponent(JSON.stringify(given))}`;
  return [`${protocol}//app-${info.applicationId}.localhost:${port}`, place.frameOrigin].map(
    (origin) => origin + path + query,
  );
}

// An app that opens its window focuses a field in the same breath; its call for the window arrives a little later.
const POPUP_FOLLOWS_MS = 200;

/** Remembers where the scanner's keys would go, and takes the focus back from apps that are not on the screen. */
function watchFocus(register, apps) {
  document.addEventListener('focusin', (event) => {
    if (!event.target.closest('#tools')) register.lastFocused = event.target;
  });
  window.addEventListener('blur', () =>
    setTimeout(() => {
      const stolen = apps.list.some((app) => app.iframe === document.activeElement && !app.popupOpen);
      if (!stolen) return;
      document.activeElement.blur();
      if (register.lastFocused && register.lastFocused.isConnected) register.lastFocused.focus();
    }, POPUP_FOLLOWS_MS),
  );
}

function watchKeys(register, apps) {
  document.addEventListener('keydown', (event) => {
    if (event.target.closest('input, textarea, select')) return;
    if (!register.user) pinKeyPressed(register, event);
    else if (event.key === 'Escape' && apps.popup.app) apps.popup.close();
  });
}

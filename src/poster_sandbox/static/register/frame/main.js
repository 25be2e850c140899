// Runs first in an app's frame: puts the global `Poster` in place, then loads the app's bundle as a classic script.

import { Channel } from './channel.js';
import { focusedElement, restoreFocus } from './focus.js';
import { makePoster } from './poster.js';
import { typeKeys } from './scanner_keys.js';

const place = document.body.dataset;
const given = JSON.parse(new URLSearchParams(location.search).get('poster') || '{}');
const channel = new Channel(place.registerOrigin);

window.addEventListener('error', (event) => channel.report(event.message || 'The bundle could not be loaded.'));
window.addEventListener('unhandledrejection', (event) => channel.report(String(event.reason)));

window.Poster = makePoster(channel, given);
channel.onShown = restoreFocus;
channel.onScan = (text) => {
  restoreFocus();
  typeKeys(text, focusedElement());
};
channel.hello();

const bundle = document.createElement('script');
bundle.src = `${place.bundleAddress.replace(/\/$/, '')}/bundle.js?t=${Date.now()}`;
bundle.onerror = () => channel.report(`The bundle could not be loaded from ${bundle.src}`);
document.body.append(bundle);

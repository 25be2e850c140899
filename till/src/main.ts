import { start } from './start';

/** Poster's frame is ready when the bundle runs: there is no event to wait for. */
const script = document.currentScript as HTMLScriptElement | null;

// The server that hands the bundle out says where it is; without that, it is where the bundle came from.
const origin = script?.src ? new URL(script.src).origin : location.origin;
const server = window.__INCUST_API__ || origin;

if (window.Poster) start(window.Poster, server);

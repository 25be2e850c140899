import type { PosterPlatform } from './poster/shapes';

declare global {
  /** Version of the bundle, put in by the build. */
  const __TILL_VERSION__: string;

  interface Window {
    /** Poster's platform; there before the bundle runs. */
    Poster?: PosterPlatform;
    /** Address of the loyalty server, put before the bundle by the server that hands it out. */
    __INCUST_API__?: string;
  }
}

import type Koa from 'koa';
import helmet from 'koa-helmet';

/**
 * Headers that keep pages to themselves: scripts and styles come from us alone and never inline; framing is for the
 * sandbox's in-phone browser only. HTTPS is asked of browsers where the service is reached over it.
 */
export function security({ https, imageSources }: { https: boolean; imageSources: readonly string[] }): Koa.Middleware {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:', ...imageSources],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'self'"],
        frameSrc: ["'self'"],
      },
    },
    strictTransportSecurity: https,
    // With no-referrer browsers send `Origin: null` even to ourselves.
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'sameorigin' },
  });
}

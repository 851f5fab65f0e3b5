import type { Assets } from '../assets.ts';
import type { WebMiddleware } from '../state.ts';

/** Answers /assets/NAME; kept for a year where the address carries the content's hash, else asked again each time. */
export function serveAssets(assets: Assets): WebMiddleware {
  return (ctx, next) => {
    if (!ctx.path.startsWith('/assets/') || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next();
    const asset = assets.find(ctx.path.slice('/assets/'.length));
    if (!asset) return next();
    ctx.set('Cache-Control', ctx.query.v === asset.hash ? 'public, max-age=31536000, immutable' : 'no-cache');
    ctx.etag = asset.hash;
    ctx.status = 200;
    ctx.type = asset.type;
    if (ctx.fresh) {
      ctx.status = 304;
      return;
    }
    ctx.body = asset.bytes;
  };
}

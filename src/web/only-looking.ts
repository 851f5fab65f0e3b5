import type { PageContext } from './define-page.ts';

/**
 * Answers a request that only looks at an address, HEAD or a browser fetching ahead, and says whether it was one: nobody
 * has opened the page yet. For pages whose GET begins or uses up something: links, check-in codes.
 */
export function answerLooking({ ctx }: Pick<PageContext, 'ctx'>): boolean {
  const purpose = ctx.get('sec-purpose') || ctx.get('purpose') || ctx.get('x-moz');
  const isHead = ctx.method === 'HEAD';
  if (!isHead && !/prefetch|preview/i.test(purpose)) return false;
  ctx.set('Cache-Control', 'no-store');
  // What is fetched ahead must not stand in for the page, so it is no page.
  ctx.status = isHead ? 200 : 503;
  ctx.body = '';
  return true;
}

import type { Feature } from '../feature.ts';
import { clearOauthStates } from './jobs.ts';
import { type LinkPagesParts, linkPages } from './pages.ts';

/** Signed links and WeChat's authorization. */
export function createLinkDoor(parts: LinkPagesParts): Feature {
  return { id: 'links', pages: linkPages(parts), jobs: [clearOauthStates] };
}

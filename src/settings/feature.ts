import type { Feature } from '../feature.ts';
import { settingsPages } from './pages.ts';

/** What the school rules itself. */
export function createSettings(): Feature {
  return { id: 'settings', pages: settingsPages };
}

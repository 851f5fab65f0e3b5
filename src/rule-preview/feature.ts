import type { Feature } from '../feature.ts';
import { rulePreviewPages } from './pages.ts';

/** What other day counts, caps and ranks would have made of last month. */
export function createRulePreview(parts: Parameters<typeof rulePreviewPages>[0]): Feature {
  return { id: 'rule-preview', pages: rulePreviewPages(parts) };
}

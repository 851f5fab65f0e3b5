export { rulePreviewPages } from './pages.ts';

export { changeSettings, seedSettings } from './change-settings.ts';
export { settingsPages } from './pages.ts';
export { readCronRule, readSettings } from './read-settings.ts';
export { SETTINGS, type SettingName, type Settings } from './schema.ts';

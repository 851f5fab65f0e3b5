export { bringToForm } from './bring-to-form.ts';

export { bringToForm } from './bring-to-form.ts';
export { clashesTable, clearClashes, createClashFigures } from './clashes.ts';

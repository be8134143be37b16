// The one door of @scrip/scrip: the command as a function.

export { run } from './program.ts';

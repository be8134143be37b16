// The one door of @scrip/console, for Node: the page as a site that a server can answer from.
export { createConsoleSite } from './site/console-site.ts';

// How the page is built: from `src`, as plain files without any inline script or style, which its
// content security policy would refuse.
import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at('src'),
  base: './',
  publicDir: false,
  resolve: { conditions: ['@scrip/source', ...defaultClientConditions] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: at('dist/public'),
    emptyOutDir: true,
    target: 'es2023',
    assetsDir: 'files',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});

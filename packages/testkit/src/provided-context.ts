// What the setup of a test run hands to every test file.

import type { PostgresConnection } from '@scrip/runtime';

declare module 'vitest' {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- Only an interface merges.
  export interface ProvidedContext {
    readonly postgres: PostgresConnection;
  }
}

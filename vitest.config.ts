// The tests of the whole house, by project. Unit and tidy need nothing; integration, plans and e2e
// are given a PostgreSQL, and faults, feed and bench start what they need.
import { defaultExternalConditions, defaultServerConditions } from 'vite';
import { configDefaults, defineConfig } from 'vitest/config';
import { closingLine } from './test/closing-line.ts';

/** Files share modules, which are loaded once for many: no test leaves anything behind in one. */
const isolate = false;
const sourceCondition = '@scrip/source';
const postgresSetup = 'packages/testkit/src/vitest-global-setup.ts';
const integrationTests = '**/*.integration.test.ts';
/** They fill tables until an index pays; plans that customers have are tested elsewhere. */
const plansTests = 'packages/persistence/src/**/*plans.integration.test.ts';

export default defineConfig({
  resolve: { conditions: [sourceCondition, ...defaultServerConditions] },
  ssr: {
    resolve: {
      conditions: [sourceCondition, ...defaultServerConditions],
      externalConditions: [sourceCondition, ...defaultExternalConditions],
    },
  },
  // The global set-up runs in an environment of its own, with conditions of its own.
  environments: { __vitest__: { resolve: { conditions: [sourceCondition] } } },
  test: {
    reporters: ['default', closingLine()],
    // Files side by side, but for the rooms below that measure times or start many processes.
    maxWorkers: '100%',
    // Limits end what hangs, and judge no speed: a busy machine may be ten times slower.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 50_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'packages/*/src/**/*.test.ts',
            'apps/*/src/**/*.test.ts',
            'test/faults/*/**/*.test.ts',
            'test/feed/*/**/*.test.ts',
            'test/bench/*/**/*.test.ts',
          ],
          exclude: [...configDefaults.exclude, integrationTests],
          isolate,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: [
            'packages/*/src/**/*.integration.test.ts',
            'apps/*/src/**/*.integration.test.ts',
            'test/conformance/**/*.test.ts',
          ],
          exclude: [...configDefaults.exclude, plansTests],
          isolate,
          globalSetup: [postgresSetup],
        },
      },
      {
        extends: true,
        test: { name: 'plans', include: [plansTests], globalSetup: [postgresSetup] },
      },
      {
        extends: true,
        test: { name: 'tidy', include: ['test/tidy/**/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['test/faults/*.test.ts'],
          fileParallelism: false,
          testTimeout: 1_200_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'feed',
          include: ['test/feed/*.test.ts'],
          fileParallelism: false,
          testTimeout: 900_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'bench',
          include: ['test/bench/*.test.ts'],
          fileParallelism: false,
          testTimeout: 900_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          fileParallelism: false,
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: [postgresSetup],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});

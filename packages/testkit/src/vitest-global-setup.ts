// One PostgreSQL cluster for a run of tests, from before the first file to after the last.

import './provided-context.ts';
import type { TestProject } from 'vitest/node';
import { startTestCluster } from './test-cluster.ts';

/** Vitest calls this once for a project, and what it gives back when the run is over. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startTestCluster();
  project.provide('postgres', cluster.connection);
  return cluster.stop;
}

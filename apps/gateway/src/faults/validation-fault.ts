// Says which fields a schema refused, by the paths that the caller wrote.
import type { FastifyError } from 'fastify';
import type { Fault, Issue } from './fault.ts';
import { problemOf } from './schema-problem.ts';

type Violations = NonNullable<FastifyError['validation']>;
type Violation = Violations[number];

/** A bad id in the path is a thing that does not exist; anything else names the wrong fields. */
export function validationFault(violations: Violations, context: string | undefined): Fault {
  if (context === 'params') {
    const message = 'There is no such thing.';
    return { reason: 'RESOURCE_NOT_FOUND', message, metadata: {}, issues: [] };
  }
  const issues = violations.map(issueOf);
  const reason = violations[0]?.keyword === 'required' ? 'FIELD_MISSING' : 'FIELD_INVALID';
  const message = issues.map(({ field, problem }) => `${field} ${problem}.`).join(' ');
  return { reason, message, metadata: {}, issues };
}

function issueOf(violation: Violation): Issue {
  const { instancePath, keyword, params } = violation;
  const path = pathOf(instancePath);
  if (keyword === 'required') {
    const missing = String(params['missingProperty']);
    return { field: path === '' ? missing : `${path}.${missing}`, problem: 'is required' };
  }
  if (path === '') return { field: 'body', problem: 'must be a JSON object' };
  return { field: path, problem: problemOf(violation) };
}

/** `entries[0].amount` for `/entries/0/amount`. */
function pathOf(instancePath: string): string {
  return instancePath
    .split('/')
    .slice(1)
    .map((part, index) => (/^\d+$/.test(part) ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');
}

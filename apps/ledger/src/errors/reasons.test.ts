// The table of reasons against the comments of the contract.
import { readFileSync } from 'node:fs';
import { ErrorReason, ErrorReasonSchema } from '@scrip/contract';
import { describe, expect, it } from 'vitest';
import { codeName, codesByReason, reasonName, type ReasonName } from './reasons.ts';
import { reasonOf, serviceError } from './service-error.ts';

const path = '../../../../proto/scrip/ledger/v1/error_reason.proto';
const proto = readFileSync(new URL(path, import.meta.url), 'utf8');

/** The code in brackets that begins the comment of each reason. */
const documented = [...proto.matchAll(/\/\/ \[(\w+)\][^=]*?ERROR_REASON_(\w+) = \d+;/gs)];

describe('reasons', () => {
  it('have the codes that the contract documents, every one of them', () => {
    const codes = documented.map(([, code = '', name = '']) => [name, code]);
    const ours = Object.entries(codesByReason).map(([name, code]) => [name, codeName(code)]);
    expect(ours).toEqual(codes);
    expect(ours).toHaveLength(ErrorReasonSchema.values.length - 1);
  });

  it.each(Object.keys(codesByReason) as ReasonName[])('travel in the error of %s', (name) => {
    const error = serviceError(name, { message: 'No.' });
    expect(error.code).toBe(codesByReason[name]);
    expect(reasonOf(error)).toBe(name);
  });

  it('have no name when they are not known', () => {
    expect(reasonName(ErrorReason.UNSPECIFIED)).toBeUndefined();
  });
});

// What an error tells the bearer of an access token.
import { ErrorDetailSchema } from '@scrip/contract';
import { describe, expect, it } from 'vitest';
import { hideSequences } from './for-viewer.ts';
import { serviceError } from './service-error.ts';

describe('an error to an access token', () => {
  it('tells no sequence, and everything else', () => {
    const metadata = { head_sequence: '7', sequence: '7', field: 'after' };
    const error = hideSequences(serviceError('HISTORY_DIVERGED', { message: 'No.', metadata }));
    expect(error.findDetails(ErrorDetailSchema)[0]?.metadata).toEqual({ field: 'after' });
  });
});

// The interceptors of the router in their order, the outermost first.
import type { Interceptor } from '@connectrpc/connect';
import type { Log } from '@scrip/runtime';
import { createAuthenticateInterceptor, type Authenticate } from './authenticate.ts';
import { createDeadlineInterceptor } from './deadline.ts';
import { createErrorsInterceptor } from './errors.ts';
import { createResolveBookInterceptor, type ResolveBook } from './resolve-book.ts';
import { createValidateInterceptor, type JudgeRequest } from './validate.ts';
import { createViewInterceptor } from './view.ts';

export type ChainOptions = {
  readonly log: Log;
  readonly authenticate: Authenticate;
  readonly resolveBook: ResolveBook;
  readonly judge: JudgeRequest;
  readonly deadlineMsDefault: number;
};

/** Errors, deadline, key and scope, book, form, view: the order of judgement. */
export function createInterceptors(options: ChainOptions): Interceptor[] {
  return [
    createErrorsInterceptor(options.log),
    createDeadlineInterceptor(options.deadlineMsDefault),
    createAuthenticateInterceptor(options.authenticate),
    createResolveBookInterceptor(options.resolveBook),
    createValidateInterceptor(options.judge),
    createViewInterceptor(),
  ];
}

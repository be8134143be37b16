// The interceptors in their order, the outermost first.
import type { Interceptor } from '@connectrpc/connect';
import type { Log } from '@scrip/runtime';
import { createAuthenticateInterceptor, type Authenticate } from './authenticate.ts';
import { createDeadlineInterceptor, endWhenAborted } from './deadline.ts';
import { createErrorsInterceptor } from './errors.ts';
import { createResolveBookInterceptor, type BookFinder } from './resolve-book.ts';
import { createValidateInterceptor, type JudgeRequest } from './validate.ts';
import { createViewInterceptor } from './view.ts';

export type ChainOptions = {
  readonly log: Log;
  readonly authenticate: Authenticate;
  readonly findBook: BookFinder;
  readonly judge: JudgeRequest;
  readonly deadlineMsDefault: number;
};

/** The interceptors of two paths: they differ in who sees to the deadline. */
export type Chains = {
  /** Of calls whose signal is the library's: a deadline is set for each. */
  readonly ofRouter: Interceptor[];
  /** Of calls whose signal is aborted at their deadline already. */
  readonly ofFastPath: Interceptor[];
  /** Of streams on the fast path, which judge their one message by themselves. */
  readonly ofFastStreams: Interceptor[];
};

/** Errors, deadline, key and scope, book, form, view: the order of judgement. */
export function createInterceptors(options: ChainOptions): Chains {
  const errors = createErrorsInterceptor(options.log);
  const letIn = [
    createAuthenticateInterceptor(options.authenticate),
    createResolveBookInterceptor(options.findBook),
  ];
  const view = createViewInterceptor();
  const judges = [...letIn, createValidateInterceptor(options.judge), view];
  return {
    ofRouter: [errors, createDeadlineInterceptor(options.deadlineMsDefault), ...judges],
    ofFastPath: [errors, endWhenAborted(), ...judges],
    ofFastStreams: [errors, endWhenAborted(), ...letIn, view],
  };
}

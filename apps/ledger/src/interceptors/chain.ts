// The interceptors in their order, the outermost first.
import type { Interceptor } from '@connectrpc/connect';
import type { Log } from '@scrip/runtime';
import type { JudgeForm } from '../form/judge-form.ts';
import { createAuthenticateInterceptor, type Authenticate } from './authenticate.ts';
import { createDeadlineInterceptor } from './deadline.ts';
import { createErrorsInterceptor } from './errors.ts';
import { createResolveBookInterceptor, type BookFinder } from './resolve-book.ts';
import { createValidateInterceptor } from './validate.ts';
import { createViewInterceptor } from './view.ts';

export type ChainOptions = {
  readonly log: Log;
  readonly authenticate: Authenticate;
  readonly findBook: BookFinder;
  readonly judgeForm: JudgeForm;
  readonly deadlineMsDefault: number;
};

/** Errors, deadline, key and scope, book, form, view: the order of judgement. */
export function createInterceptors(options: ChainOptions): Interceptor[] {
  return [
    createErrorsInterceptor(options.log),
    createDeadlineInterceptor(options.deadlineMsDefault),
    createAuthenticateInterceptor(options.authenticate),
    createResolveBookInterceptor(options.findBook),
    createValidateInterceptor(options.judgeForm),
    createViewInterceptor(),
  ];
}

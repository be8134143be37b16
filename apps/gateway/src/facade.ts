// What a façade is to the gateway: the paths it owns, its routes and its way of saying no.
import type { ScripClient } from '@scrip/client';
import type { App } from './app.ts';
import type { Fault } from './faults/fault.ts';

/** What the routes of a façade work with. */
export type FacadeTools = { readonly ledger: ScripClient };

/** An error as a façade writes it. */
export type FaultAnswer = { readonly status: number; readonly body: object };

export type FaultPlace = { readonly requestId: string; readonly atMs: number };

export type Facade = {
  readonly name: string;
  /** The beginning of all its paths. Unknown routes below it get its own error body as well. */
  readonly prefix: string;
  /** Absent while a façade says nothing but no. */
  readonly addRoutes?: (app: App, tools: FacadeTools) => void;
  readonly presentFault: (fault: Fault, place: FaultPlace) => FaultAnswer;
};

/** Whether a path is a prefix or lies below it; `/v1/accountsx` is not below `/v1/accounts`. */
export function isBelow(prefix: string, path: string): boolean {
  return path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}

// What a façade is to the gateway: the paths it owns, its routes and its way of saying no.
import type { ScripCouponClient, ScripClient } from '@scrip/client';
import type { Account } from '@scrip/contract';
import type { App } from './app.ts';
import type { Fault } from './faults/fault.ts';

/** What the routes of a façade work with. */
export type FacadeTools = {
  readonly ledger: ScripClient;
  readonly coupons: ScripCouponClient;
  /** Whether an account is none to a caller, but what one of the façades keeps. */
  readonly isKept: (account: Account) => boolean;
};

/** An error as a façade writes it. */
export type FaultAnswer = { readonly status: number; readonly body: object };

export type FaultPlace = {
  readonly requestId: string;
  readonly atMs: number;
  readonly method: string;
  /** The path that was asked, without its query. */
  readonly path: string;
};

export type Facade = {
  readonly name: string;
  /** The beginning of all its paths. Unknown routes below it get its own error body as well. */
  readonly prefix: string;
  /** Says which paths beside the prefix get its error body, though nothing is served there. */
  readonly ownsToo?: (path: string, query: URLSearchParams) => boolean;
  /** Where its routes begin, if they do not all lie below the prefix. */
  readonly routesPrefix?: string;
  /** Whether a key may be one that does not show its store: no answer here tells of it. */
  readonly namesNoStore?: true;
  /** Absent while a façade says nothing but no. */
  readonly addRoutes?: (app: App, tools: FacadeTools) => void;
  /** Which accounts stand for something else: no list of accounts shows them. */
  readonly keeps?: (account: Account) => boolean;
  readonly presentFault: (fault: Fault, place: FaultPlace) => FaultAnswer;
};

/** The first façade that owns what was asked; the last one takes what nobody else owns. */
export function ownerOf(facades: readonly Facade[], url: string): Facade {
  const path = decodedPathOf(url);
  const query = new URLSearchParams(/\?([^#]*)/.exec(url)?.[1]);
  const isOwner = ({ prefix, ownsToo }: Facade): boolean =>
    isBelow(prefix, path) || ownsToo?.(path, query) === true;
  const owner = facades.find(isOwner) ?? facades.at(-1);
  if (owner === undefined) throw new Error('there are no façades');
  return owner;
}

/** A path as the router reads it: `/v1/%61ccounts` is `/v1/accounts`. */
export function decodedPathOf(url: string): string {
  const path = pathOf(url);
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

/** The path of a request's target, which may begin with an origin and may be no path at all. */
export function pathOf(url: string): string {
  const target = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  return target.split(/[?#]/, 1)[0] || '/';
}

/** Whether a path is a prefix or lies below it; `/v1/accountsx` is not below `/v1/accounts`. */
export function isBelow(prefix: string, path: string): boolean {
  return path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}

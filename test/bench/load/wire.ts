// How requests get to a server: lanes that have one call under way each.
import type { Answer } from './answers.ts';
import type { Body } from './bodies.ts';
import type { Protocol } from './load.ts';

export type Wire = {
  /** The bytes of a request, which `send` sends again and again as they are at that time. */
  readonly encode: (body: Body) => Buffer;
  readonly send: (lane: number, request: Buffer) => void;
  readonly close: () => void;
};

export type WireOptions = {
  readonly url: string;
  readonly protocol: Protocol;
  readonly apiKey: string;
  readonly laneCount: number;
  /** Whether the bodies of good answers are wanted. */
  readonly keepBodies: boolean;
  /** Called once for each request. The answer is good until the next one of the lane. */
  readonly onAnswer: (lane: number, answer: Answer) => void;
  /** A connection broke: nothing more will come of the calls on it. */
  readonly onBroken: (error: Error) => void;
};

export function createAnswers(count: number): readonly Answer[] {
  return Array.from({ length: count }, () => ({ status: 0, grpcStatus: undefined, body: [] }));
}

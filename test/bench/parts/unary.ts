// Single posts in every protocol, and from one caller to a thousand, beside empty handlers.
import type { Figures, Size } from '../figures.ts';
import type { Protocol } from '../load/load.ts';
import { medianOf } from '../processes.ts';
import { printTable } from '../report/table.ts';
import type { Measured } from './measure.ts';
import { rowOf } from './measure.ts';
import { mix } from './mix.ts';
import type { World } from './world.ts';

/** What is compared with an empty stock handler, by the names of their figures. */
const compared = {
  connect: { way: { protocol: 'connect' }, stock: 'stockH2' },
  connect_h1: { way: { protocol: 'connect', transport: 'h1' }, stock: 'stockH1' },
  grpc: { way: { protocol: 'grpc' }, stock: 'stockH2' },
} as const;
const names = ['connect', 'connect_h1', 'grpc'] as const;
const others = ['connect-json', 'grpc-web', 'rest'] as const;
const fewAndMany = [1, 16, 64, 1_024];

export async function measureUnary(world: World, size: Size): Promise<Figures> {
  const load = { ...mix, inFlight: size.inFlight, ...windowOf(size) };
  const post = (protocol: Protocol, inFlight = size.inFlight): Promise<Measured> =>
    world.ledger.run({ ...load, protocol, inFlight });
  // A server that has just started is compiled while it answers: the first loads are not counted.
  for (const name of names) await world.ledger.run({ ...load, ...compared[name].way });
  const rounds: Round[] = [];
  for (let round = 0; round < size.roundCount; round++) {
    for (const name of names) {
      const { way, stock } = compared[name];
      const asked = { ...load, ...way };
      const empty = await world.runEmpty(world.empty[stock], asked);
      rounds.push({ name, empty, posts: await world.ledger.run(asked) });
    }
  }
  const bareH2 = await world.runEmpty(world.empty.bareH2, { ...load, protocol: 'connect' });
  const bareGrpc = await world.runEmpty(world.empty.bareH2, { ...load, protocol: 'grpc' });
  const h1 = { ...load, protocol: 'connect', transport: 'h1' } as const;
  const bareH1 = await world.runEmpty(world.empty.bareH1, h1);
  const said: Record<string, Measured> = {};
  for (const protocol of others) said[protocol] = await post(protocol);
  printTable(`single posts, ${size.inFlight} in flight`, [
    ...rounds.flatMap(({ name, empty, posts }) => [
      rowOf(`${name}, empty stock handler`, empty),
      rowOf(`${name}, posts`, posts),
    ]),
    rowOf('connect, empty bare handler, h2', bareH2),
    rowOf('grpc, empty bare handler, h2', bareGrpc),
    rowOf('connect, empty bare handler, h1', bareH1),
    ...others.flatMap((protocol) => {
      const measured = said[protocol];
      return measured === undefined ? [] : [rowOf(`${protocol}, posts`, measured)];
    }),
  ]);
  const steps: { inFlight: number; posts: Measured; protocol: Protocol }[] = [];
  for (const inFlight of fewAndMany) {
    for (const protocol of size.form === 'long'
      ? (['connect', 'grpc'] as const)
      : (['connect'] as const)) {
      steps.push({ inFlight, protocol, posts: await post(protocol, inFlight) });
    }
  }
  printTable(
    'single posts by callers at once, each waiting for its answer',
    steps.map(({ inFlight, protocol, posts }) => rowOf(`${protocol}, ${inFlight}`, posts)),
  );
  const of = (name: Name) => rounds.filter((round) => round.name === name);
  const rateOf = (name: Name, what: 'posts' | 'empty'): number =>
    medianOf(of(name).map((round) => round[what].callsPerSecond));
  const ratioOf = (name: Name): number =>
    medianOf(of(name).map(({ posts, empty }) => posts.callsPerSecond / empty.callsPerSecond));
  return {
    connect_posts_per_second: rateOf('connect', 'posts'),
    connect_h1_posts_per_second: rateOf('connect_h1', 'posts'),
    grpc_posts_per_second: rateOf('grpc', 'posts'),
    ...Object.fromEntries(
      others.map((name) => [
        `${name.replace('-', '_')}_posts_per_second`,
        said[name]?.callsPerSecond ?? Number.NaN,
      ]),
    ),
    empty_connect_calls_per_second: rateOf('connect', 'empty'),
    empty_connect_h1_calls_per_second: rateOf('connect_h1', 'empty'),
    empty_grpc_calls_per_second: rateOf('grpc', 'empty'),
    bare_h2_calls_per_second: bareH2.callsPerSecond,
    bare_grpc_calls_per_second: bareGrpc.callsPerSecond,
    bare_h1_calls_per_second: bareH1.callsPerSecond,
    connect_unary_vs_empty_connect: ratioOf('connect'),
    connect_h1_unary_vs_empty_connect_h1: ratioOf('connect_h1'),
    grpc_unary_vs_empty_grpc: ratioOf('grpc'),
    connect_vs_bare_h2: rateOf('connect', 'posts') / bareH2.callsPerSecond,
    ...Object.fromEntries(
      names.flatMap((name) => [
        [`${name}_server_micros_per_post`, microsOf(of(name), 'posts', 'serverMicros')],
        [`${name}_postgres_micros_per_post`, microsOf(of(name), 'posts', 'postgresMicros')],
        [`${name}_generator_micros_per_post`, microsOf(of(name), 'posts', 'generatorMicros')],
        [`empty_${name}_server_micros_per_call`, microsOf(of(name), 'empty', 'serverMicros')],
      ]),
    ),
    connect_p50_ms: medianOf(of('connect').map(({ posts }) => posts.p50Ms)),
    connect_p99_ms: medianOf(of('connect').map(({ posts }) => posts.p99Ms)),
    grpc_p50_ms: medianOf(of('grpc').map(({ posts }) => posts.p50Ms)),
    grpc_p99_ms: medianOf(of('grpc').map(({ posts }) => posts.p99Ms)),
    ...Object.fromEntries(
      steps
        .filter(({ protocol }) => protocol === 'connect')
        .map(({ inFlight, posts }) => [
          `connect_posts_per_second_at_${inFlight}`,
          posts.callsPerSecond,
        ]),
    ),
  };
}

type Name = (typeof names)[number];
type Round = { readonly name: Name; readonly posts: Measured; readonly empty: Measured };
type Micros = 'serverMicros' | 'postgresMicros' | 'generatorMicros';

function microsOf(rounds: readonly Round[], what: 'posts' | 'empty', whose: Micros): number {
  return medianOf(rounds.map((round) => round[what][whose]));
}

/** The window of one measurement. */
export function windowOf({ warmUpMs, durationMs }: Size) {
  return { warmUpMs, durationMs };
}

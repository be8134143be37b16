// What the figures are to be, beside which they are printed. A figure that misses its goal fails no
// run, since machines are noisy; a call that fails does.

/** A goal is a bound from below or from above. */
export type Goal = { readonly atLeast: number } | { readonly atMost: number };

export const goals: Readonly<Record<string, Goal>> = {
  connect_unary_vs_empty_connect: { atLeast: 1.5 },
  connect_h1_unary_vs_empty_connect_h1: { atLeast: 1.5 },
  grpc_unary_vs_empty_grpc: { atLeast: 3 },
  batch_vs_rows: { atLeast: 0.5 },
  hot_vs_spread: { atLeast: 1 },
  single_caller_p50_vs_floor: { atMost: 2 },
  rate_at_1m_vs_empty: { atLeast: 0.9 },
  rate_at_5m_vs_empty: { atLeast: 0.9 },
  wal_bytes_per_post: { atMost: 900 },
  disk_bytes_per_post: { atMost: 500 },
  balance_vs_empty: { atLeast: 0.8 },
  balance_at_instant_extra_ms: { atMost: 1 },
  posts_with_10k_watchers_vs_without: { atLeast: 0.9 },
  feed_deliveries_per_core_second: { atLeast: 50_000 },
};

/** `≥ 1.5 met`, `≤ 900 MISSED`, or nothing for a figure without a goal. */
export function sayGoal(name: string, figure: number): string {
  const goal = goals[name];
  if (goal === undefined) return '';
  const isMet = 'atLeast' in goal ? figure >= goal.atLeast : figure <= goal.atMost;
  const bound = 'atLeast' in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`;
  return `${bound} ${isMet ? 'met' : 'MISSED'}`;
}

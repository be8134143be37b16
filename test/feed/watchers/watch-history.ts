// A watcher of events, which resumes behind a position that it was told: mostly the last one.
import { setTimeout as delay } from 'node:timers/promises';
import type { FeedPosition } from '@scrip/contract';
import type { Random } from '../../faults/load/random.ts';
import { beginAttempt, noteMessage } from '../record/record-history.ts';
import type { Resume, Watch, WatchRecord } from '../record/watch.ts';
import type { Streams } from '../wire/streams.ts';
import { toHistoryRequest } from './requests.ts';
import { attend, type Life, type Watcher, type WatcherOptions } from './watcher.ts';

/** How often a watcher resumes behind an earlier position than the last. */
const rewindShare = 0.2;

export type HistoryOptions = WatcherOptions & { readonly streams: Pick<Streams, 'watchHistory'> };

/** Starts a watcher; it is at work until it is stopped. */
export function startHistoryWatcher(
  name: string,
  watch: Watch,
  options: HistoryOptions,
): Watcher<WatchRecord> {
  const { tellsAll } = options;
  const isPrompt = options.manner.reading === 'prompt';
  const record: WatchRecord = { name, watch, isPrompt, tellsAll, attempts: [], isFinished: false };
  const settling = new AbortController();
  const stopping = new AbortController();
  const done = run(record, options, { settling: settling.signal, stopping: stopping.signal });
  return {
    record,
    settle: () => settling.abort(),
    stop: async () => {
      record.isFinished = true;
      stopping.abort();
      await done;
    },
  };
}

async function run(record: WatchRecord, options: HistoryOptions, life: Life): Promise<void> {
  while (!life.stopping.aborted) {
    const resume = life.settling.aborted ? last(record) : choose(record, options.random);
    const attempt = beginAttempt(resume);
    record.attempts.push(attempt);
    const request = toHistoryRequest(record.watch, resume && positionAt(record, resume));
    attempt.end = await attend(options, life, {
      open: (call) => options.streams.watchHistory(request, call),
      note: (message) => noteMessage(attempt, message),
    });
    if (attempt.end.kind === 'failed') await delay(100 + 300 * options.random.next());
  }
}

/** The position that a resume names. */
function positionAt({ attempts }: WatchRecord, resume: Resume): FeedPosition {
  const told = attempts[resume.attempt]?.told[resume.told];
  if (told === undefined) throw new Error('Nothing was told there.');
  return told.position;
}

function choose(record: WatchRecord, random: Random): Resume | undefined {
  const latest = last(record);
  if (latest === undefined || !random.chance(rewindShare)) return latest;
  const attempt = Math.max(0, latest.attempt - random.below(3));
  const told = random.below(record.attempts[attempt]?.told.length ?? 0);
  return record.attempts[attempt]?.told[told] === undefined ? latest : { attempt, told };
}

function last({ attempts }: WatchRecord): Resume | undefined {
  const attempt = attempts.findLastIndex(({ told }) => told.length > 0);
  const told = (attempts[attempt]?.told.length ?? 0) - 1;
  return attempt < 0 ? undefined : { attempt, told };
}

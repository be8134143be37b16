// An instant in the reader's own time, with the exact one in UTC behind it.

export type InstantProps = { readonly atMs: number; readonly shape?: 'full' | 'clock' };

const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

/** Whose time it is that instants are written in, `Europe/Berlin` say. */
export const { timeZone } = full.resolvedOptions();

export function Instant({ atMs, shape = 'full' }: InstantProps) {
  const utc = new Date(atMs).toISOString();
  return (
    <time dateTime={utc} title={utc}>
      {(shape === 'full' ? full : clock).format(atMs)}
    </time>
  );
}

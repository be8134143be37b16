// Where the connection stands, in words. Read aloud when the words change, not every second.
import type { Connection } from '../state/connection.ts';
import { describeStatus, describeWait, statusOf } from '../state/connection.ts';
import type { Ending } from '../state/state.ts';
import { Instant } from './instant.tsx';

export type ConnectionStatusProps = {
  readonly connection: Connection;
  readonly nowMs: number;
  readonly ending: Ending | undefined;
};

export function ConnectionStatus({ connection, nowMs, ending }: ConnectionStatusProps) {
  const status = statusOf(connection);
  const { heardAtMs } = connection;
  const kind = ending === undefined ? status.kind : 'ended';
  const wait = ending === undefined ? describeWait(status, nowMs) : '';
  return (
    <div class="connection" data-status={kind}>
      <p role="status">
        <span class="dot" aria-hidden="true" />
        {ending === undefined ? describeStatus(status) : ending.message}
      </p>
      <p class="detail">
        {wait !== '' && <span class="wait">{wait}</span>}
        {wait !== '' && heardAtMs !== undefined && ' · '}
        {heardAtMs !== undefined && (
          <>
            last heard <Instant atMs={heardAtMs} shape="clock" />
          </>
        )}
      </p>
    </div>
  );
}

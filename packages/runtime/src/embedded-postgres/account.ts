// The system account that PostgreSQL runs as: it refuses to run as root.

import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { OperatorError } from '../operator-error.ts';

/** Who the server runs as; `undefined` means as the present user. */
export type Account = {
  readonly uid: number;
  readonly gid: number;
};

/** For root: the owner of existing data, else `postgres`, else `nobody`. Otherwise nothing. */
export function chooseAccount(clusterDir: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(clusterDir, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const accounts = readAccounts();
  const account = accounts.get('postgres') ?? accounts.get('nobody');
  if (account !== undefined) return account;
  throw new OperatorError(
    'PostgreSQL does not run as root, and there is no account to use instead',
  );
}

/** The first folder on the way to `path` that the account may not enter. */
export function firstClosedFolder(path: string, account: Account): string | undefined {
  const folders: string[] = [];
  let folder = resolve(path);
  for (; folder !== dirname(folder); folder = dirname(folder)) folders.push(folder);
  return folders.toReversed().find((each) => !mayEnter(each, account));
}

function mayEnter(folder: string, { uid, gid }: Account): boolean {
  const { mode, uid: owner, gid: group } = statSync(folder);
  if (owner === uid) return (mode & 0o100) !== 0;
  return (mode & (group === gid ? 0o010 : 0o001)) !== 0;
}

function readAccounts(): ReadonlyMap<string, Account> {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  return new Map(
    lines.map((line) => {
      const [name = '', , uid, gid] = line.split(':');
      return [name, { uid: Number(uid), gid: Number(gid) }];
    }),
  );
}

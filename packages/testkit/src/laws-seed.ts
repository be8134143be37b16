// What laws are tried on: random programs, another time the same ones.
import { randomInt } from 'node:crypto';

/** The seed of a file of laws, for their title: `SCRIP_LAWS_SEED` where it is set, else any. */
export function lawsSeed(): number {
  const given = process.env['SCRIP_LAWS_SEED'];
  return given === undefined ? randomInt(2 ** 31) : Number(given);
}

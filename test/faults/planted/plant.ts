// Loaded into a server before anything else: plants one bug.
import { plantedBugs } from './bugs.ts';
import { plantEdits } from './plant-edits.ts';

const name = process.env['PLANTED_BUG'] ?? '';
const bug = plantedBugs.find((each) => each.name === name);
if (bug === undefined) throw new Error(`There is no planted bug named "${name}".`);

plantEdits(bug.edits);

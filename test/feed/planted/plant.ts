// Loaded into a server before anything else: changes its source.
import { plantEdits } from '../../faults/planted/plant-edits.ts';
import { planted } from './planted.ts';

const name = process.env['PLANTED'] ?? '';
const plant = planted.find((each) => each.name === name);
if (plant === undefined) throw new Error(`Nothing to plant is named "${name}".`);

plantEdits(plant.edits);

// The shapes of fields that are left out of the feed's JSON when there is nothing to tell.
import { Type } from 'typebox';
import { instant, text } from '../shapes.ts';

export const optional = (description: string) => Type.Optional(text(description));
export const optionalInstant = (description: string) => Type.Optional(instant(description));

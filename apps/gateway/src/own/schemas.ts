// The shapes of the gateway's own answers.
import { Type } from 'typebox';

export const StateSchema = Type.Object({ status: Type.Enum(['ok', 'unavailable']) });

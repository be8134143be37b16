// The kinds of API keys: the two modes of a store's books, and the operator who makes stores.

export const keyModes = ['test', 'prod', 'operator'] as const;
export type KeyMode = (typeof keyModes)[number];

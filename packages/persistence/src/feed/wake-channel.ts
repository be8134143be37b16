// Where wake-ups are sent and heard.

/** The channel of the notifications. Each carries the id of a book. */
export const wakeChannel = 'scrip_feed';

// The customer that is none: its accounts are the plans of the Accounts API.

/** No credits are ever on them, so that no other list of accounts shows them. */
export const plansCustomerId = 'credits-dev:plans';

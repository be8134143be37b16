// Sequences: the order of a book's history.

/** The dense number of an event within its book: 1, 2, 3 and so on. Below 2^42. */
export type Sequence = number & { readonly brand: 'Sequence' };

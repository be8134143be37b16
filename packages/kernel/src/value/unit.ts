// Units: what is counted.

/** What is counted: a label and the number of its fraction digits, 0 to 18. */
export interface Unit {
  readonly label: string;
  readonly scale: number;
}

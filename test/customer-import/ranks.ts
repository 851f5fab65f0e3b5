/** Three consultants whose cycle is A B C A B B B. */
export const RANKS = [
  { name: 'A', weight: 9, slots: 2 },
  { name: 'B', weight: 5, slots: 4 },
  { name: 'C', weight: 1, slots: 1 },
];

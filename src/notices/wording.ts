/** 王小雨, 王小雨等 3 位; names that are several already stay as they are. */
export const several = (customer: string, count = 1) =>
  count > 1 && !/、|等 \d+ 位/.test(customer) ? `${customer}等 ${count} 位` : customer;

/** Parts of a line with a dot between them; empty ones are left out. */
export const dotted = (...parts: readonly string[]) => parts.filter(Boolean).join(' · ');

/** What the record behind a notice is, by its subject's name: the notice's link opens this. */
export type About = { entity: string; id?: number };

/**
 * One notice for one person, as its kind's `to` makes it (notices/define-notice.ts). `once` is its idempotency key: the
 * same cause never makes a second one. It becomes a row in the transaction that causes it and leaves the process after
 * the commit.
 */
export type Notice = {
  kind: string;
  to: number;
  data: object;
  once: string;
  /** Sent at once: never held for quiet hours, never merged. */
  urgent: boolean;
  about?: About | undefined;
  dueAt?: Date | undefined;
};

import { AsyncLocalStorage } from 'node:async_hooks';

/** Knows, anywhere below a use case, whether a transaction is open around it. */
export type TransactionContext = {
  /** Runs `work` as the inside of a transaction. */
  within<T>(work: () => Promise<T>): Promise<T>;
  isWithin(): boolean;
};

/** What is thrown when code inside a transaction reaches past it to the outer client. */
export class OutsideTransaction extends Error {
  override readonly name = 'OutsideTransaction';
  constructor() {
    super(
      'Inside a transaction only scope.tx may be used: the outer client would wait for this very transaction on the embedded database, and read around it on a server.',
    );
  }
}

/** Follows the asynchronous calls of each transaction, one context per database. */
export function createTransactionContext(): TransactionContext {
  const storage = new AsyncLocalStorage<{ open: boolean }>();
  return {
    within: async (work) => {
      const transaction = { open: true };
      try {
        return await storage.run(transaction, work);
      } finally {
        // What was started inside and runs on (a drained outbox, a timer) is outside from here.
        transaction.open = false;
      }
    },
    isWithin: () => storage.getStore()?.open === true,
  };
}

/** What was opened, to be closed in the opposite order. */
export type Closing = {
  /** Whoever opens a thing says there and then how it is closed. */
  push(close: () => unknown): void;
  /** Closes everything, the last opened first; one that fails does not keep the others open. @throws the first failure */
  close(): Promise<void>;
};

/** An empty stack of things to close. Closing twice closes nothing a second time. */
export function createClosing(): Closing {
  const closes: (() => unknown)[] = [];
  return {
    push: (close) => void closes.push(close),
    close: async () => {
      const failures: unknown[] = [];
      for (let close = closes.pop(); close; close = closes.pop()) {
        try {
          await close();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}

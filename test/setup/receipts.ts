import { createReceipts } from '../../src/chat/receipts.ts';
import { createSeal } from '../../src/kernel/seal.ts';

/** The receipts of a test's conversations. */
export const testReceipts = createReceipts(createSeal('a secret of the tests'));

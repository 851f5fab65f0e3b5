import { isMonotonous } from '../kernel/is-guessable.ts';
import { invalidFields } from '../kernel/refusal.ts';
import { COMMON_PASSWORDS } from './common-passwords.ts';

/** Beside the account's own name there must be at least so much else. */
const LEAST_BESIDE_NAME = 6;

/**
 * Refuses a new password that whoever knows the account, or a list of common ones, has soon guessed. Its length is the
 * schema's; passwords there already stay until they are changed.
 * @throws Refusal `invalid_fields`
 */
export function demandGoodPassword(password: string, { username }: { username: string }): void {
  const plain = password.toLowerCase();
  const beside = plain.replaceAll(username.toLowerCase(), '').replace(/[\W_]/g, '');
  if (plain.includes(username.toLowerCase()) && beside.length < LEAST_BESIDE_NAME)
    throw invalidFields({ password: '密码里不能就是用户名，换一个别人猜不到的' });
  if (isMonotonous(plain) || COMMON_PASSWORDS.has(plain) || COMMON_PASSWORDS.has(plain.replace(/[\W_]+$/, '')))
    throw invalidFields({ password: '这个密码太常见，一猜就中，换一个' });
}

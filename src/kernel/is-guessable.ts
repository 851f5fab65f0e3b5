const PLACEHOLDERS =
  /change[\W_]*(me|this|it)|replace[\W_]*(me|this)|placeholder|your[\W_]*secret|to[\W_]*be[\W_]*set/i;
/** What people type where a secret is asked for; what is left without it must be long enough by itself. */
const WORDS =
  /session|secret|passw(or)?d|passphrase|example|default|xiaoxin|demo|test|admin|school|production|development|qwerty\w*|asdf\w*|super|long|random|string|key|token/gi;
const LEAST_SIGNS = 16;
const LEAST_DISTINCT = 8;

/**
 * Whether a secret was plainly not drawn at random: a placeholder, one sign or a short piece again and again, a run such
 * as 0123456789abcdef, or words and little else.
 */
export function isGuessable(secret: string): boolean {
  const bare = secret.replace(WORDS, '').replace(/[\s\W_]/g, '');
  return (
    PLACEHOLDERS.test(secret) ||
    // Words of a sentence are as good as random signs where there are many of them.
    (bare.length < LEAST_SIGNS && bare.length < secret.length / 2) ||
    new Set(secret).size < LEAST_DISTINCT ||
    isMonotonous(secret)
  );
}

/** One sign or a short piece again and again, or a run such as 0123456789 or abcdefgh. */
export function isMonotonous(secret: string): boolean {
  return repeats(secret) || isRun(secret);
}

/** Made of one piece of at most half its length, said again and again, perhaps cut off at the end. */
function repeats(secret: string): boolean {
  for (let length = 1; length <= secret.length / 2; length += 1)
    if ([...secret].every((sign, at) => at < length || sign === secret[at - length])) return true;
  return false;
}

/** Most signs follow the one before them, up or down. */
function isRun(secret: string): boolean {
  const steps = [...secret].slice(1).map((sign, at) => sign.charCodeAt(0) - secret.charCodeAt(at));
  return steps.filter((step) => Math.abs(step) <= 1).length > steps.length * 0.6;
}

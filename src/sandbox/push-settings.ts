import { z } from 'zod';
import { invalidFields } from '../kernel/refusal.ts';
import type { SandboxParts } from './parts.ts';
import { createItems } from './platform/items.ts';

const MODES = ['plain', 'compatible', 'safe'] as const;

/** How the platform pushes: in which mode, and where to; as the account's console would be set. */
const Settings = z.object({ mode: z.enum(MODES), callbackUrl: z.string() });
export type PushSettings = z.infer<typeof Settings>;

const Change = z.object({
  mode: z.enum(MODES, { error: '请写 plain、compatible 或 safe' }).optional(),
  /** '' is the school's own callback again. */
  callbackUrl: z.union([z.literal(''), z.url({ protocol: /^https?$/, error: '请写 http 或 https 的网址' })]).optional(),
});

const NAME = 'account';

/** The console's page 「服务器配置」: safe mode and the school's callback until somebody sets it otherwise. */
export function createPushSettings(parts: SandboxParts & { callbackUrl: () => string; severalNodes?: boolean }) {
  const kept = createItems(parts, 'pushSettings', Settings);
  /** What this node knows; other nodes may have changed it where there are some. */
  let known: PushSettings | null = null;

  async function read(): Promise<PushSettings> {
    if (!known || parts.severalNodes) known = (await kept.find(NAME)) ?? { mode: 'safe', callbackUrl: '' };
    return { ...known, callbackUrl: known.callbackUrl || parts.callbackUrl() };
  }

  return {
    read,
    /** Sets what is named. @throws Refusal `invalid_fields` */
    async change(body: unknown): Promise<PushSettings> {
      const given = Change.safeParse(body);
      if (!given.success)
        throw invalidFields(
          Object.fromEntries(given.error.issues.map(({ path, message }) => [path.join('.') || 'mode', message])),
        );
      const before = (await kept.find(NAME)) ?? { mode: 'safe' as const, callbackUrl: '' };
      const { mode = before.mode, callbackUrl = before.callbackUrl } = given.data;
      await kept.put(NAME, { mode, callbackUrl });
      known = null;
      return read();
    },
  };
}

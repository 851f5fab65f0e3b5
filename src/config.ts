import { z } from 'zod';
import { type ConfigFault, faultsBetween, wantsDemo } from './config-rules.ts';
import { isGuessable } from './kernel/is-guessable.ts';
import { noticeCatalogue } from './notice-catalogue.ts';

const cronRule = z.string().regex(/^\S+(\s+\S+){4}$/, 'expected a cron rule of five fields, such as 0 2 * * *');
const channelName = z.enum(['wechat', 'email', 'sms']);

/** A text that may be left out; an empty one counts as left out, as in a .env file's `NAME=`. */
const text = z.string().min(1).optional();
const url = z.url().transform((value) => value.replace(/\/+$/, ''));

const templates = z
  .string()
  .transform((value, context) => {
    try {
      return JSON.parse(value) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'expected JSON such as {"assigned":"template id"}' });
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string(), z.string().min(1)));

const aesKey = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}$/, 'expected the 43 characters of EncodingAESKey: letters, digits, + and /')
  .optional();
const noBlanks = z
  .string()
  .regex(/^[\x21-\x7e]+$/, 'expected no blanks, and no signs but ASCII')
  .optional();

const Environment = z
  .object({
    NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
    HOST: z.string().min(1).default('127.0.0.1'),
    PORT: z.coerce.number().int().min(0).max(65535).default(8080),
    BASE_URL: url.optional(),
    DATA_DIR: z.string().min(1).default('./data'),
    DATABASE_URL: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'expected postgresql://…')
      .optional(),
    REDIS_URL: z
      .string()
      .regex(/^rediss?:\/\//, 'expected redis://…')
      .optional(),
    /** How many proxies of ours stand in front, each of which adds to X-Forwarded-For whom it heard. */
    BEHIND_PROXY: z.coerce.number().int().min(0).max(10).default(0),
    METRICS_TOKEN: z
      .string()
      .regex(/^[\x21-\x7e]{16,}$/, 'expected at least 16 characters without blanks')
      .optional(),
    SESSION_SECRET: z.string().min(16, 'expected at least 16 characters').optional(),
    TIME_ZONE: z.string().refine(isZone, 'expected an IANA time zone such as Asia/Shanghai').default('Asia/Shanghai'),
    DEMO: z.enum(['0', '1']).optional(),
    LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    WECHAT_APP_ID: z
      .string()
      .regex(/^wx\w+$/, 'expected the AppID, which begins with wx; gh_… is the name pushes carry')
      .optional(),
    WECHAT_APP_SECRET: noBlanks,
    WECHAT_TOKEN: noBlanks,
    WECHAT_AES_KEY: aesKey,
    WECHAT_AES_KEY_PREVIOUS: aesKey,
    WECHAT_MODE: z.enum(['plain', 'compatible', 'safe']).optional(),
    WECHAT_API_BASE: url.default('https://api.weixin.qq.com'),
    WECHAT_OPEN_BASE: url.default('https://open.weixin.qq.com'),
    WECHAT_MP_BASE: url.default('https://mp.weixin.qq.com'),
    WECHAT_TEMPLATES: templates.optional(),
    BOT_PUPPET: z.string().min(1).default('none'),
    SMTP_URL: z
      .string()
      .regex(/^smtps?:\/\//, 'expected smtp://…')
      .optional(),
    MAIL_FROM: text,
    SMS_URL: url.optional(),
    NOTIFY_CHANNELS: z
      .string()
      .transform((value) => value.split(',').map((name) => name.trim()))
      .pipe(z.array(channelName).min(1))
      .default(['wechat', 'email', 'sms']),
    POOL_NO_CONTACT_DAYS: z.coerce.number().int().min(1).max(365).default(3),
    POOL_NO_DEAL_DAYS: z.coerce.number().int().min(1).max(365).default(15),
    SWEEP_CRON: cronRule.default('0 2 * * *'),
    /** Tests only: the moment the school's clock begins at on a database that has kept none. */
    TEST_NOW: z.iso
      .datetime({ offset: true, error: 'expected a time with offset such as 2026-11-21T14:30:00+08:00' })
      .optional(),
  })
  .superRefine((env, context) => {
    const needed = (name: string, why: string) =>
      context.addIssue({ code: 'custom', path: [name], message: `required ${why}` });
    if (env.NODE_ENV === 'production' && !env.SESSION_SECRET) needed('SESSION_SECRET', 'with NODE_ENV=production');
    if (env.NODE_ENV === 'production' && env.SESSION_SECRET && isGuessable(env.SESSION_SECRET))
      context.addIssue({
        code: 'custom',
        path: ['SESSION_SECRET'],
        message:
          'can be guessed; with NODE_ENV=production give it a random one, such as `openssl rand -base64 32` makes',
      });
    if (env.NODE_ENV === 'production' && env.TEST_NOW)
      context.addIssue({ code: 'custom', path: ['TEST_NOW'], message: 'never with NODE_ENV=production' });
    if (env.SMTP_URL && !env.MAIL_FROM) needed('MAIL_FROM', 'with SMTP_URL');
  });

/** The service's settings from the environment, checked and with defaults. */
export type Config = ReturnType<typeof readConfig>;

/** The environment does not fit; one line per fault. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the whole environment at once.
 * @throws ConfigError with one line for each fault, naming the variable and what was expected
 */
export function readConfig(environment: Record<string, string | undefined>) {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  const faults: ConfigFault[] = parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => ({ name: path.join('.'), message }));
  const more = faultsBetween(given).filter(({ name }) => !faults.some((fault) => fault.name === name));
  if (!parsed.success || more.length > 0)
    throw new ConfigError([...faults, ...more].map(({ name, message }) => `${name}: ${message}`).join('\n'));
  const env = parsed.data;
  const { known, unknown } = templatesByKind(env.WECHAT_TEMPLATES ?? {});
  return {
    production: env.NODE_ENV === 'production',
    host: env.HOST,
    port: env.PORT,
    baseUrl: env.BASE_URL,
    dataDir: env.DATA_DIR,
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    sessionSecret: env.SESSION_SECRET,
    behindProxy: env.BEHIND_PROXY,
    metricsToken: env.METRICS_TOKEN,
    timeZone: env.TIME_ZONE,
    demo: wantsDemo(given),
    logLevel: env.LOG_LEVEL,
    wechat: env.WECHAT_APP_ID
      ? {
          appId: env.WECHAT_APP_ID,
          secret: env.WECHAT_APP_SECRET as string,
          token: env.WECHAT_TOKEN as string,
          aesKey: env.WECHAT_AES_KEY,
          previousAesKey: env.WECHAT_AES_KEY_PREVIOUS,
          mode: env.WECHAT_MODE ?? (env.WECHAT_AES_KEY ? ('safe' as const) : ('plain' as const)),
          apiBase: env.WECHAT_API_BASE,
          openBase: env.WECHAT_OPEN_BASE,
          mpBase: env.WECHAT_MP_BASE,
        }
      : null,
    wechatTemplates: known,
    botPuppet: env.BOT_PUPPET,
    smtpUrl: env.SMTP_URL,
    mailFrom: env.MAIL_FROM,
    smsUrl: env.SMS_URL,
    channels: env.NOTIFY_CHANNELS,
    poolNoContactDays: env.POOL_NO_CONTACT_DAYS,
    poolNoDealDays: env.POOL_NO_DEAL_DAYS,
    sweepCron: env.SWEEP_CRON,
    pretendedNow: env.TEST_NOW ? new Date(env.TEST_NOW) : null,
    /** What is odd but stops no start; for the log. */
    warnings: unknown.map((kind) => `WECHAT_TEMPLATES: no notice is of the kind ${kind}; it is left out`),
  };
}

/** Kinds a school may name a template for already, whose features come later; one that is declared goes from here. */
const PROMISED_KINDS = ['task', 'report', 'brief', 'survey', 'account'];

function templatesByKind(given: Readonly<Record<string, string>>) {
  const kinds = new Set([...noticeCatalogue.templated.map(({ kind }) => kind), ...PROMISED_KINDS]);
  const entries = Object.entries(given);
  return {
    known: Object.fromEntries(entries.filter(([kind]) => kinds.has(kind))),
    unknown: entries.flatMap(([kind]) => (kinds.has(kind) ? [] : [kind.slice(0, 40)])),
  };
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

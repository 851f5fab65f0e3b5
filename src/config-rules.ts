import { BlockList, isIP } from 'node:net';

/** One fault of the environment: the variable and what is wrong with it. */
export type ConfigFault = { name: string; message: string };

type Environment = Readonly<Record<string, string | undefined>>;

/** These only say where the platform is; without an account they change nothing. */
const BASES = ['WECHAT_API_BASE', 'WECHAT_OPEN_BASE', 'WECHAT_MP_BASE'];

/**
 * Whether the platform behind the account is one of a check's own, on this machine: then links need no public address,
 * and the demo school may be there. Never in production.
 */
export function isRehearsal(env: Environment): boolean {
  return env.NODE_ENV !== 'production' && !!env.WECHAT_APP_ID && hostOf(env.WECHAT_API_BASE) === '127.0.0.1';
}

/** Whether the demo school is loaded into an empty database: as DEMO says, else wherever no real school begins. */
export function wantsDemo(env: Environment): boolean {
  if (env.DEMO) return env.DEMO === '1';
  return env.NODE_ENV !== 'production' && (!env.WECHAT_APP_ID || isRehearsal(env));
}

/** Starts that cannot be right though each variable is well-formed: half an account, a demo school behind a real one. */
export function faultsBetween(env: Environment): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const fault = (name: string, message: string) => faults.push({ name, message });
  const isProduction = env.NODE_ENV === 'production';

  if (isProduction && env.DEMO === '1') fault('DEMO', 'the demo school is not for NODE_ENV=production');
  if (isProduction && !env.WECHAT_APP_ID)
    fault('WECHAT_APP_ID', 'required with NODE_ENV=production: the sandbox does not stand in for WeChat there');
  if (!env.WECHAT_APP_ID) {
    const others = Object.keys(env).filter((name) => /^WECHAT_/.test(name) && env[name] && !BASES.includes(name));
    for (const name of others) fault(name, 'means nothing without WECHAT_APP_ID: give that too, or leave this out');
    return faults;
  }

  for (const name of ['WECHAT_APP_SECRET', 'WECHAT_TOKEN']) if (!env[name]) fault(name, 'required with WECHAT_APP_ID');
  const encrypts = env.WECHAT_MODE === 'safe' || env.WECHAT_MODE === 'compatible';
  if (!env.WECHAT_AES_KEY && encrypts) fault('WECHAT_AES_KEY', `required with WECHAT_MODE=${env.WECHAT_MODE}`);
  else if (!env.WECHAT_AES_KEY && env.WECHAT_AES_KEY_PREVIOUS)
    fault('WECHAT_AES_KEY', 'required with WECHAT_AES_KEY_PREVIOUS');
  if (isRehearsal(env)) return faults;

  if (!isProduction && env.DEMO === '1')
    fault('DEMO', 'the demo school is not for a real account: its people would get real messages');
  const why = whyNotPublic(env.BASE_URL);
  if (why) fault('BASE_URL', `${why}; with WECHAT_APP_ID expected a public address such as https://school.example`);
  return faults;
}

function whyNotPublic(address: string | undefined): string | null {
  if (!address) return 'missing';
  if (!URL.canParse(address)) return null; // said as a fault of its own
  const { protocol, port, hostname } = new URL(address);
  if (protocol !== 'https:') return 'not https';
  if (port !== '') return 'has a port, which WeChat does not call';
  return isPublicHost(hostname) ? null : 'not reachable from outside';
}

const PRIVATE = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  PRIVATE.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  PRIVATE.addSubnet(network, prefix, 'ipv6');

/** Whether a host is one the world can reach by its name or number. */
function isPublicHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const version = isIP(host);
  if (version > 0) return !PRIVATE.check(host, version === 6 ? 'ipv6' : 'ipv4');
  return host.includes('.') && !/\.(localhost|local|internal|lan)$/i.test(host);
}

function hostOf(address: string | undefined): string | null {
  return address && URL.canParse(address) ? new URL(address).hostname : null;
}

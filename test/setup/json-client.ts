import { DEMO_PASSWORD } from '../../src/demo.ts';

/** An answer: `json` is its parsed body, undefined where that is none. */
export type Answer = {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape are looked into.
  json: any;
};
export type Client = ReturnType<typeof createClient>;

/** Speaks JSON with a service, as a program would: with the session's cookie and CSRF token once it has signed in. */
export function createClient(address: () => string) {
  let cookie = '';
  let csrf = '';

  async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const isText = typeof body === 'string' || body === undefined;
    const response = await fetch(address() + path, {
      method,
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        ...(cookie && { cookie }),
        ...(csrf && { 'x-csrf-token': csrf }),
        ...(!isText && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: isText ? (body as string) : JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer: Answer = { status: response.status, headers: response.headers, text, json: parse(text) };
    return answer;
  }

  return {
    ask,
    get: (path: string, headers?: Record<string, string>) => ask('GET', path, undefined, headers),
    /** The page a browser would get. */
    page: (path: string) => ask('GET', path, undefined, { accept: 'text/html' }),
    post: (path: string, body: unknown = {}, headers?: Record<string, string>) => ask('POST', path, body, headers),
    patch: (path: string, body: unknown) => ask('PATCH', path, body),
    remove: (path: string) => ask('DELETE', path),
    async signIn(username: string, password: string = DEMO_PASSWORD): Promise<void> {
      const answer = await ask('POST', '/login', { username, password });
      if (answer.status !== 200) throw new Error(`${username} could not sign in: ${answer.text}`);
      cookie = answer.headers
        .getSetCookie()
        .map((line) => line.split(';')[0])
        .join('; ');
      csrf = answer.json.csrf;
    },
    get cookie() {
      return cookie;
    },
    get csrf() {
      return csrf;
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// What the sandbox tells the desk (src/sandbox/routes.ts, GET /sandbox/feed).

export type Phone = {
  openid: string;
  name: string;
  username: string | null;
  following: boolean;
  bound: boolean;
  boundTo: { name: string; username: string } | null;
  latest: number;
};

export type Part = { text: string } | { label: string; url: string } | { label: string; say: string; menuId: string };

export type Message = {
  id: number;
  openid: string;
  direction: 'in' | 'out';
  type: string;
  /** ISO with the school's offset. */
  at: string;
  chat?: string;
  text?: string;
  parts?: Part[];
  title?: string;
  url?: string;
  fields?: { name: string; label: string; value: string }[];
  articles?: { title: string; description: string; url: string }[];
};

export type MenuEntry = { name: string; type?: string; key?: string; url?: string; sub_button?: MenuEntry[] };

/** A code on a screen: one of the platform's by ticket, one that says an address by url. */
export type Code = { title: string; secondsLeft: number | null } & (
  | { ticket: string; url?: undefined }
  | { url: string; picture: string; ticket?: undefined }
);

export type CallFault = {
  call?: string;
  errcode?: number;
  errmsg?: string;
  status?: number;
  timeout?: boolean;
  loseAnswer?: boolean;
  times?: number;
};

export type Faults = { pushes: Record<string, unknown>; calls: CallFault[] };

export type Exchange = {
  id: number;
  direction: 'call' | 'push';
  name: string;
  openid: string | null;
  status: string;
  at: string;
};

/** One exchange with both sides' contents; of a push, sealed as it went over the wire and open beside it. */
export type Contents = {
  request: { try?: number; method?: string; query?: object; body?: unknown; plain?: string | null };
  response: { body?: unknown; plain?: string | null };
};

export type Clock = { now: string; offsetMs: number };

export type Feed = {
  clock: Clock;
  phones: Phone[];
  codes: Code[];
  menus: Record<string, { button?: MenuEntry[] } | null>;
  faults: Faults;
  messages: Message[];
  traffic: Exchange[];
  typing: string[];
  words: string[];
  hasBot: boolean;
};

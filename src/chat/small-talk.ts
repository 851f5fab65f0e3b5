import { z } from 'zod';
import { type AnyCommand, defineCommand } from './define-command.ts';
import { reply } from './reply.ts';
import { readToday, type TodaySource } from './today.ts';

const SAID = {
  hello:
    /^(?:你好|您好|你们好|hi|hello|hey|哈[喽啰]|嗨|早|早安|早上好|上午好|中午好|下午好|晚上好|晚安|在吗|在不在|在么|有人吗|在)$/i,
  thanks: /^(?:谢谢|谢谢你|谢谢您|谢了|多谢|感谢|辛苦了|辛苦|麻烦了|thanks|thank you|thx|3q)$/i,
  bye: /^(?:再见|拜拜|拜|下班了|bye|byebye|88)$/i,
  fine: /^(?:好|好的|好吧|行|嗯|嗯嗯|哦|噢|ok|okay|收到|知道了|明白|明白了|了解|可以|对|是的|哈哈|哈|没事|算了|先不了|不用了|不要了|没事了|取消吧)+$/i,
} as const;
/** 👍, and [强] as WeChat sends its own. */
const FEELINGS = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F|\u200D|\[[\p{Script=Han}A-Za-z]{1,4}\]/gu;
type Kind = keyof typeof SAID;
const MOST_SAID = 2;

/** 你好, 谢谢, 👍: answered briefly, with what is on today. */
export function createSmallTalk(sources: readonly TodaySource[]): AnyCommand {
  return defineCommand({
    id: 'chat.small-talk',
    words: ['打招呼'],
    usage: '打招呼',
    does: '打个招呼',
    permission: null,
    unlisted: true,
    takes: 'text',
    match: (text) => (kindOf(text) ? { word: '', rest: text, args: [] } : null),
    input: z.object({ kind: z.enum(['hello', 'thanks', 'bye', 'fine']) }),
    read: ({ rest }) => ({ kind: kindOf(rest) ?? 'hello' }),
    run: async (scope, { kind }) => ({ kind, lines: await readToday(scope, sources) }),
    reply: ({ kind, lines }, { scope: { actor, now, time } }) => {
      const greeting = { hello: sayHour(time.minuteOf(now)), thanks: '不客气', bye: '再见', fine: '好的' }[kind];
      const shorts = lines.slice(0, MOST_SAID).map(({ short }) => short);
      const on = shorts.length > 0 ? `${shorts.join('，')}：回复「今天」看看` : '回复「帮助」看能做什么';
      return reply(`${greeting}，${actor.name}。${on}`);
    },
  });
}

/** Small talk is all of the text: 你好，公海在哪 is not. Pictures of feelings are. */
function kindOf(text: string): Kind | null {
  const words = text.replace(FEELINGS, '').trim();
  if (words === '' && text.trim() !== '') return 'fine';
  const plain = words
    .replace(/[\s。！!～~…，,、.？?]+$/u, '')
    .replace(/[啊呀哈啦哦呢]+$/u, (tail) => (tail === words ? tail : ''));
  return (Object.keys(SAID) as Kind[]).find((kind) => SAID[kind].test(plain)) ?? null;
}

function sayHour(minute: number): string {
  if (minute < 5 * 60) return '你好';
  if (minute < 11 * 60) return '早上好';
  if (minute < 13 * 60) return '中午好';
  return minute < 18 * 60 ? '下午好' : '晚上好';
}

import { halfWidth } from './said.ts';

/** What asks nicely and says nothing more: 谢谢, 可以吗, 麻烦你, 帮我. */
const COURTESY =
  /^(?:多?谢谢?(?:你|您|啦|了|哈)*|感谢|辛苦(?:了|你|您)*|麻烦(?:了|你|您|帮忙?)*|拜托(?:了|你|您)*|劳驾|请问?(?!假)|帮(?:忙|我|一?下)+|给我|(?:我们?)?(?:要|想要?|需要)(?!求)|(?:一|二)下(?!午)|可不?可以吗?|可以[吗么不嘛]?|行[吗么嘛]|行不行|好[吗么嘛]|好不好|ok(?:吗|ay)?|thanks?(?: you)?|thx|pls|please|[吧呢哦噢啊哈呀啦了的哟嘛])(?:[?？]|(?=[\s，,。.!！~～]|\p{L}|$))/iu;

/** Takes a word of courtesy off the beginning of a text; null where none stands there. */
export function takeCourtesy(text: string): string | null {
  const plain = halfWidth(text).trimStart();
  const [said] = COURTESY.exec(plain) ?? [];
  return said === undefined ? null : plain.slice(said.length).trimStart();
}

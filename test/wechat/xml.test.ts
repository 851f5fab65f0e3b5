import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_XML_BYTES, readXml, writeXml } from '../../src/wechat/xml.ts';

describe('readXml', () => {
  it('numbers, keeps them as text', () => {
    expect(readXml('<xml><MsgId>24086087575195331</MsgId><A>007</A><B>1e3</B></xml>')).toEqual({
      MsgId: '24086087575195331',
      A: '007',
      B: '1e3',
    });
  });

  it('CDATA, keeps spaces, markup and entities as typed', () => {
    expect(readXml('<xml><A><![CDATA[ a &lt; <b> &#65; ]]></A></xml>')).toEqual({ A: ' a &lt; <b> &#65; ' });
  });

  it('several CDATA sections, joins them', () => {
    expect(readXml('<xml><A><![CDATA[x]]]]><![CDATA[>y]]></A></xml>')).toEqual({ A: 'x]]>y' });
  });

  it('CDATA set on a line of its own, drops the space around it and none inside', () => {
    expect(readXml('<xml><A>\n  <![CDATA[ 抢 1 ]]>\n</A>\n<B> x </B><C>\t<![CDATA[]]></C></xml>')).toEqual({
      A: ' 抢 1 ',
      B: ' x ',
      C: '',
    });
  });

  it('text outside CDATA, decodes the standard entities', () => {
    expect(readXml('<xml><A>&lt;&amp;&#20320;</A></xml>')).toEqual({ A: '<&你' });
  });

  it('empty elements, gives empty text', () => {
    expect(readXml('<xml><A></A><B/><C><![CDATA[]]></C></xml>')).toEqual({ A: '', B: '', C: '' });
    expect(readXml('<xml></xml>')).toEqual({});
  });

  it('line breaks between elements and an XML declaration, takes them', () => {
    expect(readXml('\uFEFF<?xml version="1.0" encoding="UTF-8"?>\n<xml>\n <A>1</A>\r\n <B>2</B>\n</xml>\n')).toEqual({
      A: '1',
      B: '2',
    });
  });

  it('nested elements and lists, keeps their shape', () => {
    expect(readXml('<xml><P><L><i>1</i><i>2</i></L></P></xml>')).toEqual({ P: { L: { i: ['1', '2'] } } });
  });

  it('a DTD typed inside CDATA, is ordinary text', () => {
    expect(readXml('<xml><A><![CDATA[<!DOCTYPE a><!ENTITY b "c"><?php]]></A></xml>')).toEqual({
      A: '<!DOCTYPE a><!ENTITY b "c"><?php',
    });
  });

  const bomb = `<!DOCTYPE xml [<!ENTITY a "${'a'.repeat(99)}"><!ENTITY b "&a;&a;&a;">]><xml><A>&b;</A></xml>`;
  it.each([
    ['a DTD with entities', bomb],
    ['a DTD that reads a file', '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><A>&a;</A></xml>'],
    ['a DTD after the root opens', '<xml><!DOCTYPE a><A>1</A></xml>'],
    ['a comment', '<xml><A>1<!-- c --></A></xml>'],
    ['a processing instruction', '<xml><?php x?><A>1</A></xml>'],
    ['another root', '<json><A>1</A></json>'],
    ['two roots', '<xml><A>1</A></xml><xml><A>2</A></xml>'],
    ['text in place of elements', '<xml>hello</xml>'],
    ['plain text', 'hello'],
    ['nothing', ''],
    ['JSON', '{"ToUserName":"a"}'],
    ['an unclosed element', '<xml><A>1</A>'],
    ['crossed elements', '<xml><A><B>1</A></B></xml>'],
    ['an unclosed CDATA section', '<xml><A><![CDATA[1</A></xml>'],
    ['a prototype for a name', '<xml><__proto__>1</__proto__></xml>'],
    ['deep nesting', `<xml>${'<a>'.repeat(50)}${'</a>'.repeat(50)}</xml>`],
    ['more than 64 KiB', `<xml><A>${'好'.repeat(MAX_XML_BYTES / 3)}</A></xml>`],
  ])('%s, is refused without quoting it', (_what, raw) => {
    expect(() => readXml(raw)).toThrow(expect.objectContaining({ name: 'XmlProblem' }));
    expect(() => readXml(raw)).not.toThrow(/hello|passwd|php/);
  });

  it('many unclosed CDATA openings, is refused at once', () => {
    expect(() => readXml(`<xml>${'<![CDATA['.repeat(7000)}`)).toThrow('declarations are not taken');
  });
});

describe('writeXml', () => {
  it('texts and numbers, puts texts into CDATA and leaves numbers bare', () => {
    expect(writeXml({ A: '你好', B: 5, C: { D: '' } })).toBe(
      '<xml><A><![CDATA[你好]]></A><B>5</B><C><D><![CDATA[]]></D></C></xml>',
    );
  });

  it('a list, repeats the element', () => {
    expect(writeXml({ L: { item: [{ T: 'a' }, { T: 'b' }] } })).toBe(
      '<xml><L><item><T><![CDATA[a]]></T></item><item><T><![CDATA[b]]></T></item></L></xml>',
    );
  });

  it('characters XML has no way to write, leaves them out', () => {
    expect(writeXml({ A: 'a\u0000\u0008\u001Fb\tc\nd\uFFFF' })).toBe('<xml><A><![CDATA[ab\tc\nd]]></A></xml>');
  });

  it('any text, reads back as written', () => {
    const text = fc
      .array(fc.constantFrom(']', ']]>', '>', '<![CDATA[', '&amp;', '<a>', '你', '😀', ' ', '\n', 'x'))
      .map((p) => p.join(''));
    fc.assert(
      fc.property(text, (A) => {
        expect(readXml(writeXml({ A, B: 1 }))).toEqual({ A, B: '1' });
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { readAnswers } from '../../../src/before-it-drops/rescue/read-answers.ts';

describe('answers that begin with a number', () => {
  it.each([
    ['3 已约周五试听', [{ numbers: [3], note: '已约周五试听' }]],
    ['3已约周五试听', [{ numbers: [3], note: '已约周五试听' }]],
    ['３：已约 3月5日试听', [{ numbers: [3], note: '已约 3月5日试听' }]],
    ['第3位，说再想想', [{ numbers: [3], note: '说再想想' }]],
    ['3号已约周五', [{ numbers: [3], note: '已约周五' }]],
    ['3。Ｑ上聊了', [{ numbers: [3], note: 'Ｑ上聊了' }]],
    ['3', [{ numbers: [3], note: '' }]],
    [
      '1 已约周五试听；3 不考虑了；5 周末再打',
      [
        { numbers: [1], note: '已约周五试听' },
        { numbers: [3], note: '不考虑了' },
        { numbers: [5], note: '周末再打' },
      ],
    ],
    [
      '1 已约周五试听\n\n 3 不考虑了 \n',
      [
        { numbers: [1], note: '已约周五试听' },
        { numbers: [3], note: '不考虑了' },
      ],
    ],
    ['2 谈得不错；周末带家长来；100 元订金已交', [{ numbers: [2], note: '谈得不错；周末带家长来；100 元订金已交' }]],
    ['1、2 没接', [{ numbers: [1, 2], note: '没接' }]],
    ['全部 已群发', [{ numbers: 'all', note: '已群发' }]],
    ['2 约好了\n2点见', [{ numbers: [2], note: '约好了；2点见' }]],
  ])('%j', (text, answers) => {
    expect(readAnswers(text)).toEqual(answers);
  });

  it.each([
    '明天',
    '3月5日试听',
    '10:30 到',
    '3天前联系过',
    '3-5 点',
    '全部',
    '13800138000 王小雨',
    '2 个人一起来',
    '3号楼在哪',
    '',
  ])('are not: %j', (text) => {
    expect(readAnswers(text)).toBeNull();
  });
});

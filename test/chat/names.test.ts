import { describe, expect, it } from 'vitest';
import { matchName, splitNames } from '../../src/chat/names.ts';
import { Refusal } from '../../src/kernel/refusal.ts';

const rooms = ['天上人间', '夏威夷', '夏威夷二号', '马尔代夫'].map((name, index) => ({ id: index + 1, name }));

function refusal(work: () => unknown): Refusal {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error;
  }
  throw new Error('nothing was refused');
}

describe('matchName', () => {
  it('takes the exact name before longer ones that begin so', () => {
    expect(matchName('夏威夷', rooms)).toMatchObject({ id: 2 });
  });

  it('takes the only name that begins so', () => {
    expect(matchName('天上', rooms)).toMatchObject({ id: 1 });
  });

  it('asks back where several begin so', () => {
    expect(refusal(() => matchName('夏', rooms))).toMatchObject({
      code: 'ambiguous_name',
      message: '「夏」有 2 个：夏威夷、夏威夷二号，写全一点',
    });
  });

  it('tells two of the same name apart as described', () => {
    const people = [
      { name: '王强', department: '市场部' },
      { name: '王强', department: '销售部' },
    ];
    const withDepartment = (p: (typeof people)[number]) => `${p.name}（${p.department}）`;
    expect(refusal(() => matchName('王强', people, { describe: withDepartment })).message).toContain(
      '王强（市场部）、王强（销售部）',
    );
  });

  it('names the nearest where none begins so', () => {
    expect(refusal(() => matchName('下威夷', rooms, { what: '会议室' }))).toMatchObject({
      code: 'no_such_name',
      message: '没有找到会议室「下威夷」，是不是夏威夷、夏威夷二号',
    });
  });

  it('does not take an empty name for everybody', () => {
    expect(refusal(() => matchName('', rooms)).code).toBe('no_such_name');
  });

  it('reads English names in any case and width', () => {
    expect(matchName('Ｋobe', [{ name: 'Kobe Bryant' }])).toMatchObject({ name: 'Kobe Bryant' });
  });
});

describe('splitNames', () => {
  it('parts names as people write them', () => {
    expect(splitNames('科比，王五 李四、赵六和孙七')).toEqual(['科比', '王五', '李四', '赵六', '孙七']);
  });
});

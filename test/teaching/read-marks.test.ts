import { describe, expect, it } from 'vitest';
import { isRollCall, readMarks } from '../../src/teaching/commands/read-marks.ts';

const NAMES = ['科比', '王五', '李和平', '任盈'];
const WORDS = { present: '到', late: '迟到', absent: '缺勤', excused: '请假', leftEarly: '早退' };

/** 全到 科比迟到 王五请假, in the order said. */
function heard(text: string): string {
  const { all, clauses, why } = readMarks(text, NAMES);
  if (why) return `? ${why}`;
  const marks = clauses.map(
    ({ who, attendance }) => `${'names' in who ? who.names : `#${who.numbers}`}${WORDS[attendance]}`,
  );
  return [all ? '全到' : '', ...marks].filter(Boolean).join(' ');
}

describe('a roll call as people say it', () => {
  it.each([
    ['迟到 科比', '科比迟到'],
    ['迟到科比', '科比迟到'],
    ['科比迟到', '科比迟到'],
    ['科比 迟到了', '科比迟到'],
    ['科比没来', '科比缺勤'],
    ['没来 科比', '科比缺勤'],
    ['没来的有科比', '科比缺勤'],
    ['迟到 科比; 请假 王五', '科比迟到 王五请假'],
    ['迟到 科比 请假 王五', '科比迟到 王五请假'],
    ['科比迟到，王五请假', '科比迟到 王五请假'],
    ['迟到 科比，王五请假', '科比迟到 王五请假'],
    ['科比、王五请假', '科比请假 王五请假'],
    ['科比，王五请假', '科比请假 王五请假'],
    ['科比和李和平请假', '科比请假 李和平请假'],
    ['缺勤 科比，王五', '科比缺勤 王五缺勤'],
    ['缺勤 3 5', '#3 5缺勤'],
    ['缺勤 1-3', '#1-3缺勤'],
    ['1 3 迟到', '#1 3迟到'],
    ['1、3迟到', '#1、3迟到'],
    ['3号没来', '#3号缺勤'],
    ['缺勤 1-3 请假 科比', '#1-3缺勤 科比请假'],
    ['全到', '全到'],
    ['都到了', '全到'],
    ['到齐了', '全到'],
    ['全到 谢谢', '全到'],
    ['全到，除了科比', '全到 科比缺勤'],
    ['全到除了科比和王五', '全到 科比缺勤 王五缺勤'],
    ['全到，除了科比，王五', '全到 科比缺勤 王五缺勤'],
    ['除了科比和王五都到了', '全到 科比缺勤 王五缺勤'],
    ['除了科比以外，其他人都到了', '全到 科比缺勤'],
    ['除了科比都到了', '全到 科比缺勤'],
    ['全到 迟到 科比', '全到 科比迟到'],
    ['全到，科比迟到', '全到 科比迟到'],
    ['全到，除了科比迟到', '全到 科比迟到'],
    ['除了科比迟到都到了', '全到 科比迟到'],
    ['科比迟到，其他人都到了', '科比迟到 全到'.split(' ').reverse().join(' ')],
    ['只有科比没来', '全到 科比缺勤'],
    ['全到，除了3', '全到 #3缺勤'],
    ['遲到 科比', '科比迟到'],
    ['请假 李和平', '李和平请假'],
    ['请了病假 王五', '王五请假'],
    ['科比和王五都请假', '科比请假 王五请假'],
  ])('%s', (said, meant) => {
    expect(heard(said)).toBe(meant);
  });

  it.each([
    ['迟到', '迟到的是谁'],
    ['迟到 科比 请假', '请假的是谁'],
    ['全到 科比', '科比怎么了'],
    ['科比迟到 王五', '王五怎么了'],
    ['除了科比', '科比怎么了'],
  ])('%s is asked back: %s', (said, why) => {
    expect(heard(said)).toContain(`? ${why}`);
  });

  it.each(['没有人迟到', '科比没迟到', '科比不请假', '全到 火箭队'])(
    '%s names nobody who is there, so that it is asked back',
    (said) => {
      const { clauses, why } = readMarks(said, NAMES);
      const unknown = clauses.some(({ who }) => 'names' in who && !NAMES.includes(who.names));
      expect(why !== null || unknown).toBe(true);
    },
  );

  it.each(['科比迟到', '1 3 迟到', '除了科比都到了', '科比没来', '科比、王五请假'])(
    '%s is a roll call without its word first',
    (said) => {
      expect(isRollCall(said)).toBe(true);
    },
  );

  it.each(['王小雨', '1 已约周五', '你好', '我的客户'])('%s is none', (said) => {
    expect(isRollCall(said)).toBe(false);
  });
});

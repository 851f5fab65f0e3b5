import { describe, expect, it } from 'vitest';
import { createSayImage } from '../../src/audit/say-image.ts';
import { customersTable, enterWithoutRota } from '../../src/customers/tables/customers.ts';
import { roomsTable } from '../../src/rooms/index.ts';

const sayImage = createSayImage([customersTable({ enter: enterWithoutRota }), roomsTable]);

describe('a change in words', () => {
  it('names columns as the tables do, choices by their labels, other rows by their number', () => {
    const image = { name: '王小雨', gender: 'female', education: null, consultantId: 4, source: 'baidu' };
    expect(sayImage('Customer', image)).toEqual([
      '姓名：王小雨',
      '性别：女',
      '学历：空',
      '课程顾问：编号 4',
      '来源：百度推广',
    ]);
  });

  it('leaves bookkeeping out and shows what no table declares', () => {
    expect(sayImage('Room', { id: 3, seats: 12, version: 2 })).toEqual(['座位：12']);
    expect(sayImage('RoleGrant', { roleId: 2, permission: 'pool.list', params: { source: ['qqGroup'] } })).toEqual([
      '角色：编号 2',
      '权限：pool.list',
      '限定：{"source":["qqGroup"]}',
    ]);
    expect(sayImage('Staff', { onLeaveUntil: '2026-11-30' })).toEqual(['请假到：2026-11-30']);
    expect(sayImage('StudyRecord', { homeworkFileId: 7 })).toEqual(['作业文件：编号 7']);
    expect(sayImage('Room', null)).toEqual([]);
  });
});

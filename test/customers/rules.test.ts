import { describe, expect, it } from 'vitest';
import {
  dropReasons,
  dropsOn,
  maskPhone,
  maskQq,
  maskWechat,
  mayClaim,
  monthEarlier,
} from '../../src/customers/rules.ts';

const counts = { noContactDays: 3, noDealDays: 15 };

describe('dropReasons: which customers the sweep of a day takes', () => {
  it.each([
    ['contacted on D, D+3: stays', '2026-11-21', '2026-11-18', '2026-11-20', []],
    ['contacted on D, D+4: no contact', '2026-11-22', '2026-11-18', '2026-11-20', ['noContact']],
    ['received on D, D+15: stays', '2026-11-21', '2026-11-21', '2026-11-06', []],
    ['received on D, D+16: no deal', '2026-11-22', '2026-11-22', '2026-11-06', ['noDeal']],
    ['both hold: no deal names it', '2026-11-22', '2026-11-18', '2026-11-06', ['noDeal', 'noContact']],
    ['over the end of a year, last day: stays', '2027-01-02', '2026-12-30', '2026-12-30', []],
    ['over the end of a year, one more: no contact', '2027-01-03', '2026-12-30', '2026-12-30', ['noContact']],
    ['over 29 February, D+16: no deal', '2028-03-08', '2028-03-08', '2028-02-21', ['noDeal']],
    ['over 29 February, D+15: stays', '2028-03-07', '2028-03-07', '2028-02-21', []],
  ])('%s', (_, today, lastContactedOn, receivedOn, reasons) => {
    expect(dropReasons({ receivedOn, lastContactedOn }, today, counts)).toEqual(reasons);
  });

  it('with other day counts, goes by them', () => {
    const dates = { receivedOn: '2026-11-01', lastContactedOn: '2026-11-01' };
    expect(dropReasons(dates, '2026-11-08', { noContactDays: 7, noDealDays: 30 })).toEqual([]);
    expect(dropReasons(dates, '2026-11-09', { noContactDays: 7, noDealDays: 30 })).toEqual(['noContact']);
  });
});

describe('dropsOn: the day that takes a customer', () => {
  it.each([
    ['2026-11-10', '2026-11-10', { day: '2026-11-14', reason: 'noContact' }],
    ['2026-11-10', '2026-11-24', { day: '2026-11-26', reason: 'noDeal' }],
    ['2026-11-10', '2026-11-22', { day: '2026-11-26', reason: 'noDeal' }],
    ['2026-12-29', '2026-12-29', { day: '2027-01-02', reason: 'noContact' }],
  ] as const)('received %s, contacted %s', (receivedOn, lastContactedOn, drop) => {
    expect(dropsOn({ receivedOn, lastContactedOn }, counts)).toEqual(drop);
    expect(dropReasons({ receivedOn, lastContactedOn }, drop.day, counts)[0]).toBe(drop.reason);
  });
});

describe('mayClaim', () => {
  it.each([
    ['nobody lost it', { consultantId: null, lastConsultantId: null }, 'yes'],
    ['somebody else lost it last', { consultantId: null, lastConsultantId: 2 }, 'yes'],
    ['the claimant lost it last', { consultantId: null, lastConsultantId: 1 }, 'lost_it_last'],
    ['somebody holds it', { consultantId: 2, lastConsultantId: null }, 'not_in_pool'],
  ] as const)('when %s', (_, customer, answer) => {
    expect(mayClaim({ status: 'notEnrolled', ...customer }, 1)).toBe(answer);
  });

  it('when enrolled, not', () => {
    expect(mayClaim({ status: 'enrolled', consultantId: 2, lastConsultantId: null }, 1)).toBe('not_in_pool');
  });
});

describe('masks', () => {
  it('show enough to know a number again, not enough to call it', () => {
    expect(maskPhone('13800138000')).toBe('138****8000');
    expect(maskPhone('0108888666')).toBe('010****66');
    expect(maskQq('12345678')).toBe('12****78');
    expect(maskQq('12345')).toBe('1****5');
    expect(maskWechat('amber_z')).toBe('a***z');
  });
});

describe('monthEarlier', () => {
  it.each([
    ['2026-11-21', '2026-10-21'],
    ['2026-03-31', '2026-02-28'],
    ['2028-03-30', '2028-02-29'],
    ['2027-01-15', '2026-12-15'],
  ])('%s → %s', (day, earlier) => {
    expect(monthEarlier(day)).toBe(earlier);
  });
});

import { describe, expect, it } from 'vitest';
import { demand, fixedParams, may, rowScope } from '../../src/access/access.ts';
import type { Actor, Grant } from '../../src/kernel/actor.ts';

function holding(...grants: Grant[]): Actor {
  return { id: 1, name: '李娜', roles: [], grants, departmentId: null, campusId: null };
}

describe('may', () => {
  it.each([
    { held: 'customers.claim', asked: 'customers.claim', fits: true },
    { held: 'customers.claim', asked: 'customers.release', fits: false },
    { held: 'customers.*', asked: 'customers.release', fits: true },
    { held: 'customers.*', asked: 'customersOfOthers.list', fits: false },
    { held: '*', asked: 'settings.edit', fits: true },
    { held: 'customers.list', asked: 'customers.list.all', fits: false },
  ])('when $held is held and $asked is asked, answers $fits', ({ held, asked, fits }) => {
    expect(may(holding({ permission: held, scope: 'own' }), asked)).toBe(fits);
  });

  it('when nothing is held, lets nothing pass', () => {
    expect(may(holding(), 'rooms.list')).toBe(false);
  });
});

describe('demand', () => {
  it('when the permission is missing, refuses and says what was asked', () => {
    expect(() => demand(holding(), 'people.unbind', '给别人解绑')).toThrow(
      expect.objectContaining({ code: 'forbidden', status: 403, message: expect.stringContaining('给别人解绑') }),
    );
  });
});

describe('rowScope', () => {
  it('when several roles give a permission, takes the widest', () => {
    const actor = holding(
      { permission: 'customers.list', scope: 'own' },
      { permission: 'customers.*', scope: 'department' },
      { permission: 'rooms.list', scope: 'all' },
    );
    expect(rowScope(actor, 'customers.list')).toBe('department');
  });

  it('when no role gives it, is null', () => {
    expect(rowScope(holding({ permission: 'rooms.list', scope: 'all' }), 'customers.list')).toBeNull();
  });
});

describe('fixedParams', () => {
  it('when every grant fixes something, unites the values', () => {
    const actor = holding(
      { permission: 'customers.list', scope: 'own', params: { source: ['qqGroup'], status: ['notEnrolled'] } },
      { permission: 'customers.list', scope: 'own', params: { source: ['qqGroup', 'website'] } },
    );
    expect(fixedParams(actor, 'customers.list')).toEqual({ source: ['qqGroup', 'website'], status: ['notEnrolled'] });
  });

  it('when one grant fixes nothing, nothing is fixed', () => {
    const actor = holding(
      { permission: 'customers.list', scope: 'own', params: { source: ['qqGroup'] } },
      { permission: 'customers.list', scope: 'own' },
    );
    expect(fixedParams(actor, 'customers.list')).toBeNull();
  });
});

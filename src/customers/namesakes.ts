import { dayFromDb } from '../kernel/school-time.ts';
import { tellApart } from '../kernel/tell-apart.ts';

/** What tells customers of one name apart. */
export type Telling = { id: number; name: string; phone: string | null; receivedOn: Date };

/** The last four digits of the phone, which a masked reader sees too; else the day they came to who holds them. */
export function markOf({ phone, receivedOn }: Pick<Telling, 'phone' | 'receivedOn'>): string {
  return phone ? `尾号 ${phone.slice(-4)}` : `${dayFromDb(receivedOn).slice(5)} 接单`;
}

/** The customers of a list by what each is called in it; the same customer twice is no namesake. */
export function namesInList<T extends Telling>(customers: readonly T[]): (customer: T) => string {
  const each = [...new Map(customers.map((customer) => [customer.id, customer])).values()];
  const called = tellApart(each, markOf);
  const byId = new Map(each.map(({ id }, at) => [id, called[at]]));
  return ({ id, name }) => byId.get(id) ?? name;
}

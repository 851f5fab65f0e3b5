import { z } from 'zod';
import type { SandboxParts } from '../parts.ts';
import { OK, PlatformError } from './answer.ts';
import { type ApiCall, type ApiRequest, readBody, withToken } from './call.ts';
import { createItems } from './items.ts';

const MOST_TAGS = 100;
const MOST_ON_A_PERSON = 20;
const MOST_AT_ONCE = 50;
const NAME_BYTES = 30;
/** The platform's own tags (黑名单, 星标组) go below. */
const FIRST_ID = 100;

const Named = z.object({ tag: z.object({ name: z.string() }) });
const Update = z.object({ tag: z.object({ id: z.coerce.number().int(), name: z.string() }) });
const Remove = z.object({ tag: z.object({ id: z.coerce.number().int() }) });
const Batch = z.object({ openid_list: z.array(z.string()).min(1), tagid: z.coerce.number().int() });
const Openid = z.object({ openid: z.string() });
const OfTag = z.object({ tagid: z.coerce.number().int(), next_openid: z.string().default('') });

export type Tags = ReturnType<typeof createTags>;

/** Tags (用户标签) and who carries them. */
export function createTags(parts: SandboxParts) {
  const { prisma } = parts;
  const tags = createItems(parts, 'tag', z.object({ name: z.string() }));
  const carried = createItems(parts, 'tagged', z.object({}));
  const calls: ApiCall[] = [
    withToken('POST', '/cgi-bin/tags/create', create),
    withToken('GET', '/cgi-bin/tags/get', list),
    withToken('POST', '/cgi-bin/tags/update', update),
    withToken('POST', '/cgi-bin/tags/delete', remove),
    withToken('POST', '/cgi-bin/tags/members/batchtagging', (request) => batch(request, tag)),
    withToken('POST', '/cgi-bin/tags/members/batchuntagging', (request) => batch(request, untag)),
    withToken('POST', '/cgi-bin/tags/getidlist', async (request) => ({
      tagid_list: await tagsOf((await phoneOf(readBody(request, Openid).openid)).openid),
    })),
    withToken('POST', '/cgi-bin/user/tag/get', members),
  ];
  return { calls, tagsOf };

  /** The ids of somebody's tags. */
  async function tagsOf(openid: string): Promise<number[]> {
    return (await carried.list(`${openid}:`)).map(({ name }) => Number(name.slice(openid.length + 1)));
  }

  async function create(request: ApiRequest) {
    const { name } = readBody(request, Named).tag;
    const all = await tags.list();
    if (all.length >= MOST_TAGS) throw new PlatformError(45056, 'too many tag now, no need to add new');
    checkName(name, all);
    const id = await tags.nextNumber(FIRST_ID);
    await tags.put(String(id), { name });
    return { tag: { id, name } };
  }

  async function list() {
    const [all, members] = [await tags.list(), await carried.list()];
    return {
      tags: all.map(({ name: id, value: { name } }) => ({
        id: Number(id),
        name,
        count: members.filter((member) => member.name.endsWith(`:${id}`)).length,
      })),
    };
  }

  async function update(request: ApiRequest) {
    const { id, name } = readBody(request, Update).tag;
    await mustFind(id);
    checkName(
      name,
      (await tags.list()).filter((other) => other.name !== String(id)),
    );
    await tags.put(String(id), { name });
    return OK;
  }

  async function remove(request: ApiRequest) {
    const { id } = readBody(request, Remove).tag;
    await mustFind(id);
    await tags.remove(String(id));
    await carried.removeAll(`:${id}`);
    return OK;
  }

  async function batch(request: ApiRequest, work: (openid: string, id: number) => Promise<void>) {
    const { openid_list, tagid } = readBody(request, Batch);
    if (openid_list.length > MOST_AT_ONCE) throw new PlatformError(40032, 'invalid openid list size');
    await mustFind(tagid);
    for (const openid of openid_list) await phoneOf(openid);
    for (const openid of openid_list) await work(openid, tagid);
    return OK;
  }

  async function tag(openid: string, id: number): Promise<void> {
    const own = await tagsOf(openid);
    if (!own.includes(id) && own.length >= MOST_ON_A_PERSON)
      throw new PlatformError(45059, 'can not add more tags to this user');
    await carried.put(`${openid}:${id}`, {});
  }

  async function untag(openid: string, id: number): Promise<void> {
    await carried.remove(`${openid}:${id}`);
  }

  async function members(request: ApiRequest) {
    const { tagid, next_openid } = readBody(request, OfTag);
    await mustFind(tagid);
    const openids = (await carried.list())
      .filter(({ name }) => name.endsWith(`:${tagid}`))
      .map(({ name }) => name.slice(0, name.lastIndexOf(':')))
      .sort()
      .filter((openid) => openid > next_openid);
    return { count: openids.length, data: { openid: openids }, next_openid: openids.at(-1) ?? '' };
  }

  function checkName(name: string, others: readonly { value: { name: string } }[]): void {
    const bytes = Buffer.byteLength(name);
    if (bytes === 0 || bytes > NAME_BYTES) throw new PlatformError(45158, 'invalid tag name size');
    if (others.some(({ value }) => value.name === name)) throw new PlatformError(45157, 'invalid tag name: taken');
  }

  async function mustFind(id: number): Promise<void> {
    if (id < FIRST_ID) throw new PlatformError(45058, 'the tags 0, 1 and 2 are the platform’s own');
    if (!(await tags.find(String(id)))) throw new PlatformError(45159, 'invalid tag id');
  }

  async function phoneOf(openid: string) {
    const phone = await prisma.sandboxPhone.findUnique({ where: { openid } });
    if (!phone) throw new PlatformError(40003, 'invalid openid');
    return phone;
  }
}

import { z } from 'zod';
import type { SandboxParts } from '../parts.ts';
import { OK, PlatformError } from './answer.ts';
import { type ApiCall, type ApiRequest, readBody, withToken } from './call.ts';
import { createItems } from './items.ts';
import type { Tags } from './tags.ts';

const PAGE = 10_000;
const BATCH = 100;
const MOST_REMARK = 30;
const Batch = z.object({ user_list: z.array(z.object({ openid: z.string() })).min(1) });

const Remark = z.object({ openid: z.string(), remark: z.string() });

/** How somebody came to follow. */
const Follow = z.object({ at: z.number(), scene: z.string() });

export type Followers = ReturnType<typeof createFollowers>;

/** Who follows the account, as the platform tells it. */
export function createFollowers({ tags, ...parts }: SandboxParts & { tags: Tags }) {
  const { prisma, clock } = parts;
  const remarks = createItems(parts, 'remark', z.object({ text: z.string() }));
  const calls: ApiCall[] = [
    withToken('GET', '/cgi-bin/user/info', info),
    withToken('POST', '/cgi-bin/user/info/batchget', infos),
    withToken('GET', '/cgi-bin/user/get', list),
    withToken('POST', '/cgi-bin/user/info/updateremark', updateRemark),
  ];
  return { calls, find, setFollowing };

  function find(openid: string) {
    return prisma.sandboxPhone.findUnique({ where: { openid } });
  }

  /** Follows or unfollows; false where nothing changed, so that of two at once one pushes. */
  async function setFollowing(openid: string, following: boolean, scene = ''): Promise<boolean> {
    const { count } = await prisma.sandboxPhone.updateMany({
      where: { openid, following: !following },
      data: { following },
    });
    if (count > 0 && following) await keepFollow(openid, scene);
    return count > 0;
  }

  async function keepFollow(openid: string, scene: string): Promise<void> {
    const value = { at: seconds(clock.now()), scene };
    const key = followKey(openid);
    await prisma.sandboxItem.upsert({
      where: { key },
      create: { key, kind: 'follow', value, createdAt: clock.now() },
      update: { value },
    });
  }

  async function info({ query }: ApiRequest) {
    return describe(query.openid ?? '');
  }

  async function infos(request: ApiRequest) {
    const { user_list } = readBody(request, Batch);
    if (user_list.length > BATCH) throw new PlatformError(40130, 'invalid openid list size, at most 100');
    const user_info_list = [];
    for (const { openid } of user_list) user_info_list.push(await describe(openid));
    return { user_info_list };
  }

  async function describe(openid: string) {
    const phone = await find(openid);
    if (!phone) throw new PlatformError(40003, 'invalid openid');
    if (!phone.following) return { subscribe: 0, openid };
    const follow = await followOf(openid);
    return {
      subscribe: 1,
      openid,
      language: 'zh_CN',
      subscribe_time: follow.at,
      remark: (await remarks.find(openid))?.text ?? '',
      groupid: 0,
      tagid_list: await tags.tagsOf(openid),
      subscribe_scene: follow.scene ? 'ADD_SCENE_QR_CODE' : 'ADD_SCENE_SEARCH',
      qr_scene: /^\d+$/.test(follow.scene) ? Number(follow.scene) : 0,
      qr_scene_str: /^\d*$/.test(follow.scene) ? '' : follow.scene,
    };
  }

  /** When and how somebody came; who followed before anybody asked, at the first asking and for ever after. */
  async function followOf(openid: string) {
    const kept = await prisma.sandboxItem.findUnique({ where: { key: followKey(openid) } });
    if (kept) return Follow.parse(kept.value);
    const createdAt = clock.now();
    const value = { at: seconds(createdAt), scene: '' };
    const data = [{ key: followKey(openid), kind: 'follow', value, createdAt }];
    await prisma.sandboxItem.createMany({ data, skipDuplicates: true });
    const row = await prisma.sandboxItem.findUniqueOrThrow({ where: { key: followKey(openid) } });
    return Follow.parse(row.value);
  }

  async function updateRemark(request: ApiRequest) {
    const { openid, remark } = readBody(request, Remark);
    if (!(await find(openid))) throw new PlatformError(40003, 'invalid openid');
    if ([...remark].length > MOST_REMARK) throw new PlatformError(48102, 'remark too long');
    await remarks.put(openid, { text: remark });
    return OK;
  }

  async function list({ query }: ApiRequest) {
    const after = query.next_openid ?? '';
    if (after !== '' && !(await find(after))) throw new PlatformError(40003, 'invalid openid');
    const where = { following: true };
    const [total, rows] = await Promise.all([
      prisma.sandboxPhone.count({ where }),
      prisma.sandboxPhone.findMany({
        where: { ...where, openid: { gt: after } },
        orderBy: { openid: 'asc' },
        take: PAGE,
      }),
    ]);
    const openids = rows.map(({ openid }) => openid);
    const count = openids.length;
    return { total, count, ...(count > 0 && { data: { openid: openids } }), next_openid: openids.at(-1) ?? '' };
  }
}

function seconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}

function followKey(openid: string): string {
  return `follow:${openid}`;
}

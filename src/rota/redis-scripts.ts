/** A Lua script as Redis runs it: one atomic step over the given keys. */
export type Script = { numberOfKeys: number; lua: string };

/** Removes KEYS[1] where it holds ARGV[1]. */
const compareAndDelete: Script = {
  numberOfKeys: 1,
  lua: `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`,
};

/*
 * The rota's keys: KEYS[1] list of waiting turns, each "returned|cycle|position|consultant"; KEYS[2] list of the
 * consultants of the original; KEYS[3] hash of the present cycle's number and, as JSON, the turns lapsed before it: without
 * it there is no rota; KEYS[4] the reset mark; KEYS[5] hash of the turns out, as JSON by turn id.
 * cjson writes an empty list as {}, so lists are joined by hand and the numbers in them kept as the strings they came as.
 */
const rotaWords = `
local function read(item)
  local returned, cycle, position, consultant = item:match('^(%d)|(%d+)|(%d+)|(%d+)$')
  return { item = item, returned = returned == '1', cycle = cycle, position = position, consultant = consultant }
end

local function before(a, b)
  if a.cycle == b.cycle then return tonumber(a.position) < tonumber(b.position) end
  return tonumber(a.cycle) < tonumber(b.cycle)
end

local function list(items) return '[' .. table.concat(items, ',') .. ']' end

local function nowMs()
  local time = redis.call('TIME')
  return string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
end

local function rewrite(key, items)
  redis.call('DEL', key)
  for _, item in ipairs(items) do redis.call('RPUSH', key, item) end
end
`;

/** ARGV: passOver, room, the list as it would be built anew, known (or null), the turn ids; all JSON. Nil: no rota yet. */
const rotaTake: Script = {
  numberOfKeys: 5,
  lua: `${rotaWords}
if redis.call('EXISTS', KEYS[3]) == 0 then return nil end
local passOver, room, anew = cjson.decode(ARGV[1]), cjson.decode(ARGV[2]), cjson.decode(ARGV[3])
local known, ids = cjson.decode(ARGV[4]), cjson.decode(ARGV[5])
for i, id in ipairs(anew) do anew[i] = string.format('%.0f', id) end

local everyone
if known ~= cjson.null then
  everyone = {}
  for _, id in ipairs(known) do everyone[string.format('%.0f', id)] = true end
end

local cycle, lapsed = unpack(redis.call('HMGET', KEYS[3], 'number', 'lapsed'))
local original = redis.call('LRANGE', KEYS[2], 0, -1)

-- Sent again after a lost connection: the first run has taken these turns.
if redis.call('HEXISTS', KEYS[5], ids[1]) == 1 then
  local taken = {}
  for _, id in ipairs(ids) do
    local turn = redis.call('HGET', KEYS[5], id)
    if turn then taken[#taken + 1] = turn end
  end
  local present = string.format('{"cycle":%s,"original":%s,"lapsed":%s}', cycle, list(original), lapsed)
  return string.format('{"turns":%s,"cycles":[%s]}', list(taken), present)
end

local working = {}
for i, item in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do working[i] = read(item) end

local function whyNot(consultant)
  if passOver[consultant] then return passOver[consultant] end
  if everyone and not everyone[consultant] then return 'gone' end
  local cap = room[consultant]
  if cap and cap.left <= 0 then return cap.reason end
end

local function firstAble()
  for i, turn in ipairs(working) do
    if not whyNot(turn.consultant) then return i end
  end
end

local function someoneCan(consultants)
  for _, consultant in ipairs(consultants) do
    if not whyNot(consultant) then return true end
  end
  return false
end

local function passedOver(upTo)
  local entries = {}
  for i = 1, upTo do
    local turn = working[i]
    entries[i] = string.format('{"cycle":%s,"position":%s,"consultantId":%s,"reason":%s}',
      turn.cycle, turn.position, turn.consultant, cjson.encode(whyNot(turn.consultant)))
  end
  return list(entries)
end

local function openCycle()
  local filling, marked = original, redis.call('EXISTS', KEYS[4]) == 1
  local build = marked or not someoneCan(original)
  if build then filling = anew end
  if not someoneCan(filling) then return false end
  lapsed = passedOver(#working)
  cycle = string.format('%.0f', cycle + 1)
  original = filling
  working = {}
  for i, consultant in ipairs(original) do
    working[i] = read(string.format('0|%s|%.0f|%s', cycle, i - 1, consultant))
  end
  redis.call('HSET', KEYS[3], 'number', cycle, 'lapsed', lapsed)
  rewrite(KEYS[2], original)
  if build then redis.call('DEL', KEYS[4]) end
  return true
end

local taken, cycles, told, takenAt = {}, {}, {}, nowMs()
for _, id in ipairs(ids) do
  local index = firstAble()
  if not index then
    if not openCycle() then break end
    index = firstAble()
  end
  local waiting = passedOver(index - 1)
  local turn = table.remove(working, index)
  local cap = room[turn.consultant]
  if cap then cap.left = cap.left - 1 end
  local json = string.format('{"turnId":%s,"cycle":%s,"position":%s,"consultantId":%s,"takenAtMs":%s,"passedOver":%s}',
    cjson.encode(id), turn.cycle, turn.position, turn.consultant, takenAt, waiting)
  redis.call('HSET', KEYS[5], id, json)
  taken[#taken + 1] = json
  if not told[cycle] then
    told[cycle] = true
    cycles[#cycles + 1] = string.format('{"cycle":%s,"original":%s,"lapsed":%s}', cycle, list(original), lapsed)
  end
end

if #taken > 0 then
  local items = {}
  for i, turn in ipairs(working) do items[i] = turn.item end
  rewrite(KEYS[1], items)
end
return string.format('{"turns":%s,"cycles":%s}', list(taken), list(cycles))`,
};

/** ARGV: turn ids. KEYS[1] the waiting turns, KEYS[2] the turns out. */
const rotaGiveBack: Script = {
  numberOfKeys: 2,
  lua: `${rotaWords}
for _, id in ipairs(ARGV) do
  local json = redis.call('HGET', KEYS[2], id)
  if json then
    redis.call('HDEL', KEYS[2], id)
    local turn = cjson.decode(json)
    local back = read(string.format('1|%.0f|%.0f|%.0f', turn.cycle, turn.position, turn.consultantId))
    local behind
    for _, item in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
      local other = read(item)
      if not other.returned or before(back, other) then
        behind = item
        break
      end
    end
    if behind then redis.call('LINSERT', KEYS[1], 'BEFORE', behind, back.item)
    else redis.call('RPUSH', KEYS[1], back.item) end
  end
end`,
};

/** ARGV[1]: age in ms. KEYS[1] the turns out. Answers those taken so long ago, each as JSON. */
const rotaOutstanding: Script = {
  numberOfKeys: 1,
  lua: `${rotaWords}
local takenBy, old = nowMs() - ARGV[1], {}
for _, json in ipairs(redis.call('HVALS', KEYS[1])) do
  if cjson.decode(json).takenAtMs <= takenBy then old[#old + 1] = json end
end
return old`,
};

/** KEYS as for rotaTake. Answers the waiting turns, the original, the cycle's number, the reset mark; nil: no rota. */
const rotaPeek: Script = {
  numberOfKeys: 4,
  lua: `
local cycle = redis.call('HGET', KEYS[3], 'number')
if not cycle then return nil end
return { redis.call('LRANGE', KEYS[1], 0, -1), redis.call('LRANGE', KEYS[2], 0, -1), cycle, redis.call('EXISTS', KEYS[4]) }`,
};

/** ARGV: waiting turns and original as JSON lists, the cycle's number, its lapsed turns as JSON, the reset mark (1 or 0). */
const rotaRestore: Script = {
  numberOfKeys: 5,
  lua: `${rotaWords}
if redis.call('EXISTS', KEYS[3]) == 1 then return 0 end
rewrite(KEYS[1], cjson.decode(ARGV[1]))
rewrite(KEYS[2], cjson.decode(ARGV[2]))
redis.call('HSET', KEYS[3], 'number', ARGV[3], 'lapsed', ARGV[4])
if ARGV[5] == '1' then redis.call('SET', KEYS[4], '1') end
redis.call('DEL', KEYS[5])
return 1`,
};

/** Every script the service runs in Redis, by the name it is defined under. */
export const scripts = {
  compareAndDelete,
  rotaTake,
  rotaGiveBack,
  rotaOutstanding,
  rotaPeek,
  rotaRestore,
} as const;

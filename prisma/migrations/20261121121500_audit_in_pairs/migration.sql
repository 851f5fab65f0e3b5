-- Pairs the rows before and after a change by grouping instead of joining. A trigger's plan is made for the first change
-- of its connection and kept: made for one claimed customer it joined every row with every other, so a sweep's batch
-- of thousands took seconds and a hundred thousand rows in one statement never ended.

CREATE OR REPLACE FUNCTION xiaoxin_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  hidden text[] := TG_ARGV;
  actor int := nullif(current_setting('xiaoxin.actor', true), '')::int;
  through text := coalesce(nullif(current_setting('xiaoxin.channel', true), ''), 'database');
  moment timestamptz := coalesce(nullif(current_setting('xiaoxin.now', true), '')::timestamptz, clock_timestamp());
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO "AuditEntry" (at, "actorId", channel, entity, "entityId", action, after)
    SELECT moment, actor, through, TG_TABLE_NAME, n.id, 'add', xiaoxin_audit_image(to_jsonb(n), hidden) FROM new_rows n;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO "AuditEntry" (at, "actorId", channel, entity, "entityId", action, before)
    SELECT moment, actor, through, TG_TABLE_NAME, o.id, 'delete', xiaoxin_audit_image(to_jsonb(o), hidden) FROM old_rows o;
  ELSE
    INSERT INTO "AuditEntry" (at, "actorId", channel, entity, "entityId", action, before, after)
    WITH images AS (
      SELECT o.id, false AS is_new, to_jsonb(o) AS image FROM old_rows o
      UNION ALL
      SELECT n.id, true, to_jsonb(n) FROM new_rows n
    ), pairs AS (
      SELECT id, (array_agg(image) FILTER (WHERE NOT is_new))[1] AS was, (array_agg(image) FILTER (WHERE is_new))[1] AS image
      FROM images GROUP BY id
    ), changed AS MATERIALIZED (
      SELECT id, xiaoxin_audit_changes(was, image, hidden) AS change FROM pairs WHERE was IS NOT NULL AND image IS NOT NULL
    )
    SELECT moment, actor, through, TG_TABLE_NAME, id, 'edit', (change).before, (change).after
    FROM changed WHERE (change).before IS NOT NULL ORDER BY id;
  END IF;
  RETURN NULL;
END
$$;

-- The planner unfolded each row's image anew for each of its columns: 0.16 ms a changed customer. Images made once, and
-- compared in a function of their own, take a sixth of that, so that sweeps and imports stay quick.

CREATE FUNCTION xiaoxin_audit_changes(was jsonb, image jsonb, hidden text[], OUT before jsonb, OUT after jsonb) LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_object_agg(b.key, CASE WHEN b.key = ANY (hidden) AND b.value <> 'null' THEN '"***"'::jsonb ELSE b.value END),
         jsonb_object_agg(b.key, CASE WHEN b.key = ANY (hidden) AND image -> b.key <> 'null' THEN '"***"'::jsonb ELSE image -> b.key END)
  FROM jsonb_each(was) b
  WHERE b.value IS DISTINCT FROM image -> b.key AND b.key <> 'updatedAt' AND b.key <> 'version'
$$;

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
    WITH changed AS MATERIALIZED (
      SELECT n.id, to_jsonb(o) AS was, to_jsonb(n) AS image FROM old_rows o JOIN new_rows n ON n.id = o.id
    )
    SELECT moment, actor, through, TG_TABLE_NAME, changed.id, 'edit', d.before, d.after
    FROM changed, LATERAL xiaoxin_audit_changes(changed.was, changed.image, hidden) d
    WHERE d.before IS NOT NULL;
  END IF;
  RETURN NULL;
END
$$;

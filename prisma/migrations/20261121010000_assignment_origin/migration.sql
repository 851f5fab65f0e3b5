-- How a customer came to a consultant (entered, assigned, claimed, transferred): the cap on claims a day counts claims
-- only, and a late claim can tell who was faster. The states get the order in which 我的客户 lists them: following,
-- then lost, then won.

CREATE TYPE "AssignmentOrigin" AS ENUM ('entered', 'assigned', 'claimed', 'transferred');
ALTER TABLE "Assignment" ADD COLUMN "origin" "AssignmentOrigin" NOT NULL DEFAULT 'assigned';

-- An index with a condition on the state names the old type.
DROP INDEX "Assignment_following_key";
ALTER TABLE "Assignment" ALTER COLUMN "state" DROP DEFAULT;
ALTER TYPE "AssignmentState" RENAME TO "AssignmentState_old";
CREATE TYPE "AssignmentState" AS ENUM ('following', 'lostNoContact', 'lostNoDeal', 'released', 'transferred', 'won', 'undone');
ALTER TABLE "Assignment" ALTER COLUMN "state" TYPE "AssignmentState" USING "state"::text::"AssignmentState";
ALTER TABLE "Assignment" ALTER COLUMN "state" SET DEFAULT 'following';
DROP TYPE "AssignmentState_old";
CREATE UNIQUE INDEX "Assignment_following_key" ON "Assignment"("customerId") WHERE state = 'following';

-- Why: customers come from 抖音, 小红书, 视频号, 地推 and the Official Account as well; a consultant who typed 抖音 was not
-- understood. Values are only added, so rows and exports of before stay as they are.

-- AlterEnum
ALTER TYPE "Source" ADD VALUE 'douyin' BEFORE 'other';
ALTER TYPE "Source" ADD VALUE 'xiaohongshu' BEFORE 'other';
ALTER TYPE "Source" ADD VALUE 'shipinhao' BEFORE 'other';
ALTER TYPE "Source" ADD VALUE 'ditui' BEFORE 'other';
ALTER TYPE "Source" ADD VALUE 'officialAccount' BEFORE 'other';

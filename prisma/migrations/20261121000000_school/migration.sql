-- The whole school from the start: people, customers, the rota, notices, chat, rooms and teaching. The second half
-- (from "What Prisma cannot say") is written by hand: rules that only the database can enforce, and the audit.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "RowScope" AS ENUM ('own', 'department', 'campus', 'all');

-- CreateEnum
CREATE TYPE "BindState" AS ENUM ('waiting', 'bound', 'refused', 'expired');

-- CreateEnum
CREATE TYPE "Gender" AS ENUM ('male', 'female');

-- CreateEnum
CREATE TYPE "Education" AS ENUM ('keyUniversity', 'regularUniversity', 'independentCollege', 'privateUniversity', 'juniorCollege', 'privateCollege', 'highSchool', 'other');

-- CreateEnum
CREATE TYPE "Experience" AS ENUM ('inSchool', 'freshGraduate', 'underHalfYear', 'halfToOneYear', 'oneToThreeYears', 'threeToFiveYears', 'overFiveYears');

-- CreateEnum
CREATE TYPE "WorkStatus" AS ENUM ('employed', 'unemployed');

-- CreateEnum
CREATE TYPE "Source" AS ENUM ('qqGroup', 'internalReferral', 'website', 'baidu', 'so360', 'sogou', 'tencentClass', 'guangdiantong', 'campusTalk', 'channelAgent', 'cto51', 'zhihuitui', 'adNetwork', 'dsp', 'seo', 'other');

-- CreateEnum
CREATE TYPE "CustomerStatus" AS ENUM ('notEnrolled', 'enrolled');

-- CreateEnum
CREATE TYPE "PoolReason" AS ENUM ('noContact', 'noDeal', 'released', 'unassigned');

-- CreateEnum
CREATE TYPE "AssignmentState" AS ENUM ('following', 'won', 'lostNoContact', 'lostNoDeal', 'released', 'transferred', 'undone');

-- CreateEnum
CREATE TYPE "ImportState" AS ENUM ('reading', 'preview', 'running', 'done', 'failed');

-- CreateEnum
CREATE TYPE "ImportRowState" AS ENUM ('pending', 'saved', 'duplicate', 'failed');

-- CreateEnum
CREATE TYPE "NoticeState" AS ENUM ('queued', 'sending', 'sent', 'dead', 'unreachable');

-- CreateEnum
CREATE TYPE "JobState" AS ENUM ('running', 'done', 'failed');

-- CreateEnum
CREATE TYPE "Attendance" AS ENUM ('present', 'excused', 'late', 'absent', 'leftEarly');

-- CreateEnum
CREATE TYPE "PaymentKind" AS ENUM ('deposit', 'tuition', 'classChange', 'withdrawal', 'refund');

-- CreateTable
CREATE TABLE "Department" (
    "id" SERIAL NOT NULL,
    "code" INTEGER NOT NULL,
    "title" TEXT NOT NULL,

    CONSTRAINT "Department_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Person" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "username" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "email" TEXT,
    "phone" TEXT,
    "openid" VARCHAR(64),
    "active" BOOLEAN NOT NULL DEFAULT true,
    "notifyPrefs" JSONB,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "Person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Staff" (
    "id" SERIAL NOT NULL,
    "personId" INTEGER NOT NULL,
    "departmentId" INTEGER,
    "campusId" INTEGER,
    "onLeaveUntil" DATE,

    CONSTRAINT "Staff_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Student" (
    "id" SERIAL NOT NULL,
    "personId" INTEGER NOT NULL,
    "customerId" INTEGER,

    CONSTRAINT "Student_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Role" (
    "id" SERIAL NOT NULL,
    "code" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "scope" "RowScope" NOT NULL DEFAULT 'own',
    "menu" JSONB NOT NULL,

    CONSTRAINT "Role_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RoleGrant" (
    "id" SERIAL NOT NULL,
    "roleId" INTEGER NOT NULL,
    "permission" TEXT NOT NULL,
    "params" JSONB,

    CONSTRAINT "RoleGrant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PersonRole" (
    "id" SERIAL NOT NULL,
    "personId" INTEGER NOT NULL,
    "roleId" INTEGER NOT NULL,

    CONSTRAINT "PersonRole_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL,
    "personId" INTEGER NOT NULL,
    "csrf" TEXT NOT NULL,
    "remember" BOOLEAN NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "BindTicket" (
    "id" TEXT NOT NULL,
    "personId" INTEGER NOT NULL,
    "scene" TEXT NOT NULL,
    "ticket" TEXT,
    "qrUrl" TEXT,
    "state" "BindState" NOT NULL DEFAULT 'waiting',
    "reason" TEXT,
    "openid" VARCHAR(64),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "usedAt" TIMESTAMPTZ(3),

    CONSTRAINT "BindTicket_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Binding" (
    "id" SERIAL NOT NULL,
    "personId" INTEGER NOT NULL,
    "openid" VARCHAR(64) NOT NULL,
    "boundAt" TIMESTAMPTZ(3) NOT NULL,
    "releasedAt" TIMESTAMPTZ(3),
    "reason" TEXT,

    CONSTRAINT "Binding_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Follower" (
    "openid" VARCHAR(64) NOT NULL,
    "following" BOOLEAN NOT NULL,
    "changedAt" TIMESTAMPTZ(3) NOT NULL,
    "messageAt" TIMESTAMPTZ(3),
    "messageUsed" INTEGER NOT NULL DEFAULT 0,
    "eventAt" TIMESTAMPTZ(3),
    "eventUsed" INTEGER NOT NULL DEFAULT 0,
    "optedOut" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "Follower_pkey" PRIMARY KEY ("openid")
);

-- CreateTable
CREATE TABLE "Customer" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "qq" TEXT,
    "phone" TEXT,
    "wechat" TEXT,
    "gender" "Gender",
    "education" "Education",
    "graduationSchool" TEXT,
    "major" TEXT,
    "experience" "Experience",
    "workStatus" "WorkStatus" NOT NULL DEFAULT 'employed',
    "company" TEXT,
    "salary" TEXT,
    "source" "Source" NOT NULL DEFAULT 'qqGroup',
    "referralStudentId" INTEGER,
    "status" "CustomerStatus" NOT NULL DEFAULT 'notEnrolled',
    "consultantId" INTEGER,
    "enteredOn" DATE NOT NULL,
    "enteredById" INTEGER,
    "receivedOn" DATE NOT NULL,
    "lastContactedOn" DATE NOT NULL,
    "nextContactOn" DATE,
    "pooledAt" TIMESTAMPTZ(3),
    "poolReason" "PoolReason",
    "lastConsultantId" INTEGER,
    "memo" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "Customer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CustomerCourse" (
    "id" SERIAL NOT NULL,
    "customerId" INTEGER NOT NULL,
    "courseId" INTEGER NOT NULL,

    CONSTRAINT "CustomerCourse_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Assignment" (
    "id" SERIAL NOT NULL,
    "customerId" INTEGER NOT NULL,
    "consultantId" INTEGER NOT NULL,
    "date" DATE NOT NULL,
    "state" "AssignmentState" NOT NULL DEFAULT 'following',
    "memo" TEXT,
    "endedOn" DATE,
    "turnId" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Assignment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "FollowUp" (
    "id" SERIAL NOT NULL,
    "customerId" INTEGER NOT NULL,
    "consultantId" INTEGER NOT NULL,
    "date" DATE NOT NULL,
    "note" TEXT NOT NULL,
    "nextContactOn" DATE,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "FollowUp_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SalesRank" (
    "id" SERIAL NOT NULL,
    "consultantId" INTEGER NOT NULL,
    "weight" INTEGER NOT NULL,
    "slots" INTEGER NOT NULL,
    "followingCap" INTEGER,
    "dailyCap" INTEGER,

    CONSTRAINT "SalesRank_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Turn" (
    "id" TEXT NOT NULL,
    "cycle" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "consultantId" INTEGER NOT NULL,
    "takenAt" TIMESTAMPTZ(3) NOT NULL,
    "passedOver" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "Turn_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RotaCycle" (
    "cycle" INTEGER NOT NULL,
    "original" JSONB NOT NULL,
    "lapsed" JSONB NOT NULL DEFAULT '[]',
    "openedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "RotaCycle_pkey" PRIMARY KEY ("cycle")
);

-- CreateTable
CREATE TABLE "CustomerImport" (
    "id" SERIAL NOT NULL,
    "personId" INTEGER NOT NULL,
    "fileName" TEXT NOT NULL,
    "state" "ImportState" NOT NULL DEFAULT 'reading',
    "total" INTEGER NOT NULL DEFAULT 0,
    "saved" INTEGER NOT NULL DEFAULT 0,
    "duplicates" INTEGER NOT NULL DEFAULT 0,
    "failed" INTEGER NOT NULL DEFAULT 0,
    "problem" TEXT,
    "header" JSONB,
    "leaseUntil" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "CustomerImport_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ImportRow" (
    "id" SERIAL NOT NULL,
    "importId" INTEGER NOT NULL,
    "rowNumber" INTEGER NOT NULL,
    "cells" JSONB NOT NULL,
    "state" "ImportRowState" NOT NULL DEFAULT 'pending',
    "reason" TEXT,
    "customerId" INTEGER,

    CONSTRAINT "ImportRow_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Notification" (
    "id" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "personId" INTEGER NOT NULL,
    "data" JSONB NOT NULL,
    "entity" TEXT,
    "entityId" INTEGER,
    "once" TEXT NOT NULL,
    "urgent" BOOLEAN NOT NULL DEFAULT false,
    "state" "NoticeState" NOT NULL DEFAULT 'queued',
    "channel" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "dueAt" TIMESTAMPTZ(3) NOT NULL,
    "leaseUntil" TIMESTAMPTZ(3),
    "leaseOwner" TEXT,
    "lastError" TEXT,
    "tries" JSONB,
    "platformId" TEXT,
    "deliveredAt" TIMESTAMPTZ(3),
    "sentAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Notification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "WechatTemplate" (
    "templateId" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "example" TEXT,
    "syncedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "WechatTemplate_pkey" PRIMARY KEY ("templateId")
);

-- CreateTable
CREATE TABLE "NoticeTemplate" (
    "kind" TEXT NOT NULL,
    "templateId" TEXT NOT NULL,
    "fields" JSONB,

    CONSTRAINT "NoticeTemplate_pkey" PRIMARY KEY ("kind")
);

-- CreateTable
CREATE TABLE "MessageReceipt" (
    "key" TEXT NOT NULL,
    "reply" JSONB,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "MessageReceipt_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "NumberedList" (
    "id" SERIAL NOT NULL,
    "personId" INTEGER NOT NULL,
    "slot" TEXT NOT NULL DEFAULT 'list',
    "kind" TEXT NOT NULL,
    "items" JSONB NOT NULL,
    "query" JSONB,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "NumberedList_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "UndoCode" (
    "id" SERIAL NOT NULL,
    "code" TEXT NOT NULL,
    "personId" INTEGER NOT NULL,
    "command" TEXT NOT NULL,
    "data" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "usedAt" TIMESTAMPTZ(3),

    CONSTRAINT "UndoCode_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "OauthState" (
    "state" TEXT NOT NULL,
    "target" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "usedAt" TIMESTAMPTZ(3),

    CONSTRAINT "OauthState_pkey" PRIMARY KEY ("state")
);

-- CreateTable
CREATE TABLE "JobSlot" (
    "id" SERIAL NOT NULL,
    "job" TEXT NOT NULL,
    "dueAt" TIMESTAMPTZ(3) NOT NULL,
    "state" "JobState" NOT NULL DEFAULT 'running',
    "owner" TEXT NOT NULL,
    "leaseUntil" TIMESTAMPTZ(3) NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),
    "processed" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,

    CONSTRAINT "JobSlot_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Setting" (
    "key" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Setting_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "SavedFilter" (
    "id" SERIAL NOT NULL,
    "personId" INTEGER NOT NULL,
    "table" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "query" TEXT NOT NULL,

    CONSTRAINT "SavedFilter_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "id" SERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actorId" INTEGER,
    "channel" TEXT NOT NULL,
    "entity" TEXT NOT NULL,
    "entityId" INTEGER NOT NULL,
    "action" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,

    CONSTRAINT "AuditEntry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Room" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "seats" INTEGER NOT NULL,
    "active" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "Room_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Booking" (
    "id" SERIAL NOT NULL,
    "roomId" INTEGER NOT NULL,
    "date" DATE NOT NULL,
    "slot" INTEGER NOT NULL,
    "personId" INTEGER NOT NULL,
    "series" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Booking_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "RoomWaiter" (
    "id" SERIAL NOT NULL,
    "roomId" INTEGER NOT NULL,
    "date" DATE NOT NULL,
    "slot" INTEGER NOT NULL,
    "personId" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "RoomWaiter_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Campus" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "address" TEXT,

    CONSTRAINT "Campus_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Course" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "outline" TEXT,
    "weeks" INTEGER,
    "listPrice" DECIMAL(10,2),
    "active" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "Course_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CourseLecturer" (
    "id" SERIAL NOT NULL,
    "courseId" INTEGER NOT NULL,
    "personId" INTEGER NOT NULL,

    CONSTRAINT "CourseLecturer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Cohort" (
    "id" SERIAL NOT NULL,
    "campusId" INTEGER NOT NULL,
    "courseId" INTEGER NOT NULL,
    "term" INTEGER NOT NULL,
    "price" DECIMAL(10,2),
    "startsOn" DATE,
    "graduatesOn" DATE,
    "tutorId" INTEGER,
    "memo" TEXT,

    CONSTRAINT "Cohort_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CohortLecturer" (
    "id" SERIAL NOT NULL,
    "cohortId" INTEGER NOT NULL,
    "personId" INTEGER NOT NULL,

    CONSTRAINT "CohortLecturer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CohortStudent" (
    "id" SERIAL NOT NULL,
    "cohortId" INTEGER NOT NULL,
    "studentId" INTEGER NOT NULL,
    "joinedOn" DATE NOT NULL,
    "leftOn" DATE,

    CONSTRAINT "CohortStudent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Lesson" (
    "id" SERIAL NOT NULL,
    "cohortId" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "lecturerId" INTEGER,
    "date" DATE NOT NULL,
    "title" TEXT,
    "content" TEXT,
    "hasHomework" BOOLEAN NOT NULL DEFAULT true,
    "homeworkTitle" TEXT,
    "homeworkText" TEXT,
    "gradingPoints" TEXT,
    "openedAt" TIMESTAMPTZ(3),
    "checkInSecret" TEXT,
    "version" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "Lesson_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "StudyRecord" (
    "id" SERIAL NOT NULL,
    "lessonId" INTEGER NOT NULL,
    "studentId" INTEGER NOT NULL,
    "attendance" "Attendance" NOT NULL DEFAULT 'present',
    "score" INTEGER NOT NULL DEFAULT -1,
    "comment" TEXT,
    "homeworkFileId" INTEGER,
    "studentMemo" TEXT,
    "handedInAt" TIMESTAMPTZ(3),
    "gradedAt" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "StudyRecord_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "CheckIn" (
    "id" SERIAL NOT NULL,
    "lessonId" INTEGER NOT NULL,
    "studentId" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "CheckIn_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "StoredFile" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "mime" TEXT NOT NULL,
    "size" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "StoredFile_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Payment" (
    "id" SERIAL NOT NULL,
    "kind" "PaymentKind" NOT NULL DEFAULT 'deposit',
    "customerId" INTEGER NOT NULL,
    "cohortId" INTEGER,
    "paid" DECIMAL(10,2) NOT NULL,
    "dealAmount" DECIMAL(10,2),
    "quote" DECIMAL(10,2),
    "note" TEXT,
    "date" DATE NOT NULL,
    "consultantId" INTEGER,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Payment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SandboxPhone" (
    "openid" VARCHAR(64) NOT NULL,
    "label" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "following" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "SandboxPhone_pkey" PRIMARY KEY ("openid")
);

-- CreateTable
CREATE TABLE "SandboxMessage" (
    "id" SERIAL NOT NULL,
    "openid" VARCHAR(64) NOT NULL,
    "direction" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "clientMsgId" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SandboxMessage_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SandboxItem" (
    "key" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "expiresAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SandboxItem_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "SandboxTraffic" (
    "id" SERIAL NOT NULL,
    "direction" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "openid" TEXT,
    "request" JSONB NOT NULL,
    "response" JSONB,
    "status" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "SandboxTraffic_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Department_code_key" ON "Department"("code");

-- CreateIndex
CREATE UNIQUE INDEX "Person_username_key" ON "Person"("username");

-- CreateIndex
CREATE UNIQUE INDEX "Person_openid_key" ON "Person"("openid");

-- CreateIndex
CREATE INDEX "Person_name_idx" ON "Person"("name");

-- CreateIndex
CREATE UNIQUE INDEX "Staff_personId_key" ON "Staff"("personId");

-- CreateIndex
CREATE INDEX "Staff_departmentId_idx" ON "Staff"("departmentId");

-- CreateIndex
CREATE UNIQUE INDEX "Student_personId_key" ON "Student"("personId");

-- CreateIndex
CREATE UNIQUE INDEX "Student_customerId_key" ON "Student"("customerId");

-- CreateIndex
CREATE UNIQUE INDEX "Role_code_key" ON "Role"("code");

-- CreateIndex
CREATE INDEX "RoleGrant_roleId_idx" ON "RoleGrant"("roleId");

-- CreateIndex
CREATE INDEX "PersonRole_roleId_idx" ON "PersonRole"("roleId");

-- CreateIndex
CREATE UNIQUE INDEX "PersonRole_personId_roleId_key" ON "PersonRole"("personId", "roleId");

-- CreateIndex
CREATE INDEX "Session_personId_idx" ON "Session"("personId");

-- CreateIndex
CREATE INDEX "Session_expiresAt_idx" ON "Session"("expiresAt");

-- CreateIndex
CREATE UNIQUE INDEX "BindTicket_scene_key" ON "BindTicket"("scene");

-- CreateIndex
CREATE INDEX "BindTicket_personId_createdAt_idx" ON "BindTicket"("personId", "createdAt");

-- CreateIndex
CREATE INDEX "Binding_personId_boundAt_idx" ON "Binding"("personId", "boundAt");

-- CreateIndex
CREATE INDEX "Binding_openid_idx" ON "Binding"("openid");

-- CreateIndex
CREATE UNIQUE INDEX "Customer_qq_key" ON "Customer"("qq");

-- CreateIndex
CREATE UNIQUE INDEX "Customer_phone_key" ON "Customer"("phone");

-- CreateIndex
CREATE UNIQUE INDEX "Customer_wechat_key" ON "Customer"("wechat");

-- CreateIndex
CREATE INDEX "Customer_consultantId_lastContactedOn_id_idx" ON "Customer"("consultantId", "lastContactedOn", "id");

-- CreateIndex
CREATE INDEX "Customer_consultantId_nextContactOn_idx" ON "Customer"("consultantId", "nextContactOn");

-- CreateIndex
CREATE INDEX "Customer_lastContactedOn_id_idx" ON "Customer"("lastContactedOn", "id");

-- CreateIndex
CREATE INDEX "Customer_receivedOn_id_idx" ON "Customer"("receivedOn", "id");

-- CreateIndex
CREATE INDEX "Customer_source_id_idx" ON "Customer"("source", "id");

-- CreateIndex
CREATE INDEX "Customer_status_id_idx" ON "Customer"("status", "id");

-- CreateIndex
CREATE INDEX "Customer_referralStudentId_idx" ON "Customer"("referralStudentId");

-- CreateIndex
CREATE INDEX "CustomerCourse_courseId_customerId_idx" ON "CustomerCourse"("courseId", "customerId");

-- CreateIndex
CREATE UNIQUE INDEX "CustomerCourse_customerId_courseId_key" ON "CustomerCourse"("customerId", "courseId");

-- CreateIndex
CREATE UNIQUE INDEX "Assignment_turnId_key" ON "Assignment"("turnId");

-- CreateIndex
CREATE INDEX "Assignment_customerId_id_idx" ON "Assignment"("customerId", "id");

-- CreateIndex
CREATE INDEX "Assignment_consultantId_state_date_id_idx" ON "Assignment"("consultantId", "state", "date", "id");

-- CreateIndex
CREATE INDEX "Assignment_date_id_idx" ON "Assignment"("date", "id");

-- CreateIndex
CREATE INDEX "Assignment_state_id_idx" ON "Assignment"("state", "id");

-- CreateIndex
CREATE INDEX "FollowUp_customerId_id_idx" ON "FollowUp"("customerId", "id");

-- CreateIndex
CREATE INDEX "FollowUp_consultantId_date_id_idx" ON "FollowUp"("consultantId", "date", "id");

-- CreateIndex
CREATE INDEX "FollowUp_date_id_idx" ON "FollowUp"("date", "id");

-- CreateIndex
CREATE UNIQUE INDEX "SalesRank_consultantId_key" ON "SalesRank"("consultantId");

-- CreateIndex
CREATE INDEX "Turn_consultantId_idx" ON "Turn"("consultantId");

-- CreateIndex
CREATE UNIQUE INDEX "Turn_cycle_position_key" ON "Turn"("cycle", "position");

-- CreateIndex
CREATE INDEX "CustomerImport_personId_id_idx" ON "CustomerImport"("personId", "id");

-- CreateIndex
CREATE INDEX "ImportRow_importId_state_rowNumber_idx" ON "ImportRow"("importId", "state", "rowNumber");

-- CreateIndex
CREATE UNIQUE INDEX "ImportRow_importId_rowNumber_key" ON "ImportRow"("importId", "rowNumber");

-- CreateIndex
CREATE UNIQUE INDEX "Notification_once_key" ON "Notification"("once");

-- CreateIndex
CREATE INDEX "Notification_state_dueAt_id_idx" ON "Notification"("state", "dueAt", "id");

-- CreateIndex
CREATE INDEX "Notification_personId_id_idx" ON "Notification"("personId", "id");

-- CreateIndex
CREATE INDEX "Notification_entity_entityId_id_idx" ON "Notification"("entity", "entityId", "id");

-- CreateIndex
CREATE INDEX "Notification_platformId_idx" ON "Notification"("platformId");

-- CreateIndex
CREATE INDEX "MessageReceipt_createdAt_idx" ON "MessageReceipt"("createdAt");

-- CreateIndex
CREATE UNIQUE INDEX "NumberedList_personId_slot_key" ON "NumberedList"("personId", "slot");

-- CreateIndex
CREATE UNIQUE INDEX "UndoCode_code_key" ON "UndoCode"("code");

-- CreateIndex
CREATE INDEX "UndoCode_personId_id_idx" ON "UndoCode"("personId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "JobSlot_job_dueAt_key" ON "JobSlot"("job", "dueAt");

-- CreateIndex
CREATE UNIQUE INDEX "SavedFilter_personId_table_title_key" ON "SavedFilter"("personId", "table", "title");

-- CreateIndex
CREATE INDEX "AuditEntry_entity_entityId_id_idx" ON "AuditEntry"("entity", "entityId", "id");

-- CreateIndex
CREATE INDEX "AuditEntry_actorId_id_idx" ON "AuditEntry"("actorId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Room_name_key" ON "Room"("name");

-- CreateIndex
CREATE INDEX "Booking_personId_date_slot_idx" ON "Booking"("personId", "date", "slot");

-- CreateIndex
CREATE INDEX "Booking_date_slot_idx" ON "Booking"("date", "slot");

-- CreateIndex
CREATE UNIQUE INDEX "Booking_roomId_date_slot_key" ON "Booking"("roomId", "date", "slot");

-- CreateIndex
CREATE INDEX "RoomWaiter_personId_idx" ON "RoomWaiter"("personId");

-- CreateIndex
CREATE UNIQUE INDEX "RoomWaiter_roomId_date_slot_personId_key" ON "RoomWaiter"("roomId", "date", "slot", "personId");

-- CreateIndex
CREATE UNIQUE INDEX "Campus_name_key" ON "Campus"("name");

-- CreateIndex
CREATE UNIQUE INDEX "Course_name_key" ON "Course"("name");

-- CreateIndex
CREATE INDEX "CourseLecturer_personId_idx" ON "CourseLecturer"("personId");

-- CreateIndex
CREATE UNIQUE INDEX "CourseLecturer_courseId_personId_key" ON "CourseLecturer"("courseId", "personId");

-- CreateIndex
CREATE INDEX "Cohort_tutorId_idx" ON "Cohort"("tutorId");

-- CreateIndex
CREATE UNIQUE INDEX "Cohort_campusId_courseId_term_key" ON "Cohort"("campusId", "courseId", "term");

-- CreateIndex
CREATE INDEX "CohortLecturer_personId_idx" ON "CohortLecturer"("personId");

-- CreateIndex
CREATE UNIQUE INDEX "CohortLecturer_cohortId_personId_key" ON "CohortLecturer"("cohortId", "personId");

-- CreateIndex
CREATE INDEX "CohortStudent_studentId_idx" ON "CohortStudent"("studentId");

-- CreateIndex
CREATE UNIQUE INDEX "CohortStudent_cohortId_studentId_key" ON "CohortStudent"("cohortId", "studentId");

-- CreateIndex
CREATE INDEX "Lesson_lecturerId_date_idx" ON "Lesson"("lecturerId", "date");

-- CreateIndex
CREATE INDEX "Lesson_date_id_idx" ON "Lesson"("date", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Lesson_cohortId_number_key" ON "Lesson"("cohortId", "number");

-- CreateIndex
CREATE UNIQUE INDEX "StudyRecord_homeworkFileId_key" ON "StudyRecord"("homeworkFileId");

-- CreateIndex
CREATE INDEX "StudyRecord_studentId_lessonId_idx" ON "StudyRecord"("studentId", "lessonId");

-- CreateIndex
CREATE UNIQUE INDEX "StudyRecord_lessonId_studentId_key" ON "StudyRecord"("lessonId", "studentId");

-- CreateIndex
CREATE UNIQUE INDEX "CheckIn_lessonId_studentId_key" ON "CheckIn"("lessonId", "studentId");

-- CreateIndex
CREATE INDEX "Payment_customerId_id_idx" ON "Payment"("customerId", "id");

-- CreateIndex
CREATE INDEX "Payment_cohortId_idx" ON "Payment"("cohortId");

-- CreateIndex
CREATE INDEX "Payment_consultantId_date_idx" ON "Payment"("consultantId", "date");

-- CreateIndex
CREATE INDEX "Payment_date_id_idx" ON "Payment"("date", "id");

-- CreateIndex
CREATE INDEX "SandboxMessage_openid_id_idx" ON "SandboxMessage"("openid", "id");

-- CreateIndex
CREATE INDEX "SandboxMessage_openid_clientMsgId_idx" ON "SandboxMessage"("openid", "clientMsgId");

-- CreateIndex
CREATE INDEX "SandboxItem_kind_createdAt_idx" ON "SandboxItem"("kind", "createdAt");

-- AddForeignKey
ALTER TABLE "Staff" ADD CONSTRAINT "Staff_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Staff" ADD CONSTRAINT "Staff_departmentId_fkey" FOREIGN KEY ("departmentId") REFERENCES "Department"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Staff" ADD CONSTRAINT "Staff_campusId_fkey" FOREIGN KEY ("campusId") REFERENCES "Campus"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Student" ADD CONSTRAINT "Student_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Student" ADD CONSTRAINT "Student_customerId_fkey" FOREIGN KEY ("customerId") REFERENCES "Customer"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RoleGrant" ADD CONSTRAINT "RoleGrant_roleId_fkey" FOREIGN KEY ("roleId") REFERENCES "Role"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PersonRole" ADD CONSTRAINT "PersonRole_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PersonRole" ADD CONSTRAINT "PersonRole_roleId_fkey" FOREIGN KEY ("roleId") REFERENCES "Role"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Session" ADD CONSTRAINT "Session_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "BindTicket" ADD CONSTRAINT "BindTicket_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Binding" ADD CONSTRAINT "Binding_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Customer" ADD CONSTRAINT "Customer_consultantId_fkey" FOREIGN KEY ("consultantId") REFERENCES "Person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Customer" ADD CONSTRAINT "Customer_lastConsultantId_fkey" FOREIGN KEY ("lastConsultantId") REFERENCES "Person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Customer" ADD CONSTRAINT "Customer_enteredById_fkey" FOREIGN KEY ("enteredById") REFERENCES "Person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Customer" ADD CONSTRAINT "Customer_referralStudentId_fkey" FOREIGN KEY ("referralStudentId") REFERENCES "Student"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CustomerCourse" ADD CONSTRAINT "CustomerCourse_customerId_fkey" FOREIGN KEY ("customerId") REFERENCES "Customer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CustomerCourse" ADD CONSTRAINT "CustomerCourse_courseId_fkey" FOREIGN KEY ("courseId") REFERENCES "Course"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Assignment" ADD CONSTRAINT "Assignment_customerId_fkey" FOREIGN KEY ("customerId") REFERENCES "Customer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Assignment" ADD CONSTRAINT "Assignment_consultantId_fkey" FOREIGN KEY ("consultantId") REFERENCES "Person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Assignment" ADD CONSTRAINT "Assignment_turnId_fkey" FOREIGN KEY ("turnId") REFERENCES "Turn"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "FollowUp" ADD CONSTRAINT "FollowUp_customerId_fkey" FOREIGN KEY ("customerId") REFERENCES "Customer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "FollowUp" ADD CONSTRAINT "FollowUp_consultantId_fkey" FOREIGN KEY ("consultantId") REFERENCES "Person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SalesRank" ADD CONSTRAINT "SalesRank_consultantId_fkey" FOREIGN KEY ("consultantId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Turn" ADD CONSTRAINT "Turn_consultantId_fkey" FOREIGN KEY ("consultantId") REFERENCES "Person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CustomerImport" ADD CONSTRAINT "CustomerImport_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ImportRow" ADD CONSTRAINT "ImportRow_importId_fkey" FOREIGN KEY ("importId") REFERENCES "CustomerImport"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Notification" ADD CONSTRAINT "Notification_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "NumberedList" ADD CONSTRAINT "NumberedList_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "UndoCode" ADD CONSTRAINT "UndoCode_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SavedFilter" ADD CONSTRAINT "SavedFilter_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Booking" ADD CONSTRAINT "Booking_roomId_fkey" FOREIGN KEY ("roomId") REFERENCES "Room"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Booking" ADD CONSTRAINT "Booking_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RoomWaiter" ADD CONSTRAINT "RoomWaiter_roomId_fkey" FOREIGN KEY ("roomId") REFERENCES "Room"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RoomWaiter" ADD CONSTRAINT "RoomWaiter_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CourseLecturer" ADD CONSTRAINT "CourseLecturer_courseId_fkey" FOREIGN KEY ("courseId") REFERENCES "Course"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CourseLecturer" ADD CONSTRAINT "CourseLecturer_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Cohort" ADD CONSTRAINT "Cohort_campusId_fkey" FOREIGN KEY ("campusId") REFERENCES "Campus"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Cohort" ADD CONSTRAINT "Cohort_courseId_fkey" FOREIGN KEY ("courseId") REFERENCES "Course"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Cohort" ADD CONSTRAINT "Cohort_tutorId_fkey" FOREIGN KEY ("tutorId") REFERENCES "Person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CohortLecturer" ADD CONSTRAINT "CohortLecturer_cohortId_fkey" FOREIGN KEY ("cohortId") REFERENCES "Cohort"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CohortLecturer" ADD CONSTRAINT "CohortLecturer_personId_fkey" FOREIGN KEY ("personId") REFERENCES "Person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CohortStudent" ADD CONSTRAINT "CohortStudent_cohortId_fkey" FOREIGN KEY ("cohortId") REFERENCES "Cohort"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CohortStudent" ADD CONSTRAINT "CohortStudent_studentId_fkey" FOREIGN KEY ("studentId") REFERENCES "Student"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Lesson" ADD CONSTRAINT "Lesson_cohortId_fkey" FOREIGN KEY ("cohortId") REFERENCES "Cohort"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Lesson" ADD CONSTRAINT "Lesson_lecturerId_fkey" FOREIGN KEY ("lecturerId") REFERENCES "Person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "StudyRecord" ADD CONSTRAINT "StudyRecord_lessonId_fkey" FOREIGN KEY ("lessonId") REFERENCES "Lesson"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "StudyRecord" ADD CONSTRAINT "StudyRecord_studentId_fkey" FOREIGN KEY ("studentId") REFERENCES "Student"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "StudyRecord" ADD CONSTRAINT "StudyRecord_homeworkFileId_fkey" FOREIGN KEY ("homeworkFileId") REFERENCES "StoredFile"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CheckIn" ADD CONSTRAINT "CheckIn_lessonId_fkey" FOREIGN KEY ("lessonId") REFERENCES "Lesson"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "CheckIn" ADD CONSTRAINT "CheckIn_studentId_fkey" FOREIGN KEY ("studentId") REFERENCES "Student"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Payment" ADD CONSTRAINT "Payment_customerId_fkey" FOREIGN KEY ("customerId") REFERENCES "Customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Payment" ADD CONSTRAINT "Payment_cohortId_fkey" FOREIGN KEY ("cohortId") REFERENCES "Cohort"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Payment" ADD CONSTRAINT "Payment_consultantId_fkey" FOREIGN KEY ("consultantId") REFERENCES "Person"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SandboxMessage" ADD CONSTRAINT "SandboxMessage_openid_fkey" FOREIGN KEY ("openid") REFERENCES "SandboxPhone"("openid") ON DELETE CASCADE ON UPDATE CASCADE;


-- What Prisma cannot say --------------------------------------------------------------------------------------------

-- A customer is in the pool exactly while nobody holds it, and then says since when and why (product §2).
ALTER TABLE "Customer" ADD CONSTRAINT "Customer_pool_check"
  CHECK (("consultantId" IS NULL) = ("pooledAt" IS NOT NULL) AND ("consultantId" IS NULL) = ("poolReason" IS NOT NULL));
-- Enrolled customers never go to the pool (rule 4).
ALTER TABLE "Customer" ADD CONSTRAINT "Customer_enrolled_check" CHECK (status <> 'enrolled' OR "consultantId" IS NOT NULL);
ALTER TABLE "Customer" ADD CONSTRAINT "Customer_contact_check" CHECK (num_nonnulls(qq, phone, wechat) >= 1);
-- At most one row of a customer is being followed.
CREATE UNIQUE INDEX "Assignment_following_key" ON "Assignment"("customerId") WHERE state = 'following';
ALTER TABLE "Booking" ADD CONSTRAINT "Booking_slot_check" CHECK (slot BETWEEN 1 AND 13);
ALTER TABLE "RoomWaiter" ADD CONSTRAINT "RoomWaiter_slot_check" CHECK (slot BETWEEN 1 AND 13);
ALTER TABLE "StudyRecord" ADD CONSTRAINT "StudyRecord_score_check"
  CHECK (score IN (100, 90, 85, 80, 70, 60, 50, 40, 0, -1, -100, -1000));
ALTER TABLE "SalesRank" ADD CONSTRAINT "SalesRank_slots_check" CHECK (slots BETWEEN 0 AND 1000);

-- The pool's list, newest first, whole and by source.
CREATE INDEX "Customer_pool_idx" ON "Customer"("pooledAt" DESC, id DESC) WHERE "consultantId" IS NULL;
CREATE INDEX "Customer_pool_source_idx" ON "Customer"(source, "pooledAt" DESC, id DESC) WHERE "consultantId" IS NULL;
-- What the sweep and the evening digest look for.
CREATE INDEX "Customer_no_contact_idx" ON "Customer"("lastContactedOn", id) WHERE "consultantId" IS NOT NULL AND status = 'notEnrolled';
CREATE INDEX "Customer_no_deal_idx" ON "Customer"("receivedOn", id) WHERE "consultantId" IS NOT NULL AND status = 'notEnrolled';
-- Search: anywhere in the text, and by beginning where one or two characters leave no trigram.
CREATE INDEX "Customer_name_trgm_idx" ON "Customer" USING gin (name gin_trgm_ops);
CREATE INDEX "Customer_contact_trgm_idx" ON "Customer" USING gin (qq gin_trgm_ops, phone gin_trgm_ops, wechat gin_trgm_ops);
CREATE INDEX "Customer_name_prefix_idx" ON "Customer"(name text_pattern_ops);
CREATE INDEX "FollowUp_note_trgm_idx" ON "FollowUp" USING gin (note gin_trgm_ops);
-- The outbox looks for what is due only.
CREATE INDEX "Notification_due_idx" ON "Notification"("dueAt", id) WHERE state IN ('queued', 'sending');

-- Audit: one trigger function, statement by statement, so that set-based changes are kept as well as single ones and
-- no use case can forget it. Actor, channel and time are the transaction's own settings; the trigger's arguments name
-- columns whose values are never kept.
CREATE FUNCTION xiaoxin_audit_image(image jsonb, hidden text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(jsonb_object_agg(key, CASE WHEN key = ANY (hidden) THEN '"***"'::jsonb ELSE value END), '{}')
  FROM jsonb_each(image) WHERE value <> 'null' AND key NOT IN ('updatedAt', 'version')
$$;

CREATE FUNCTION xiaoxin_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  hidden text[] := TG_ARGV;
  actor int := nullif(current_setting('xiaoxin.actor', true), '')::int;
  through text := coalesce(nullif(current_setting('xiaoxin.channel', true), ''), 'database');
  moment timestamptz := coalesce(nullif(current_setting('xiaoxin.now', true), '')::timestamptz, clock_timestamp());
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO "AuditEntry" (at, "actorId", channel, entity, "entityId", action, after)
    SELECT moment, actor, through, TG_TABLE_NAME, (r.image ->> 'id')::int, 'add', xiaoxin_audit_image(r.image, hidden)
    FROM (SELECT to_jsonb(n) AS image FROM new_rows n) r;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO "AuditEntry" (at, "actorId", channel, entity, "entityId", action, before)
    SELECT moment, actor, through, TG_TABLE_NAME, (r.image ->> 'id')::int, 'delete', xiaoxin_audit_image(r.image, hidden)
    FROM (SELECT to_jsonb(o) AS image FROM old_rows o) r;
  ELSE
    INSERT INTO "AuditEntry" (at, "actorId", channel, entity, "entityId", action, before, after)
    SELECT moment, actor, through, TG_TABLE_NAME, (c.was ->> 'id')::int, 'edit', d.before, d.after
    FROM (SELECT to_jsonb(o) AS was, to_jsonb(n) AS image FROM old_rows o JOIN new_rows n ON n.id = o.id) c,
    LATERAL (
      SELECT jsonb_object_agg(b.key, CASE WHEN b.key = ANY (hidden) AND b.value <> 'null' THEN '"***"'::jsonb ELSE b.value END) AS before,
             jsonb_object_agg(b.key, CASE WHEN b.key = ANY (hidden) AND c.image -> b.key <> 'null' THEN '"***"'::jsonb ELSE c.image -> b.key END) AS after
      FROM jsonb_each(c.was) b
      WHERE b.value IS DISTINCT FROM c.image -> b.key AND b.key NOT IN ('updatedAt', 'version')
    ) d
    WHERE d.before IS NOT NULL;
  END IF;
  RETURN NULL;
END
$$;

CREATE FUNCTION xiaoxin_audit_table(audited text, hidden text DEFAULT '', operations text[] DEFAULT '{INSERT,UPDATE,DELETE}') RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  operation text;
BEGIN
  FOREACH operation IN ARRAY operations LOOP
    EXECUTE format(
      'CREATE TRIGGER %I AFTER %s ON %I REFERENCING %s FOR EACH STATEMENT EXECUTE FUNCTION xiaoxin_audit(%s)',
      'audit_' || lower(operation), operation, audited,
      CASE operation
        WHEN 'INSERT' THEN 'NEW TABLE AS new_rows'
        WHEN 'DELETE' THEN 'OLD TABLE AS old_rows'
        ELSE 'OLD TABLE AS old_rows NEW TABLE AS new_rows'
      END, hidden);
  END LOOP;
END
$$;

SELECT xiaoxin_audit_table(audited) FROM unnest(ARRAY[
  'Department', 'Staff', 'Student', 'Role', 'RoleGrant', 'PersonRole', 'Customer', 'CustomerCourse', 'Assignment',
  'FollowUp', 'SalesRank', 'Room', 'Booking', 'Campus', 'Course', 'CourseLecturer', 'Cohort', 'CohortLecturer',
  'CohortStudent', 'Payment'
]) AS audited;
SELECT xiaoxin_audit_table('Person', '''passwordHash'', ''openid''');
SELECT xiaoxin_audit_table('Lesson', '''checkInSecret''');
-- Opening a roll call makes thousands of records at their defaults: only what people change afterwards is kept.
SELECT xiaoxin_audit_table('StudyRecord', '', '{UPDATE,DELETE}');

-- Settings and the notices' templates have names for keys: kept row by row.
CREATE FUNCTION xiaoxin_audit_named() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "AuditEntry" (at, "actorId", channel, entity, "entityId", action, before, after)
  VALUES (
    coalesce(nullif(current_setting('xiaoxin.now', true), '')::timestamptz, clock_timestamp()),
    nullif(current_setting('xiaoxin.actor', true), '')::int,
    coalesce(nullif(current_setting('xiaoxin.channel', true), ''), 'database'),
    TG_TABLE_NAME, 0, CASE TG_OP WHEN 'INSERT' THEN 'add' WHEN 'DELETE' THEN 'delete' ELSE 'edit' END,
    CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - 'updatedAt' END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - 'updatedAt' END);
  RETURN NULL;
END
$$;
CREATE TRIGGER audit_change AFTER UPDATE ON "Setting" FOR EACH ROW
  WHEN (OLD.value IS DISTINCT FROM NEW.value AND NEW.key NOT LIKE 'sandbox.%') EXECUTE FUNCTION xiaoxin_audit_named();
CREATE TRIGGER audit_change AFTER INSERT OR UPDATE OR DELETE ON "NoticeTemplate" FOR EACH ROW EXECUTE FUNCTION xiaoxin_audit_named();

-- What PostgreSQL says it is: another one, or another timeline, is a restored database. Null until a process has looked for the first time.
ALTER TABLE "installation" ADD COLUMN "system_identifier" BIGINT;
ALTER TABLE "installation" ADD COLUMN "timeline" INTEGER;

-- Access tokens issued before are refused; milliseconds since the epoch.
ALTER TABLE "installation" ADD COLUMN "not_before" BIGINT NOT NULL DEFAULT 0;

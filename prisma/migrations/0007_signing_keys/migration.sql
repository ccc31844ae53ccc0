-- Keys that sign access tokens overlap when they are rotated (libs/auth).
ALTER TABLE "signing_key" ADD COLUMN "signs_from" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "signing_key" ADD COLUMN "ends_at" BIGINT;

-- Which master key wrapped the private half; null: written before there were names for them.
ALTER TABLE "signing_key" ADD COLUMN "wrapped_by" TEXT;

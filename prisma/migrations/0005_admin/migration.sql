-- What admins did (libs/audit).
CREATE TABLE "audit" (
    "no" BIGSERIAL NOT NULL,
    "at" BIGINT NOT NULL,
    "tenant_id" UUID,
    "token_id" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "target_kind" TEXT NOT NULL,
    "target_id" UUID,
    "outcome" TEXT NOT NULL,
    "reason" TEXT,

    CONSTRAINT "audit_pkey" PRIMARY KEY ("no")
);

-- CreateIndex
CREATE INDEX "audit_tenant_id_no_idx" ON "audit"("tenant_id", "no");

-- Rows are added and never changed, whoever asks.
CREATE FUNCTION "audit_is_insert_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the table audit is insert-only';
END
$$;
CREATE TRIGGER "audit_insert_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit"
  FOR EACH STATEMENT EXECUTE FUNCTION "audit_is_insert_only"();

-- The day since the epoch on which a service token was last used.
ALTER TABLE "service_token" ADD COLUMN "last_used_day" INTEGER;

-- Suspension can be lifted, deletion cannot: the row stays, so that its id is never given again.
ALTER TABLE "account" ADD COLUMN "suspended" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "account" ADD COLUMN "deleted" BOOLEAN NOT NULL DEFAULT false;

-- A device of a suspended account gets no token.
ALTER TABLE "device_credential" ADD COLUMN "suspended" BOOLEAN NOT NULL DEFAULT false;

-- What happened to the device: 0 revoked, 1 suspended, 2 suspension lifted.
ALTER TABLE "control" ADD COLUMN "act" INTEGER NOT NULL DEFAULT 0;

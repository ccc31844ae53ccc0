-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "device_credential" (
    "device_id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "auth_key" BYTEA NOT NULL,
    "last_n" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "device_credential_pkey" PRIMARY KEY ("device_id")
);

-- CreateTable
CREATE TABLE "signing_key" (
    "kid" TEXT NOT NULL,
    "public_key" BYTEA NOT NULL,
    "wrapped" BYTEA NOT NULL,
    "created_at" BIGINT NOT NULL,

    CONSTRAINT "signing_key_pkey" PRIMARY KEY ("kid")
);

-- CreateTable
CREATE TABLE "service_token" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "scopes" TEXT[],
    "tenant_id" UUID,
    "created_at" BIGINT NOT NULL,
    "expires_at" BIGINT NOT NULL,
    "revoked" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "service_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "control" (
    "no" BIGSERIAL NOT NULL,
    "device_id" UUID NOT NULL,
    "at" BIGINT NOT NULL,

    CONSTRAINT "control_pkey" PRIMARY KEY ("no")
);

-- CreateTable
CREATE TABLE "device_list" (
    "account_no" BIGINT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,
    "signature" BYTEA NOT NULL,
    "signer" UUID,
    "hash" BYTEA NOT NULL,
    "list_version" INTEGER NOT NULL,

    CONSTRAINT "device_list_pkey" PRIMARY KEY ("account_no","epoch","version")
);

-- CreateTable
CREATE TABLE "tombstone" (
    "device_id" UUID NOT NULL,
    "account_no" BIGINT NOT NULL,
    "day" INTEGER NOT NULL,
    "reason" SMALLINT NOT NULL,
    "list_version" INTEGER NOT NULL,

    CONSTRAINT "tombstone_pkey" PRIMARY KEY ("device_id")
);

-- CreateTable
CREATE TABLE "pending_device" (
    "session" BYTEA NOT NULL,
    "account_no" BIGINT NOT NULL,
    "held_by" UUID NOT NULL,
    "device_id" UUID NOT NULL,
    "registration" BYTEA NOT NULL,
    "expires_at" BIGINT NOT NULL,

    CONSTRAINT "pending_device_pkey" PRIMARY KEY ("session")
);

-- CreateTable
CREATE TABLE "account" (
    "no" BIGSERIAL NOT NULL,
    "tenant_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "list_version" INTEGER NOT NULL DEFAULT 0,
    "created_at" BIGINT NOT NULL,

    CONSTRAINT "account_pkey" PRIMARY KEY ("no")
);

-- CreateTable
CREATE TABLE "invitation" (
    "id" UUID NOT NULL,
    "tenant_id" UUID NOT NULL,
    "account_id" UUID,
    "code_hash" BYTEA NOT NULL,
    "uses" INTEGER NOT NULL,
    "used" INTEGER NOT NULL DEFAULT 0,
    "created_at" BIGINT NOT NULL,
    "expires_at" BIGINT NOT NULL,
    "revoked" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "known_device" (
    "device_id" UUID NOT NULL,
    "identity_key" BYTEA NOT NULL,

    CONSTRAINT "known_device_pkey" PRIMARY KEY ("device_id")
);

-- CreateTable
CREATE TABLE "device_keys" (
    "device_id" UUID NOT NULL,
    "registration_id" SMALLINT NOT NULL,
    "registration_signature" BYTEA NOT NULL,
    "signed_id" INTEGER NOT NULL,
    "signed_key" BYTEA NOT NULL,
    "signed_signature" BYTEA NOT NULL,
    "last_resort_id" INTEGER NOT NULL,
    "last_resort_key" BYTEA NOT NULL,
    "last_resort_signature" BYTEA NOT NULL,
    "one_time_through" INTEGER NOT NULL DEFAULT 0,
    "kyber_through" INTEGER NOT NULL DEFAULT 0,
    "low_told" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "device_keys_pkey" PRIMARY KEY ("device_id")
);

-- CreateTable
CREATE TABLE "used_registration" (
    "device_id" UUID NOT NULL,
    "registration_id" SMALLINT NOT NULL,

    CONSTRAINT "used_registration_pkey" PRIMARY KEY ("device_id","registration_id")
);

-- CreateTable
CREATE TABLE "one_time_prekey" (
    "device_id" UUID NOT NULL,
    "id" INTEGER NOT NULL,
    "public_key" BYTEA NOT NULL,

    CONSTRAINT "one_time_prekey_pkey" PRIMARY KEY ("device_id","id")
);

-- CreateTable
CREATE TABLE "kyber_prekey" (
    "device_id" UUID NOT NULL,
    "id" INTEGER NOT NULL,
    "public_key" BYTEA NOT NULL,
    "signature" BYTEA NOT NULL,

    CONSTRAINT "kyber_prekey_pkey" PRIMARY KEY ("device_id","id")
);

-- CreateTable
CREATE TABLE "outbox" (
    "no" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "available_at" BIGINT NOT NULL DEFAULT 0,
    "attempts" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("no")
);

-- CreateTable
CREATE TABLE "installation" (
    "only" BOOLEAN NOT NULL DEFAULT true,
    "incarnation" BIGINT NOT NULL,

    CONSTRAINT "installation_pkey" PRIMARY KEY ("only")
);

-- CreateTable
CREATE TABLE "tenant" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "policy" JSONB NOT NULL DEFAULT '{}',
    "demo" BOOLEAN NOT NULL DEFAULT false,
    "created_at" BIGINT NOT NULL,

    CONSTRAINT "tenant_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "service_token_created_at_id_idx" ON "service_token"("created_at", "id");

-- CreateIndex
CREATE INDEX "control_at_idx" ON "control"("at");

-- CreateIndex
CREATE INDEX "tombstone_account_no_idx" ON "tombstone"("account_no");

-- CreateIndex
CREATE INDEX "pending_device_device_id_idx" ON "pending_device"("device_id");

-- CreateIndex
CREATE INDEX "pending_device_account_no_idx" ON "pending_device"("account_no");

-- CreateIndex
CREATE INDEX "pending_device_expires_at_idx" ON "pending_device"("expires_at");

-- CreateIndex
CREATE INDEX "account_tenant_id_no_idx" ON "account"("tenant_id", "no");

-- CreateIndex
CREATE UNIQUE INDEX "account_tenant_id_id_key" ON "account"("tenant_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "invitation_code_hash_key" ON "invitation"("code_hash");

-- CreateIndex
CREATE INDEX "invitation_tenant_id_created_at_id_idx" ON "invitation"("tenant_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "known_device_identity_key_key" ON "known_device"("identity_key");

-- CreateIndex
CREATE INDEX "tenant_created_at_id_idx" ON "tenant"("created_at", "id");

-- The one row that says which database this is
INSERT INTO "installation" ("only", "incarnation") VALUES (true, ('x' || encode(substring(sha256(gen_random_uuid()::text::bytea) for 8), 'hex'))::bit(64)::bigint);

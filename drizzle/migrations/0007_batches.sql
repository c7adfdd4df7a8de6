CREATE TABLE "budget_notices" (
	"account_id" uuid NOT NULL,
	"period" text NOT NULL,
	"period_start" date NOT NULL,
	"threshold" integer NOT NULL,
	"given_at" timestamp (6) with time zone NOT NULL,
	CONSTRAINT "budget_notices_account_id_period_period_start_threshold_pk" PRIMARY KEY("account_id","period","period_start","threshold")
);
--> statement-breakpoint
CREATE TABLE "cast_answers" (
	"cast_id" uuid PRIMARY KEY NOT NULL,
	"output" "bytea",
	"failure" "bytea",
	"expires_at" timestamp (6) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"account_id" uuid NOT NULL,
	"key" "bytea" NOT NULL,
	"request_digest" "bytea" NOT NULL,
	"cast_id" uuid NOT NULL,
	"is_queued" boolean NOT NULL,
	"expires_at" timestamp (6) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_account_id_key_pk" PRIMARY KEY("account_id","key")
);
--> statement-breakpoint
CREATE TABLE "last_prices" (
	"account_id" uuid NOT NULL,
	"spell_id" uuid NOT NULL,
	"flat_micros" bigint NOT NULL,
	"rate_micros" bigint NOT NULL,
	CONSTRAINT "last_prices_account_id_spell_id_pk" PRIMARY KEY("account_id","spell_id")
);
--> statement-breakpoint
CREATE TABLE "usage_lines" (
	"account_id" uuid NOT NULL,
	"day" date NOT NULL,
	"version_id" uuid NOT NULL,
	"key_id" uuid,
	"settled_micros" bigint NOT NULL,
	"allowance_micros" bigint NOT NULL,
	"calls" bigint NOT NULL,
	"fuel" bigint NOT NULL,
	CONSTRAINT "usage_lines_one" UNIQUE NULLS NOT DISTINCT("account_id","day","version_id","key_id"),
	CONSTRAINT "usage_lines_allowance_within" CHECK ("usage_lines"."allowance_micros" between 0 and "usage_lines"."settled_micros")
);
--> statement-breakpoint
ALTER TABLE "casts" DROP CONSTRAINT "casts_account_id_accounts_id_fk";
--> statement-breakpoint
ALTER TABLE "casts" DROP CONSTRAINT "casts_key_id_api_keys_id_fk";
--> statement-breakpoint
ALTER TABLE "casts" DROP CONSTRAINT "casts_version_id_spell_versions_id_fk";
--> statement-breakpoint
ALTER TABLE "holds" DROP CONSTRAINT "holds_account_id_accounts_id_fk";
--> statement-breakpoint
ALTER TABLE "holds" DROP CONSTRAINT "holds_key_id_api_keys_id_fk";
--> statement-breakpoint
ALTER TABLE "holds" DROP CONSTRAINT "holds_version_id_spell_versions_id_fk";
--> statement-breakpoint
ALTER TABLE "key_usage_months" DROP CONSTRAINT "key_usage_months_key_id_api_keys_id_fk";
--> statement-breakpoint
ALTER TABLE "usage_days" DROP CONSTRAINT "usage_days_account_id_accounts_id_fk";
--> statement-breakpoint
ALTER TABLE "usage_months" DROP CONSTRAINT "usage_months_account_id_accounts_id_fk";
--> statement-breakpoint
ALTER TABLE "casts" ALTER COLUMN "duration_ms" SET DATA TYPE double precision;--> statement-breakpoint
ALTER TABLE "holds" ADD COLUMN "state" text DEFAULT 'running' NOT NULL;--> statement-breakpoint
ALTER TABLE "holds" ADD COLUMN "starts" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "holds" ADD COLUMN "stdin" "bytea";--> statement-breakpoint
CREATE INDEX "cast_answers_expiry" ON "cast_answers" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "idempotency_keys_cast" ON "idempotency_keys" USING btree ("cast_id");--> statement-breakpoint
CREATE INDEX "idempotency_keys_expiry" ON "idempotency_keys" USING btree ("expires_at");--> statement-breakpoint
ALTER TABLE "holds" DROP COLUMN "free_fuel";--> statement-breakpoint
ALTER TABLE "casts" ADD CONSTRAINT "casts_fuel_within_limit" CHECK ("casts"."fuel_used" between 0 and "casts"."fuel_limit");--> statement-breakpoint
ALTER TABLE "holds" ADD CONSTRAINT "holds_queued_has_input" CHECK ("holds"."state" = 'running' or "holds"."stdin" is not null);
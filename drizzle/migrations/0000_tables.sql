CREATE TABLE "accounts" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"pseudonym" uuid DEFAULT gen_random_uuid() NOT NULL,
	"kind" text NOT NULL,
	"handle" text,
	"display_name" text NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "accounts_pseudonym_unique" UNIQUE("pseudonym"),
	CONSTRAINT "accounts_handle_unique" UNIQUE("handle"),
	CONSTRAINT "accounts_kind" CHECK ("accounts"."kind" in ('person', 'house'))
);
--> statement-breakpoint
CREATE TABLE "api_key_secrets" (
	"prefix" text PRIMARY KEY NOT NULL,
	"key_id" uuid NOT NULL,
	"hmac" "bytea" NOT NULL,
	"argon2" text NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"expires_at" timestamp (6) with time zone
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"account_id" uuid NOT NULL,
	"name" text NOT NULL,
	"scopes" text[] NOT NULL,
	"monthly_limit_micros" bigint,
	"expires_at" timestamp (6) with time zone,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"revoked_at" timestamp (6) with time zone,
	"last_used_at" timestamp (6) with time zone,
	CONSTRAINT "api_keys_limit_not_negative" CHECK ("api_keys"."monthly_limit_micros" >= 0)
);
--> statement-breakpoint
CREATE TABLE "budgets" (
	"account_id" uuid PRIMARY KEY NOT NULL,
	"period" text NOT NULL,
	"soft_limit_micros" bigint,
	"hard_limit_micros" bigint NOT NULL,
	"notify_thresholds" integer[] NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"updated_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "budgets_period" CHECK ("budgets"."period" in ('daily', 'monthly')),
	CONSTRAINT "budgets_soft_within_hard" CHECK ("budgets"."soft_limit_micros" <= "budgets"."hard_limit_micros"),
	CONSTRAINT "budgets_hard_positive" CHECK ("budgets"."hard_limit_micros" > 0)
);
--> statement-breakpoint
CREATE TABLE "casts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"key_id" uuid,
	"version_id" uuid NOT NULL,
	"day" date NOT NULL,
	"month" date NOT NULL,
	"funding" text NOT NULL,
	"hold_micros" bigint NOT NULL,
	"fuel_limit" bigint NOT NULL,
	"admitted_at" timestamp (6) with time zone NOT NULL,
	"seed" "bytea" NOT NULL,
	"input_digest" "bytea" NOT NULL,
	"state" text NOT NULL,
	"error_code" text,
	"cost_micros" bigint NOT NULL,
	"fuel_used" bigint,
	"duration_ms" integer,
	"output_digest" "bytea",
	"log" "bytea" NOT NULL,
	"ended_at" timestamp (6) with time zone NOT NULL,
	CONSTRAINT "casts_cost_within_hold" CHECK ("casts"."cost_micros" between 0 and "casts"."hold_micros"),
	CONSTRAINT "casts_state" CHECK (("casts"."state" = 'completed') = ("casts"."error_code" is null))
);
--> statement-breakpoint
CREATE TABLE "holds" (
	"cast_id" uuid PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"key_id" uuid,
	"version_id" uuid NOT NULL,
	"day" date NOT NULL,
	"month" date NOT NULL,
	"funding" text NOT NULL,
	"hold_micros" bigint NOT NULL,
	"fuel_limit" bigint NOT NULL,
	"admitted_at" timestamp (6) with time zone NOT NULL,
	"seed" "bytea" NOT NULL,
	"input_digest" "bytea" NOT NULL,
	"flat_micros" bigint NOT NULL,
	"rate_micros" bigint NOT NULL,
	"deadline" timestamp (6) with time zone NOT NULL,
	"boot_id" uuid NOT NULL,
	CONSTRAINT "holds_not_negative" CHECK ("holds"."hold_micros" >= 0)
);
--> statement-breakpoint
CREATE TABLE "key_usage_months" (
	"key_id" uuid NOT NULL,
	"month" date NOT NULL,
	"settled_micros" bigint DEFAULT 0 NOT NULL,
	"held_micros" bigint DEFAULT 0 NOT NULL,
	"calls" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "key_usage_months_key_id_month_pk" PRIMARY KEY("key_id","month"),
	CONSTRAINT "key_usage_months_not_negative" CHECK ("key_usage_months"."settled_micros" >= 0 and "key_usage_months"."held_micros" >= 0)
);
--> statement-breakpoint
CREATE TABLE "ledger_entries" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"at" timestamp (6) with time zone NOT NULL,
	"kind" text NOT NULL,
	"pseudonym" uuid,
	"subject" uuid,
	"amount_micros" bigint NOT NULL,
	"details" "bytea" NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "ledger_entries_seq_positive" CHECK ("ledger_entries"."seq" > 0)
);
--> statement-breakpoint
CREATE TABLE "ledger_head" (
	"is_only" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"seq" bigint NOT NULL,
	"hash" "bytea" NOT NULL,
	CONSTRAINT "ledger_head_single_row" CHECK ("ledger_head"."is_only")
);
--> statement-breakpoint
CREATE TABLE "payment_methods" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"account_id" uuid NOT NULL,
	"brand" text NOT NULL,
	"last4" text NOT NULL,
	"exp_month" smallint NOT NULL,
	"exp_year" smallint NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"removed_at" timestamp (6) with time zone
);
--> statement-breakpoint
CREATE TABLE "rate_counts" (
	"subject_kind" text NOT NULL,
	"subject" "bytea" NOT NULL,
	"window_start" timestamp (6) with time zone NOT NULL,
	"requests" integer NOT NULL,
	CONSTRAINT "rate_counts_subject_kind_subject_pk" PRIMARY KEY("subject_kind","subject")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"token_digest" "bytea" PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"expires_at" timestamp (6) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "spell_modules" (
	"digest" "bytea" PRIMARY KEY NOT NULL,
	"bytes" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "spell_versions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"spell_id" uuid NOT NULL,
	"version" text NOT NULL,
	"ordinal" bigint GENERATED ALWAYS AS IDENTITY (sequence name "spell_versions_ordinal_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"is_active" boolean DEFAULT true NOT NULL,
	"flat_micros" bigint NOT NULL,
	"rate_micros" bigint NOT NULL,
	"fuel_limit" bigint NOT NULL,
	"memory_bytes" bigint NOT NULL,
	"wall_ms" integer NOT NULL,
	"content_type" text NOT NULL,
	"manifest" "bytea" NOT NULL,
	"published_digest" "bytea" NOT NULL,
	"prepared_digest" "bytea" NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "spell_versions_never_change" UNIQUE("spell_id","version"),
	CONSTRAINT "spell_versions_price" CHECK ("spell_versions"."flat_micros" >= 0 and "spell_versions"."rate_micros" >= 0),
	CONSTRAINT "spell_versions_limits" CHECK ("spell_versions"."fuel_limit" > 0 and "spell_versions"."memory_bytes" > 0 and "spell_versions"."wall_ms" > 0)
);
--> statement-breakpoint
CREATE TABLE "spells" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"key" text NOT NULL,
	"description" text NOT NULL,
	"tags" text[] NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "spells_name_unique" UNIQUE("name"),
	CONSTRAINT "spells_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "usage_days" (
	"account_id" uuid NOT NULL,
	"day" date NOT NULL,
	"settled_micros" bigint DEFAULT 0 NOT NULL,
	"held_micros" bigint DEFAULT 0 NOT NULL,
	"calls" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "usage_days_account_id_day_pk" PRIMARY KEY("account_id","day"),
	CONSTRAINT "usage_days_not_negative" CHECK ("usage_days"."settled_micros" >= 0 and "usage_days"."held_micros" >= 0)
);
--> statement-breakpoint
CREATE TABLE "usage_months" (
	"account_id" uuid NOT NULL,
	"month" date NOT NULL,
	"settled_micros" bigint DEFAULT 0 NOT NULL,
	"held_micros" bigint DEFAULT 0 NOT NULL,
	"calls" bigint DEFAULT 0 NOT NULL,
	"allowance_settled_micros" bigint DEFAULT 0 NOT NULL,
	"allowance_held_micros" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "usage_months_account_id_month_pk" PRIMARY KEY("account_id","month"),
	CONSTRAINT "usage_months_not_negative" CHECK ("usage_months"."settled_micros" >= 0 and "usage_months"."held_micros" >= 0),
	CONSTRAINT "usage_months_allowance_within" CHECK ("usage_months"."allowance_settled_micros" between 0 and "usage_months"."settled_micros" and "usage_months"."allowance_held_micros" between 0 and "usage_months"."held_micros")
);
--> statement-breakpoint
ALTER TABLE "api_key_secrets" ADD CONSTRAINT "api_key_secrets_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "budgets" ADD CONSTRAINT "budgets_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "casts" ADD CONSTRAINT "casts_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "casts" ADD CONSTRAINT "casts_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "casts" ADD CONSTRAINT "casts_version_id_spell_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."spell_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "holds" ADD CONSTRAINT "holds_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "holds" ADD CONSTRAINT "holds_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "holds" ADD CONSTRAINT "holds_version_id_spell_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."spell_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "key_usage_months" ADD CONSTRAINT "key_usage_months_key_id_api_keys_id_fk" FOREIGN KEY ("key_id") REFERENCES "public"."api_keys"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_methods" ADD CONSTRAINT "payment_methods_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spell_versions" ADD CONSTRAINT "spell_versions_spell_id_spells_id_fk" FOREIGN KEY ("spell_id") REFERENCES "public"."spells"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "spell_versions" ADD CONSTRAINT "spell_versions_prepared_digest_spell_modules_digest_fk" FOREIGN KEY ("prepared_digest") REFERENCES "public"."spell_modules"("digest") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage_days" ADD CONSTRAINT "usage_days_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage_months" ADD CONSTRAINT "usage_months_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_key_secrets_key" ON "api_key_secrets" USING btree ("key_id");--> statement-breakpoint
CREATE INDEX "api_keys_account" ON "api_keys" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE INDEX "casts_history" ON "casts" USING btree ("account_id","admitted_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "holds_deadline" ON "holds" USING btree ("deadline");--> statement-breakpoint
CREATE INDEX "holds_account" ON "holds" USING btree ("account_id");--> statement-breakpoint
CREATE INDEX "ledger_entries_subject" ON "ledger_entries" USING btree ("subject");--> statement-breakpoint
CREATE INDEX "ledger_entries_pseudonym" ON "ledger_entries" USING btree ("pseudonym","seq");--> statement-breakpoint
CREATE UNIQUE INDEX "payment_methods_one_card" ON "payment_methods" USING btree ("account_id") WHERE "payment_methods"."removed_at" is null;--> statement-breakpoint
CREATE INDEX "sessions_account" ON "sessions" USING btree ("account_id");
CREATE TABLE "credits" (
	"reference" text PRIMARY KEY NOT NULL,
	"account_id" uuid NOT NULL,
	"cast_id" uuid,
	"amount_micros" bigint NOT NULL,
	"reason" text NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "credits_positive" CHECK ("credits"."amount_micros" > 0)
);
--> statement-breakpoint
DROP INDEX "casts_history";--> statement-breakpoint
ALTER TABLE "credits" ADD CONSTRAINT "credits_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credits" ADD CONSTRAINT "credits_cast_id_casts_id_fk" FOREIGN KEY ("cast_id") REFERENCES "public"."casts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "credits_account" ON "credits" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE INDEX "credits_cast" ON "credits" USING btree ("cast_id");--> statement-breakpoint
CREATE UNIQUE INDEX "api_key_secrets_newest" ON "api_key_secrets" USING btree ("key_id") WHERE "api_key_secrets"."expires_at" is null;--> statement-breakpoint
CREATE INDEX "casts_newest" ON "casts" USING btree ("account_id","admitted_at","id");--> statement-breakpoint
CREATE INDEX "casts_newest_by_version" ON "casts" USING btree ("account_id","version_id","admitted_at","id");--> statement-breakpoint
CREATE INDEX "casts_newest_by_key" ON "casts" USING btree ("key_id","admitted_at","id") WHERE "casts"."key_id" is not null;--> statement-breakpoint
CREATE INDEX "casts_newest_failures" ON "casts" USING btree ("account_id","admitted_at","id") WHERE "casts"."state" = 'failed';--> statement-breakpoint
CREATE INDEX "ledger_entries_credits" ON "ledger_entries" USING btree ("pseudonym") WHERE "ledger_entries"."kind" = 'credit.granted';
CREATE TABLE "invoice_lines" (
	"invoice_id" uuid NOT NULL,
	"version_id" uuid NOT NULL,
	"calls" bigint NOT NULL,
	"settled_micros" bigint NOT NULL,
	"allowance_micros" bigint NOT NULL,
	CONSTRAINT "invoice_lines_invoice_id_version_id_pk" PRIMARY KEY("invoice_id","version_id")
);
--> statement-breakpoint
CREATE TABLE "invoices" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"account_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"month" date NOT NULL,
	"part" integer NOT NULL,
	"is_last" boolean NOT NULL,
	"settled_micros" bigint NOT NULL,
	"allowance_micros" bigint NOT NULL,
	"credit_micros" bigint NOT NULL,
	"carried_in_micros" bigint NOT NULL,
	"due_cents" bigint NOT NULL,
	"carried_out_micros" bigint NOT NULL,
	"status" text NOT NULL,
	"stripe_id" text,
	"hosted_url" text,
	"pdf_url" text,
	"closed_at" timestamp (6) with time zone NOT NULL,
	"paid_at" timestamp (6) with time zone,
	CONSTRAINT "invoices_stripe_id_unique" UNIQUE("stripe_id"),
	CONSTRAINT "invoices_number" UNIQUE("account_id","number"),
	CONSTRAINT "invoices_part" UNIQUE("account_id","month","part"),
	CONSTRAINT "invoices_allowance_within" CHECK ("invoices"."allowance_micros" between 0 and "invoices"."settled_micros"),
	CONSTRAINT "invoices_add_up" CHECK ("invoices"."settled_micros" - "invoices"."allowance_micros" - "invoices"."credit_micros" + "invoices"."carried_in_micros" = "invoices"."due_cents" * 10000 + "invoices"."carried_out_micros"),
	CONSTRAINT "invoices_status" CHECK ("invoices"."status" in ('carried', 'closed', 'open', 'past_due', 'paid', 'void', 'uncollectible'))
);
--> statement-breakpoint
CREATE TABLE "stripe_customers" (
	"account_id" uuid NOT NULL,
	"is_live" boolean NOT NULL,
	"id" text NOT NULL,
	"created_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "stripe_customers_account_id_is_live_pk" PRIMARY KEY("account_id","is_live"),
	CONSTRAINT "stripe_customers_id_unique" UNIQUE("id")
);
--> statement-breakpoint
CREATE TABLE "stripe_events" (
	"id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"object_id" text,
	"happened_at" timestamp (6) with time zone NOT NULL,
	"received_at" timestamp (6) with time zone DEFAULT clock_timestamp() NOT NULL,
	"handled_at" timestamp (6) with time zone,
	"failed_at" timestamp (6) with time zone,
	"failure" text
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "closing_since" timestamp (6) with time zone;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "past_due_since" timestamp (6) with time zone;--> statement-breakpoint
ALTER TABLE "credits" ADD COLUMN "invoice_id" uuid;--> statement-breakpoint
ALTER TABLE "payment_methods" ADD COLUMN "stripe_id" text;--> statement-breakpoint
ALTER TABLE "invoice_lines" ADD CONSTRAINT "invoice_lines_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stripe_customers" ADD CONSTRAINT "stripe_customers_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "invoices_unpaid" ON "invoices" USING btree ("account_id") WHERE "invoices"."status" in ('closed', 'open', 'past_due');--> statement-breakpoint
CREATE INDEX "stripe_events_failed" ON "stripe_events" USING btree ("failed_at") WHERE "stripe_events"."failed_at" is not null;--> statement-breakpoint
ALTER TABLE "credits" ADD CONSTRAINT "credits_invoice_id_invoices_id_fk" FOREIGN KEY ("invoice_id") REFERENCES "public"."invoices"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_methods" ADD CONSTRAINT "payment_methods_stripe_id_unique" UNIQUE("stripe_id");--> statement-breakpoint
-- Cards of before there was a Stripe cannot be charged: they are on file no longer.
UPDATE "payment_methods" SET "removed_at" = clock_timestamp() WHERE "removed_at" IS NULL;--> statement-breakpoint
ALTER TABLE "payment_methods" ADD CONSTRAINT "payment_methods_chargeable" CHECK ("payment_methods"."stripe_id" is not null or "payment_methods"."removed_at" is not null);
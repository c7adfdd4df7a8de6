CREATE TABLE "spell_resources" (
	"version_id" uuid NOT NULL,
	"path" text NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "spell_resources_version_id_path_pk" PRIMARY KEY("version_id","path")
);
--> statement-breakpoint
ALTER TABLE "holds" ADD COLUMN "is_capped" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "holds" ADD COLUMN "free_fuel" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "spell_versions" ADD COLUMN "schedule" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "spell_versions" ADD COLUMN "package_digest" "bytea" DEFAULT ''::bytea NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_days" ADD COLUMN "free_fuel_used" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "usage_days" ADD COLUMN "free_fuel_held" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "spell_resources" ADD CONSTRAINT "spell_resources_version_id_spell_versions_id_fk" FOREIGN KEY ("version_id") REFERENCES "public"."spell_versions"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage_days" ADD CONSTRAINT "usage_days_free_fuel" CHECK ("usage_days"."free_fuel_used" >= 0 and "usage_days"."free_fuel_held" >= 0);
CREATE TABLE "audience" (
	"domain" text NOT NULL,
	"item" text NOT NULL,
	"impressions" integer NOT NULL,
	"clicks" integer NOT NULL,
	CONSTRAINT "audience_domain_item_pk" PRIMARY KEY("domain","item")
);
--> statement-breakpoint
CREATE TABLE "block" (
	"blocker" uuid NOT NULL,
	"blocked" uuid NOT NULL,
	CONSTRAINT "block_blocker_blocked_pk" PRIMARY KEY("blocker","blocked")
);
--> statement-breakpoint
CREATE TABLE "event" (
	"visitor" uuid NOT NULL,
	"id" uuid NOT NULL,
	"domain" text NOT NULL,
	"item" text NOT NULL,
	"kind" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"list" uuid,
	"slot" smallint,
	"source" text,
	"variant" text,
	CONSTRAINT "event_visitor_id_pk" PRIMARY KEY("visitor","id")
);
--> statement-breakpoint
CREATE TABLE "exposure" (
	"visitor" uuid NOT NULL,
	"experiment" text NOT NULL,
	"list" uuid NOT NULL,
	"variant" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"diversity" double precision,
	CONSTRAINT "exposure_experiment_visitor_list_pk" PRIMARY KEY("experiment","visitor","list")
);
--> statement-breakpoint
CREATE TABLE "follow" (
	"follower" uuid NOT NULL,
	"followed" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "follow_follower_followed_pk" PRIMARY KEY("follower","followed")
);
--> statement-breakpoint
CREATE TABLE "new_item" (
	"domain" text NOT NULL,
	"id" text NOT NULL,
	"revision" integer NOT NULL,
	"item" jsonb NOT NULL,
	"published_at" timestamp with time zone DEFAULT now() NOT NULL,
	"withdrawn" boolean DEFAULT false NOT NULL,
	CONSTRAINT "new_item_domain_id_pk" PRIMARY KEY("domain","id")
);
--> statement-breakpoint
CREATE TABLE "opinion" (
	"visitor" uuid NOT NULL,
	"domain" text NOT NULL,
	"item" text NOT NULL,
	"value" smallint NOT NULL,
	"hidden" boolean NOT NULL,
	"saved" boolean DEFAULT false NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "opinion_visitor_domain_item_pk" PRIMARY KEY("visitor","domain","item")
);
--> statement-breakpoint
CREATE TABLE "segment_trend" (
	"domain" text NOT NULL,
	"segment" text NOT NULL,
	"item" text NOT NULL,
	"log_weight" double precision NOT NULL,
	CONSTRAINT "segment_trend_domain_segment_item_pk" PRIMARY KEY("domain","segment","item")
);
--> statement-breakpoint
CREATE TABLE "setting" (
	"name" text PRIMARY KEY NOT NULL,
	"value" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "shared_like" (
	"visitor" uuid NOT NULL,
	"domain" text NOT NULL,
	"item" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "shared_like_visitor_domain_item_pk" PRIMARY KEY("visitor","domain","item")
);
--> statement-breakpoint
CREATE TABLE "sharing" (
	"visitor" uuid NOT NULL,
	"domain" text NOT NULL,
	CONSTRAINT "sharing_visitor_domain_pk" PRIMARY KEY("visitor","domain")
);
--> statement-breakpoint
CREATE TABLE "trend" (
	"domain" text NOT NULL,
	"window_name" text NOT NULL,
	"item" text NOT NULL,
	"log_weight" double precision NOT NULL,
	CONSTRAINT "trend_domain_window_name_item_pk" PRIMARY KEY("domain","window_name","item")
);
--> statement-breakpoint
CREATE TABLE "visitor" (
	"id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"age_band" text,
	"region" text,
	"language" text,
	"name" text,
	"friend_code" text,
	CONSTRAINT "visitor_friend_code_unique" UNIQUE("friend_code")
);
--> statement-breakpoint
CREATE TABLE "voice" (
	"visitor" uuid NOT NULL,
	"domain" text NOT NULL,
	"item" text NOT NULL,
	"day" integer NOT NULL,
	"weight" real NOT NULL,
	"was_weight" real DEFAULT 0 NOT NULL,
	"impressed" smallint NOT NULL,
	"was_impressed" smallint DEFAULT 0 NOT NULL,
	"clicked" smallint NOT NULL,
	"was_clicked" smallint DEFAULT 0 NOT NULL,
	CONSTRAINT "voice_visitor_domain_item_day_pk" PRIMARY KEY("visitor","domain","item","day")
);
--> statement-breakpoint
ALTER TABLE "block" ADD CONSTRAINT "block_blocker_visitor_id_fk" FOREIGN KEY ("blocker") REFERENCES "public"."visitor"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "block" ADD CONSTRAINT "block_blocked_visitor_id_fk" FOREIGN KEY ("blocked") REFERENCES "public"."visitor"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "event" ADD CONSTRAINT "event_visitor_visitor_id_fk" FOREIGN KEY ("visitor") REFERENCES "public"."visitor"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exposure" ADD CONSTRAINT "exposure_visitor_visitor_id_fk" FOREIGN KEY ("visitor") REFERENCES "public"."visitor"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "follow" ADD CONSTRAINT "follow_follower_visitor_id_fk" FOREIGN KEY ("follower") REFERENCES "public"."visitor"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "follow" ADD CONSTRAINT "follow_followed_visitor_id_fk" FOREIGN KEY ("followed") REFERENCES "public"."visitor"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "opinion" ADD CONSTRAINT "opinion_visitor_visitor_id_fk" FOREIGN KEY ("visitor") REFERENCES "public"."visitor"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shared_like" ADD CONSTRAINT "shared_like_visitor_visitor_id_fk" FOREIGN KEY ("visitor") REFERENCES "public"."visitor"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sharing" ADD CONSTRAINT "sharing_visitor_visitor_id_fk" FOREIGN KEY ("visitor") REFERENCES "public"."visitor"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "voice" ADD CONSTRAINT "voice_visitor_visitor_id_fk" FOREIGN KEY ("visitor") REFERENCES "public"."visitor"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "event_received" ON "event" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "event_variant" ON "event" USING btree ("variant") WHERE "event"."variant" is not null;--> statement-breakpoint
CREATE INDEX "follow_followed" ON "follow" USING btree ("followed");--> statement-breakpoint
CREATE INDEX "new_item_revision" ON "new_item" USING btree ("domain","revision");--> statement-breakpoint
CREATE INDEX "segment_trend_order" ON "segment_trend" USING btree ("domain","segment","log_weight" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "trend_order" ON "trend" USING btree ("domain","window_name","log_weight" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "voice_day" ON "voice" USING btree ("day");
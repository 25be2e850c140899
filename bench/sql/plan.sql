-- What the history is made from. `guest` n is customer n, has account n, and tells story n % count(stories); check,
-- posting, hold and lot of his visit v have the number v * guests + n, so that what one guest left lies as scattered over
-- the tables as it would after years.
CREATE SCHEMA IF NOT EXISTS bench;
CREATE TABLE bench.visit (
  story integer NOT NULL,
  visit integer NOT NULL,
  days_ago integer NOT NULL,
  total_minor bigint NOT NULL,
  line_minor bigint[] NOT NULL,
  redeemed_minor bigint NOT NULL,
  earned_minor bigint NOT NULL,
  line_redeemed_minor bigint[] NOT NULL,
  line_earned_minor bigint[] NOT NULL,
  version_before bigint NOT NULL,
  balance_before_minor bigint NOT NULL,
  taken_minor bigint[] NOT NULL,
  left_minor bigint NOT NULL,
  outcome jsonb NOT NULL,
  PRIMARY KEY (visit, story)
);
CREATE TABLE bench.setting (
  guests bigint NOT NULL,
  stories integer NOT NULL,
  visits integer NOT NULL,
  business_id bigint NOT NULL,
  program_version_id bigint NOT NULL,
  till_account_id bigint NOT NULL,
  terminal_id_first bigint NOT NULL,
  terminals integer NOT NULL,
  terminals_of_place integer NOT NULL,
  place_id_first bigint NOT NULL,
  now timestamptz NOT NULL
);
-- What is there once all is in place; read by the next run.
CREATE TABLE bench.made (ingredients jsonb NOT NULL, seconds double precision NOT NULL, cafe jsonb NOT NULL);

-- The visit of that number (set as bench.visit) of every guest who came so often, in the order of the guests.
CREATE VIEW bench.paid AS
  SELECT s.*, v.*, n AS guest, v.visit * s.guests + n AS number,
    (n * 7919 + v.visit * 31) % s.terminals AS terminal,
    -- One after the other, as receipts come: the later ones lie behind the earlier ones in the tables.
    s.now - interval '1 hour' - make_interval(days => v.days_ago) - interval '20 days' * (s.guests - n) / s.guests AS closed_at,
    v.balance_before_minor - v.redeemed_minor + v.earned_minor AS balance_after_minor
  FROM bench.setting s
  CROSS JOIN LATERAL generate_series(1, s.guests) AS n
  JOIN bench.visit v ON v.story = n % s.stories
  WHERE v.visit = current_setting('bench.visit')::integer AND (v.visit < s.visits - 1 OR n % 3 = 0);

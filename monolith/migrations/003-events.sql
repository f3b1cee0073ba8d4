-- For the time in which some modules are services already: what they have to be told, and what they tell.
CREATE TABLE outbox (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  recipient text NOT NULL,
  event jsonb NOT NULL,
  trace_id text,
  attempts integer NOT NULL DEFAULT 0,
  next_attempt_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX outbox_due ON outbox (next_attempt_at);

-- Threads of the threads service that take no more posts here.
CREATE TABLE deleted_threads (
  id bigint PRIMARY KEY,
  deleted_at timestamptz NOT NULL DEFAULT now()
);

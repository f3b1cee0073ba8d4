CREATE TABLE withdrawn_accounts (
  id bigint PRIMARY KEY,
  withdrawn_at timestamptz NOT NULL DEFAULT now()
);

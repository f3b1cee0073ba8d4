-- Who may write a module, and whether replication joins its two homes (infra/cutover).
CREATE TABLE ownership (
  module text PRIMARY KEY,
  owner text NOT NULL CHECK (owner IN ('monolith', 'service')),
  linked boolean NOT NULL DEFAULT false,
  linked_at timestamptz
);

-- Replicated with the module: all that its owner had confirmed at that time has arrived.
CREATE TABLE heartbeat (
  module text PRIMARY KEY,
  at timestamptz NOT NULL
);

/** A statement that gives the monolith posts of earlier times, spread over the threads that it has. */
export function olderPosts(count: number): string {
  if (!Number.isInteger(count) || count < 0) throw new TypeError(`${count} posts`);
  return `
    WITH known AS (SELECT id, created_by, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS total FROM threads)
    INSERT INTO posts (thread_id, user_id, text, created_at, updated_at)
    SELECT known.id, known.created_by, 'An older post, number ' || n, moment, moment
    FROM generate_series(1, ${count}) AS n
    JOIN known ON place = n % total
    CROSS JOIN LATERAL (SELECT timestamptz '2026-03-01' + n * interval '1 second' AS moment) AS times`;
}

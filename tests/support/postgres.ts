import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

/** A PostgreSQL server of its own for a test. */
export interface Postgres {
  readonly port: number;
  /** Brings tables and rows to what the statements say, in a session without settings. */
  reset(statements: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts an embedded PostgreSQL behind a socket. `pg` finds it by `PGHOST`, `PGPORT`, `PGUSER` and `PGDATABASE`, which are set until it
 * stops; programs that a test starts inherit them.
 *
 * It takes `maxConnections` sockets at a time, with one session behind all of them: unlike with a real server, settings outlive their
 * connection until `reset` discards them.
 */
export async function startPostgres({ maxConnections = 1 } = {}): Promise<Postgres> {
  const db = await PGlite.create();
  const server = new PGLiteSocketServer({ db, port: 0, host: '127.0.0.1', maxConnections });
  await server.start();
  const port = Number(/:(\d+)$/.exec(server.getServerConn())?.[1]);
  const variables = { PGHOST: '127.0.0.1', PGPORT: String(port), PGUSER: 'postgres', PGDATABASE: 'postgres' };
  Object.assign(process.env, variables);
  return {
    port,
    async reset(statements) {
      await db.exec('ROLLBACK; DISCARD ALL').catch(() => db.exec('DISCARD ALL'));
      await db.exec(statements);
    },
    async stop() {
      for (const name of Object.keys(variables)) Reflect.deleteProperty(process.env, name);
      await server.stop();
      await db.close();
    },
  };
}

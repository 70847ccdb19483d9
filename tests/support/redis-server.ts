import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A server that speaks the protocol of Redis, for a test. */
export interface RedisServer {
  stop(): Promise<void>;
}

/** What a command gives: a text, a number, nothing, a list, fields by name, or `OK`. */
type Reply = number | string | null | undefined | readonly Reply[] | { readonly [field: string]: Reply };

type Command = (given: readonly string[], connection: Connection) => Reply;

/** The protocol that a client has asked for by `HELLO`. */
interface Connection {
  protocol: number;
}

class RedisError extends Error {}

/**
 * Starts a server in this process with the few commands that proofs use, each done in one step and in the order of their arrival, as
 * in Redis. Programs that a test starts find it by `REDIS_URL`, which is set until it stops.
 */
export async function startRedis(): Promise<RedisServer> {
  const commands = commandsOn(new Map());
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.setEncoding('latin1').setNoDelay());
    socket.once('close', () => sockets.delete(socket));
    // A client that is gone needs no answer.
    socket.on('error', () => socket.destroy());
    const connection: Connection = { protocol: 2 };
    let unread = '';
    socket.on('data', (text: string) => {
      unread += text;
      for (let parsed = parse(unread); parsed !== undefined; parsed = parse(unread)) {
        unread = unread.slice(parsed.end);
        socket.write(answerTo(parsed.words, commands, connection), 'latin1');
        if (parsed.words[0]?.toUpperCase() === 'QUIT') socket.end();
      }
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  process.env['REDIS_URL'] = `redis://127.0.0.1:${String(port)}`;
  return {
    async stop() {
      delete process.env['REDIS_URL'];
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Stored = Map<string, Map<string, string> | string>;

function commandsOn(stored: Stored): Readonly<Record<string, Command>> {
  const textAt = (key: string): string | null => {
    const value = stored.get(key) ?? null;
    if (value instanceof Map) throw wrongKind();
    return value;
  };
  const hashAt = (key: string): Map<string, string> => {
    const value = stored.get(key) ?? new Map<string, string>();
    if (typeof value === 'string') throw wrongKind();
    return value;
  };
  const put = (key: string, pairs: readonly string[]): number => {
    const hash = hashAt(key);
    const before = hash.size;
    for (let index = 0; index + 1 < pairs.length; index += 2) hash.set(pairs[index] ?? '', pairs[index + 1] ?? '');
    stored.set(key, hash);
    return hash.size - before;
  };
  return {
    PING: ([text]) => text ?? 'PONG',
    HELLO: ([version = '2'], connection) => {
      connection.protocol = Number(version);
      return { server: 'redis', version: '7.4.0', proto: connection.protocol, id: 1, mode: 'standalone', modules: [] };
    },
    INFO: () => 'redis_version:7.4.0\r\nloading:0\r\n',
    CLIENT: () => undefined,
    COMMAND: () => [],
    SELECT: () => undefined,
    QUIT: () => undefined,
    GET: ([key = '']) => textAt(key),
    SET: ([key = '', value = '', ...words]) => {
      if (words.some((word) => word.toUpperCase() === 'NX') && stored.has(key)) return null;
      stored.set(key, value);
      return undefined;
    },
    DEL: (keys) => keys.filter((key) => stored.delete(key)).length,
    INCRBY: ([key = '', by = '']) => {
      const sum = wholeOf(textAt(key) ?? '0') + wholeOf(by);
      stored.set(key, String(sum));
      return sum;
    },
    HGET: ([key = '', field = '']) => hashAt(key).get(field) ?? null,
    HSET: ([key = '', ...pairs]) => put(key, pairs),
    HINCRBY: ([key = '', field = '', by = '']) => {
      const sum = wholeOf(hashAt(key).get(field) ?? '0') + wholeOf(by);
      put(key, [field, String(sum)]);
      return sum;
    },
  };
}

function wrongKind(): RedisError {
  return new RedisError('WRONGTYPE Operation against a key holding the wrong kind of value');
}

function wholeOf(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value))
    throw new RedisError('ERR value is not an integer or out of range');
  return value;
}

function answerTo(
  [name = '', ...given]: readonly string[],
  commands: Readonly<Record<string, Command>>,
  connection: Connection,
): string {
  const command = commands[name.toUpperCase()];
  if (command === undefined) return `-ERR unknown command '${name}'\r\n`;
  try {
    return written(command(given, connection), connection);
  } catch (error) {
    if (error instanceof RedisError) return `-${error.message}\r\n`;
    throw error;
  }
}

function written(reply: Reply, connection: Connection): string {
  const inner = (each: Reply): string => written(each, connection);
  if (reply === undefined) return '+OK\r\n';
  if (reply === null) return connection.protocol === 3 ? '_\r\n' : '$-1\r\n';
  if (typeof reply === 'number') return `:${String(reply)}\r\n`;
  if (typeof reply === 'string') return `$${String(reply.length)}\r\n${reply}\r\n`;
  if (isList(reply)) return `*${String(reply.length)}\r\n${reply.map(inner).join('')}`;
  const fields = Object.entries(reply);
  const head = connection.protocol === 3 ? `%${String(fields.length)}` : `*${String(fields.length * 2)}`;
  return `${head}\r\n${fields.flat().map(inner).join('')}`;
}

function isList(reply: object): reply is readonly Reply[] {
  return Array.isArray(reply);
}

/** The first command of a text, and where it ends; `undefined` while some of it is still on its way. */
function parse(text: string): { readonly words: readonly string[]; readonly end: number } | undefined {
  let at = 0;
  const head = (): number | undefined => {
    const end = text.indexOf('\r\n', at);
    if (end < 0) return undefined;
    const count = Number(text.slice(at + 1, end));
    at = end + 2;
    return count;
  };
  const count = head();
  if (count === undefined) return undefined;
  const words: string[] = [];
  while (words.length < count) {
    const length = head();
    if (length === undefined || text.length < at + length + 2) return undefined;
    words.push(text.slice(at, at + length));
    at += length + 2;
  }
  return { words, end: at };
}

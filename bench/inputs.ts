import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The root of the repository. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** Files to lint, and the tsconfigs they belong to where the nearest `tsconfig.json` is not meant. */
export interface Input {
  readonly name: string;
  readonly files: readonly string[];
  readonly tsconfig?: string;
  /** The folder that holds all files, for ESLint to lint them at all. Default: the repository. */
  readonly folder?: string;
}

/** The files of a tsconfig that lie below a path. */
export function inputFrom(given: string, tsconfig = 'tsconfig.json'): Input {
  const folder = path.resolve(given);
  const config = [path.resolve(folder, tsconfig), path.resolve(tsconfig)].find((file) => ts.sys.fileExists(file));
  if (config === undefined) throw new Error(`There is no ${tsconfig} in ${folder} or here.`);
  const files = filesOf(config).filter((file) => file.startsWith(folder + path.sep));
  if (files.length === 0) throw new Error(`${config} has no file below ${folder}.`);
  return { name: given, files, folder, ...(path.basename(config) === 'tsconfig.json' ? {} : { tsconfig: config }) };
}

/** The example service and our own sources. */
export function ownInput(): Input {
  const example = filesOf(path.join(root, 'examples', 'service', 'tsconfig.json'));
  return { name: 'examples/service and src', files: [...example, ...filesOf(path.join(root, 'tsconfig.build.json'))] };
}

/** The published sources of `effect`, a large body of real code, installed by npm. */
export function effectInput(): Input {
  const VERSION = '4.1.0';
  const folder = path.join(root, 'bench', '.work', `effect-${VERSION}`);
  const sources = path.join(folder, 'src');
  if (!existsSync(sources)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      path.join(folder, 'package.json'),
      JSON.stringify({ name: 'sources', private: true, type: 'module' }),
    );
    execFileSync('npm', ['install', '--no-save', '--ignore-scripts', `effect@${VERSION}`], {
      cwd: folder,
      stdio: 'ignore',
      shell: process.platform === 'win32',
    });
    // What lies in node_modules is nobody's own code, to ESLint and to us.
    cpSync(path.join(folder, 'node_modules', 'effect', 'src'), sources, { recursive: true });
    const compilerOptions = { target: 'ES2023', module: 'NodeNext', types: ['node'], strict: true, skipLibCheck: true };
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  }
  return { ...inputFrom(folder), name: `effect ${VERSION}` };
}

/** One file of so many functions, each with something to look at and its share of calls. */
export function generatedInput(functions: number): Input {
  const file = generatedFile(`functions-${String(functions)}`, [
    HEAD,
    ...Array.from({ length: functions }, (_, place) => functionAt(place)),
  ]);
  return { name: `${String(functions)} functions`, files: [file] };
}

/** One file of 4,000 functions and classes with plain calculations: it imports nothing and waits for nothing. */
export function plainInput(): Input {
  const file = generatedFile(
    'plain',
    Array.from({ length: 4000 }, (_, place) => plainAt(place)),
  );
  return { name: '4,000 plain functions and classes', files: [file] };
}

/** One file of about 1,000 lines, as somebody has it open: an Express router on PostgreSQL. */
export function openFile(): Input {
  const routes = Array.from({ length: 20 }, (_, place) => routesOf(`region${String(place)}`));
  const file = generatedFile('editor', [ROUTER_HEAD, ...routes]);
  return { name: 'a router of 1,000 lines', files: [file] };
}

/** Writes `orders.ts` into a project of its own. */
function generatedFile(project: string, parts: readonly string[]): string {
  const folder = path.join(root, 'bench', '.work', project);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const compilerOptions = {
    target: 'ES2023',
    module: 'NodeNext',
    types: ['node'],
    strict: true,
    skipLibCheck: true,
    esModuleInterop: true,
  };
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  writeFileSync(
    path.join(folder, 'package.json'),
    JSON.stringify({ name: 'generated', private: true, type: 'module' }),
  );
  const file = path.join(folder, 'orders.ts');
  writeFileSync(file, parts.join('\n'));
  return file;
}

const HEAD = `import { createServer } from 'node:http';

interface Order { readonly id: string; readonly cents: number }
const orders = new Map<string, Order[]>();
const totals = { placed: 0, cents: 0 };
let served = 0;
declare function store(order: Order): Promise<number>;

createServer(async (request, response) => {
  response.end(String(await place0({ id: request.url ?? '', cents: 1 })));
}).listen(3000);
`;

function functionAt(place: number): string {
  const name = `place${String(place)}`;
  const before = `place${String(Math.max(0, place - 1))}`;
  switch (place % 4) {
    case 0:
      return `export async function ${name}(order: Order): Promise<number> {
  const known = orders.get(order.id) ?? [];
  for (const { cents } of known) { if (cents > 10) await store(order); }
  served += 1;
  return served;
}`;
    case 1:
      return `export async function ${name}(order: Order): Promise<number> {
  try { totals.placed += 1; return await ${before}(order); } catch (error) { if (order.cents < 0) throw error; } finally { totals.cents += order.cents; }
  return 0;
}`;
    case 2:
      return `async function ${name}(order: Order): Promise<number> {
  served += await store(order);
  return order.cents > 5 ? await ${before}(order) : served;
}`;
    default:
      return `export function ${name}(order: Order): number {
  let sum = 0;
  for (let turn = 0; turn < order.cents; turn++) { if (turn % 3 === 0) continue; sum += turn; }
  void ${before}(order);
  return sum;
}`;
  }
}

function plainAt(place: number): string {
  const name = `sum${String(place)}`;
  if (place % 4 === 0) {
    return `export class Box${String(place)} {
  private readonly cents: number[] = [];
  add(amount: number): this { this.cents.push(amount); return this; }
  get total(): number { return this.cents.reduce((sum, each) => sum + each, ${String(place)}); }
}`;
  }
  return `export function ${name}(values: readonly number[], limit = ${String(place)}): number {
  let sum = 0;
  for (const value of values) { if (value > limit) continue; sum += value; }
  const found = values.map((value) => value * 2).filter((value) => value < sum);
  return found.length === 0 ? sum : Math.max(...found);
}`;
}

const ROUTER_HEAD = `import express, { type NextFunction, type Request, type Response } from 'express';
import { randomUUID } from 'node:crypto';
import pg from 'pg';

interface Order {
  readonly id: string;
  readonly customer: string;
  readonly cents: number;
}

const pool = new pg.Pool({ max: 20 });
const app = express();
app.use(express.json());

async function audit(action: string, subject: string): Promise<void> {
  await pool.query('INSERT INTO audit (action, subject) VALUES ($1, $2)', [action, subject]);
}

function report(error: unknown): void {
  console.error(error);
}

app.listen(3000);
`;

/** The routes of one region: 48 lines. */
function routesOf(region: string): string {
  return `
const ${region}Cache = new Map<string, Order>();
const ${region}Totals = { orders: 0, cents: 0 };

async function ${region}Order(id: string): Promise<Order | undefined> {
  const known = ${region}Cache.get(id);
  if (known !== undefined) return known;
  const { rows } = await pool.query<Order>('SELECT * FROM ${region}_orders WHERE id = $1', [id]);
  const [order] = rows;
  if (order !== undefined) ${region}Cache.set(id, order);
  return order;
}

app.get('/${region}/orders/:id', async (request: Request, response: Response, next: NextFunction) => {
  try {
    const order = await ${region}Order(String(request.params.id));
    if (order === undefined) {
      response.status(404).json({ error: 'no such order' });
      return;
    }
    response.json({ ...order, total: (order.cents / 100).toFixed(2) });
  } catch (error) {
    next(error);
  }
});

app.post('/${region}/orders', async (request: Request, response: Response, next: NextFunction) => {
  const order: Order = { ...(request.body as Order), id: randomUUID() };
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query('INSERT INTO ${region}_orders VALUES ($1, $2, $3)', [order.id, order.customer, order.cents]);
    await client.query('COMMIT');
    ${region}Totals.orders += 1;
    ${region}Totals.cents += order.cents;
    ${region}Cache.set(order.id, order);
    response.status(201).json(order);
    void audit('${region}', order.id).catch(report);
  } catch (error) {
    await client.query('ROLLBACK');
    next(error);
  } finally {
    client.release();
  }
});

app.get('/${region}/totals', (_request: Request, response: Response) => {
  response.json(${region}Totals);
});`;
}

function filesOf(config: string): string[] {
  const { config: json } = ts.readConfigFile(config, (file) => ts.sys.readFile(file)) as { config: unknown };
  const parsed = ts.parseJsonConfigFileContent(json, ts.sys, path.dirname(config));
  return parsed.fileNames.filter((file) => !file.endsWith('.d.ts')).map((file) => path.resolve(file));
}

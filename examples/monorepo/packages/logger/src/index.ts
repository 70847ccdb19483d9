export function log(event: string, details: Record<string, unknown> = {}): void {
  process.stdout.write(`${JSON.stringify({ at: new Date(), event, ...details })}\n`);
}

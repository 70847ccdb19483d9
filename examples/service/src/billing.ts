import { type Order, audit, pool } from './database.js';

interface Receipt {
  readonly order: string;
  readonly cents: number;
}

class Billing {
  #collected = 0;
  #receipts = 0;
  failed = 0;

  /** Lost update on a field of the one instance that all requests share. */
  async charge(order: Order): Promise<void> {
    this.#collected += await this.#draw(order);
    this.#receipts += 1;
  }

  /** Right: each receipt belongs to one call. */
  async receiptOf(order: Order): Promise<Receipt> {
    const receipt = { order: order.id, cents: 0 };
    receipt.cents += await this.#draw(order);
    return receipt;
  }

  /** Right: nothing else can run between the read and the write. */
  async giveUp(order: Order): Promise<void> {
    const before = this.failed;
    this.failed = before + 1;
    await audit('unpaid', order.id);
  }

  totals(): Record<string, number> {
    return { collected: this.#collected, receipts: this.#receipts, failed: this.failed };
  }

  async #draw(order: Order): Promise<number> {
    const { rows } = await pool.query<{ cents: number }>('SELECT cents FROM draw_payment($1)', [order.id]);
    return rows[0]?.cents ?? 0;
  }
}

export const billing = new Billing();

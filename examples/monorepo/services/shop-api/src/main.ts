import { serve } from '@acme/http-kit';
import { placeOrder } from '@acme/orders';
import { charge } from '@acme/payments';

serve(3000, async (path) => {
  const order = await placeOrder(path.slice(1), 4_900);
  // It may reject, and why is written in `@acme/retry`, two packages away.
  void charge(order.id, order.cents);
  return order;
});

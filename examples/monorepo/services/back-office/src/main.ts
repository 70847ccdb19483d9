import { audit } from '@acme/audit';
import { serve } from '@acme/http-kit';
import { assertCreditworthy } from '@acme/payments';

serve(3001, async (path) => {
  const customer = path.slice(1);
  // That this is a guard, and not just some work, only the source of `@acme/payments` tells.
  assertCreditworthy(customer);
  await audit('credit given', customer);
  return { customer };
});

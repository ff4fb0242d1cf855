import type { Billing } from "./billing.js";
import { BillingTimeoutError } from "./errors.js";

/** Waits for a billing client's answer, up to a number of milliseconds. @throws BillingTimeoutError */
export async function answerWithin<T>(
  milliseconds: number,
  shop: string,
  answer: PromiseLike<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new BillingTimeoutError(shop, milliseconds)), milliseconds);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Bounds each answer of a billing client.
 *
 * @remarks
 * Otherwise a client that never answers would block its worker for ever, and the worker, being alive,
 * would keep its claim on the shop. The bound is on one answer, not on a backlog: as long as charges
 * come back, the client is working.
 */
export function boundAnswers(billing: Billing, shop: string, milliseconds: number): Billing {
  const within = async <T>(answer: PromiseLike<T>): Promise<T> =>
    await answerWithin(milliseconds, shop, answer);

  async function* each<T>(answers: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
    const iterator = answers[Symbol.asyncIterator]();
    let isOpen = true;
    try {
      for (;;) {
        isOpen = false; // an iterator that throws, or hangs, cannot be closed
        const next = await within(iterator.next());
        if (next.done === true) return;
        isOpen = true;
        yield next.value;
      }
    } finally {
      if (isOpen && iterator.return) await within(iterator.return());
    }
  }

  return {
    createUsageRecords: (inputs, options) => each(billing.createUsageRecords(inputs, options)),
    activeUsageLineItem: async (input, options) =>
      await within(billing.activeUsageLineItem(input, options)),
    subscriptions: (input, options) => each(billing.subscriptions(input, options)),
    usageRecords: (input, options) => {
      const records = billing.usageRecords(input, options);
      return { pages: () => each(records.pages()) };
    },
  };
}

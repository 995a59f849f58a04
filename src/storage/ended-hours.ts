import { z } from 'zod';

/** The rows of a store's answer to "how have renders ended, by the hour". */
export const endedHours = z.array(
  z.object({ hourMs: z.number(), outcome: z.enum(['video', 'failed', 'cancelled']), count: z.number() }),
);

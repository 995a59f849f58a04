/** The same generated inputs in every run, so that a failure is nobody's bad luck; FAST_CHECK_SEED=N tries others. */
import fc from 'fast-check';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.FAST_CHECK_SEED ?? 20_260_101) });

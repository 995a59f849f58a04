import type { ButtonHandler } from '../command.ts';
import type { Verb } from '../custom-id.ts';
import { pressAgain } from './again.ts';
import { pressCancel, pressCancelPaid } from './cancel.ts';
import { pressDelete } from './delete.ts';

/** What each verb of a button does. */
export const BUTTONS: Readonly<Record<Verb, ButtonHandler>> = {
  cancel: pressCancel,
  'cancel-paid': pressCancelPaid,
  again: pressAgain,
  delete: pressDelete,
};

import { pressAgain } from './buttons/again.ts';
import { pressCancel, pressCancelPaid } from './buttons/cancel.ts';
import { pressDelete } from './buttons/delete.ts';
import { pressDetails } from './buttons/details.ts';
import type { Components } from './command.ts';
import { chooseSection, pressForm, pressReset, sendForm } from './settings/handlers.ts';

/** What each verb does, as a button, as a select menu, and as a modal that was sent. */
export const COMPONENTS: Components = {
  buttons: {
    cancel: pressCancel,
    'cancel-paid': pressCancelPaid,
    again: pressAgain,
    delete: pressDelete,
    details: pressDetails,
    'settings-form': pressForm,
    'settings-reset': pressReset,
  },
  selects: { settings: chooseSection },
  modals: { 'settings-form': sendForm },
};

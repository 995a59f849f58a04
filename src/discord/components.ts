import { pressAgain } from './buttons/again.ts';
import { pressAgainWith, sendAgainWith } from './buttons/again-with.ts';
import { pressCancel, pressCancelPaid } from './buttons/cancel.ts';
import { pressCase, pressOpenCase, pressPicture, pressUndo } from './buttons/case.ts';
import { pressDataDelete, pressDataDeleteSure } from './buttons/data.ts';
import { pressDelete } from './buttons/delete.ts';
import { pressDetails } from './buttons/details.ts';
import { pressReport, sendReport } from './buttons/report.ts';
import type { Components } from './command.ts';
import { pressAnimate, sendAnimate } from './modals/animate.ts';
import { pressConsent, sendConsent } from './modals/consent.ts';
import { pressImport } from './settings/file.ts';
import { chooseSection, pressForm, pressReset, sendForm } from './settings/handlers.ts';

/** What each verb does, as a button, as a select menu, and as a modal that was sent. */
export const COMPONENTS: Components = {
  buttons: {
    cancel: pressCancel,
    'cancel-paid': pressCancelPaid,
    again: pressAgain,
    'again-with': pressAgainWith,
    delete: pressDelete,
    details: pressDetails,
    report: pressReport,
    case: pressCase,
    'case-undo': pressUndo,
    'case-picture': pressPicture,
    'case-open': pressOpenCase,
    animate: pressAnimate,
    consent: pressConsent,
    'data-delete': pressDataDelete,
    'data-delete-sure': pressDataDeleteSure,
    'settings-form': pressForm,
    'settings-reset': pressReset,
    'settings-import': pressImport,
  },
  selects: { settings: chooseSection },
  modals: {
    animate: sendAnimate,
    'again-with': sendAgainWith,
    consent: sendConsent,
    'settings-form': sendForm,
    report: sendReport,
  },
};

import type { NumberName, Policy } from '../../core/policy.ts';
import type { Weights } from '../../core/weights.ts';

type SettingOf<Value> = { [K in keyof Policy]: Policy[K] extends Value ? K : never }[keyof Policy];

/** A part of a form: one setting, or several switches. The setting's name is the name of its field. */
export type Field =
  | { kind: 'number'; name: NumberName }
  | { kind: 'weight'; name: keyof Weights }
  | { kind: 'roles'; name: 'allowedRoles' | 'deniedRoles' }
  | { kind: 'channels'; name: 'allowedChannels' | 'deniedChannels' }
  | { kind: 'choice'; name: 'faceCheck' | 'detailsTo' | 'blockedDetailsTo' }
  | { kind: 'language'; name: 'language' }
  | { kind: 'channel'; name: 'moderationChannelId' }
  | { kind: 'switches'; name: 'switches'; of: readonly SettingOf<boolean>[] };

/** What is set together, in a form each; a form has up to five parts. */
export const SECTIONS = {
  limits: [
    { kind: 'number', name: 'atOnce' },
    { kind: 'number', name: 'perHour' },
    { kind: 'number', name: 'perMemberDay' },
    { kind: 'number', name: 'cooldownSeconds' },
    { kind: 'number', name: 'usdPerMonth' },
  ],
  access: [
    { kind: 'roles', name: 'allowedRoles' },
    { kind: 'roles', name: 'deniedRoles' },
    { kind: 'channels', name: 'allowedChannels' },
    { kind: 'channels', name: 'deniedChannels' },
  ],
  weights: [
    { kind: 'weight', name: 'poseWeight' },
    { kind: 'weight', name: 'faceWeight' },
    { kind: 'weight', name: 'lipWeight' },
    { kind: 'weight', name: 'faceExpandRatio' },
  ],
  files: [
    { kind: 'choice', name: 'faceCheck' },
    { kind: 'number', name: 'longestVoiceSeconds' },
    { kind: 'number', name: 'keepInputsHours' },
    { kind: 'number', name: 'keepVideosDays' },
  ],
  feedback: [
    { kind: 'choice', name: 'detailsTo' },
    { kind: 'choice', name: 'blockedDetailsTo' },
    { kind: 'language', name: 'language' },
  ],
  switches: [
    {
      kind: 'switches',
      name: 'switches',
      of: ['enabled', 'ageRestrictedOnly', 'spoilerAlways', 'ping', 'messageCommand', 'answerRepeats'],
    },
  ],
  moderation: [
    { kind: 'channel', name: 'moderationChannelId' },
    { kind: 'number', name: 'hideAfterReports' },
    { kind: 'switches', name: 'switches', of: ['cardPortraits'] },
  ],
} as const satisfies Record<string, readonly Field[]>;

export type Section = keyof typeof SECTIONS;
export const SECTION_NAMES = [
  'limits',
  'access',
  'weights',
  'files',
  'feedback',
  'switches',
  'moderation',
] as const satisfies Section[];

export const fieldsOf = (section: Section): readonly Field[] => SECTIONS[section];

/** What a setting is called in the texts: each weight and each switch has a line of its own. */
export type SettingName = Exclude<keyof Policy, 'weights'> | keyof Weights;

/** The settings of a field, one by one. */
export function settingsOf(field: Field): readonly SettingName[] {
  return field.kind === 'switches' ? field.of : [field.name];
}

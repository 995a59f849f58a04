import type { AnyCommand } from '../src/discord/command.ts';
import { animate } from './animate.ts';
import { hallo } from './hallo.ts';
import { halloData } from './hallo-data.ts';
import { halloHelp } from './hallo-help.ts';
import { halloModeration } from './hallo-moderation.ts';
import { halloRenders } from './hallo-renders.ts';
import { halloSettings } from './hallo-settings.ts';
import { halloStatus } from './hallo-status.ts';

/** All commands that a member can call. */
export const COMMANDS: readonly AnyCommand[] = [
  hallo,
  animate,
  halloHelp,
  halloStatus,
  halloData,
  halloRenders,
  halloSettings,
  halloModeration,
];

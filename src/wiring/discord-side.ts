import { Routes } from 'discord.js';
import { COMMANDS } from '../../commands/index.ts';
import { createMemberData } from '../core/member-data.ts';
import type { Policy } from '../core/policy.ts';
import { createAnnouncer, type DiscordAnnouncer } from '../discord/announcer/announcer.ts';
import { createVideoFiles, type VideoFiles } from '../discord/announcer/video-files.ts';
import { createAnswers } from '../discord/answers.ts';
import { createDiscordClient, type DiscordClient } from '../discord/client.ts';
import { COMPONENTS } from '../discord/components.ts';
import { createDrafts, importSchema, someWishesSchema } from '../discord/drafts.ts';
import { createDesk, type Desk } from '../discord/moderation/desk.ts';
import { DISCORD_API_BASE } from '../discord/platform.ts';
import { registerCommands } from '../discord/register.ts';
import { type Calls, createCalls } from '../discord/rest.ts';
import { createRouter } from '../discord/router.ts';
import { createTexts, type Texts } from '../discord/texts/texts.ts';
import type { BotMedia } from '../media/bot-media.ts';
import { isSamePicture } from '../media/picture-hash.ts';
import type { CoreSide } from './core-side.ts';
import type { Ground } from './ground.ts';

/** What speaks in Discord over REST alone, also in a process without a gateway. */
export type Messages = {
  apiBase: string;
  calls: Calls;
  texts: Texts;
  videoFiles: VideoFiles;
  announcer: DiscordAnnouncer;
  desk: Desk;
  /** Whether Discord takes the token; where this process takes commands, they are registered on the way. */
  isTokenGood(): Promise<boolean>;
};

/** What comes in from Discord. `client`: undefined in a process that has no gateway. */
export type Gateway = { client: DiscordClient | undefined; close(): void };

type Policed = { policyOf(guildId: string): Promise<Policy> };

export function wireMessages(ground: Ground, media: BotMedia, { policyOf }: Policed): Messages {
  const { config, clock, log, note, telemetry, around, storage } = ground;
  const { ledger, files, moderation: store } = storage;
  const { token } = config.discord;
  const apiBase = config.discord.apiBase ?? DISCORD_API_BASE;
  const calls = around.calls(createCalls({ apiBase, token, onAnswer: telemetry.discordCall }));
  const texts = createTexts();
  const upload = {
    ...{ texts, shrink: media.shrink, log: telemetry.log },
    videoPath: async ({ videoKey }: { videoKey: string | null }) => (videoKey === null ? undefined : files.path(videoKey)),
  };
  const videoFiles = createVideoFiles(upload);
  const announcer = createAnnouncer({ ...upload, calls, clock, policyOf, onEditSaved: telemetry.editSaved });
  const desk = createDesk({
    ...{ calls, clock, texts, files, ledger, videoFiles, policyOf, store, hashOf: media.hashOf, isSamePicture },
    alarm: detail => telemetry.alarm('moderation', detail),
    count: telemetry.moderation,
    log: note,
  });

  async function isTokenGood(): Promise<boolean> {
    if (config.role === 'worker')
      return (await calls.asBot({ method: 'GET', route: Routes.currentApplication() })).kind !== 'token-dead';
    const registration = await registerCommands(
      calls,
      COMMANDS.map(command => command.data),
    );
    log[registration.kind === 'failed' ? 'error' : 'info']({ registration }, 'commands');
    return !(registration.kind === 'failed' && registration.answer === 'token-dead');
  }

  return { apiBase, calls, texts, videoFiles, announcer, desk, isTokenGood };
}

export function wireGateway(ground: Ground, media: BotMedia, messages: Messages, core: CoreSide): Gateway {
  const { config, clock, note, telemetry, around, storage } = ground;
  const { ledger, files, knownVideos, settings, moderation } = storage;
  const { apiBase, calls, texts, videoFiles, desk } = messages;
  const { lifeCycle, policies, consents, keepRecordsMs } = core;
  const answers = around.answers(createAnswers({ apiBase, calls, log: note, onAnswer: telemetry.discordCall }));
  const router = createRouter({
    commands: COMMANDS,
    components: COMPONENTS,
    context: {
      ...{ service: lifeCycle.service, policies, bounds: config.policyBounds, consents },
      ...{ answers, texts, clock, log: note, moderation: desk.tools, videoFiles },
      drafts: createDrafts(settings, clock.now, someWishesSchema),
      imports: createDrafts(settings, clock.now, importSchema),
      readAttachment: media.readAttachment,
      memberData: createMemberData({ ledger, files, consents, knownVideos, moderation, clock, keepRecordsMs }),
    },
  });
  const { token, shards } = config.discord;
  const connect = () =>
    createDiscordClient({
      ...{ token, apiBase, shards, router, guilds: lifeCycle.guilds, log: note },
      onLost: detail => telemetry.alarm('gateway', detail),
    });
  return { client: config.role === 'worker' ? undefined : connect(), close: answers.close };
}

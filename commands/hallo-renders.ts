import { ApplicationCommandType, type RESTPostAPIChatInputApplicationCommandsJSONBody } from 'discord.js';
import type { Render } from '../src/core/render.ts';
import type { VideoUpload } from '../src/discord/announcer/video-files.ts';
import { type BotContext, type Command, tell } from '../src/discord/command.ts';
import { IN_GUILDS } from '../src/discord/in-guilds.ts';
import { MOST_ROWS } from '../src/discord/platform.ts';
import { describe } from '../src/discord/texts/describe.ts';
import { belongsHere, type Listed, rendersView } from '../src/discord/views/renders.ts';

const data = {
  ...describe('hallo-renders'),
  type: ApplicationCommandType.ChatInput,
  ...IN_GUILDS,
} satisfies RESTPostAPIChatInputApplicationCommandsJSONBody;

/** Videos that one answer carries; each may be as large as an upload can be. */
const MOST_VIDEOS = 3;

/** `/hallo-renders`: one's own last renders, in private, with the videos that could not be delivered elsewhere. */
export const halloRenders: Command = {
  data,
  async handle(interaction, context) {
    const { service, answers, texts } = context;
    const { guildId, user, locale } = interaction;
    if (guildId === null) return tell(interaction, texts.say(locale, 'refusal.guildOnly'), context);
    // Reading and uploading videos takes longer than Discord waits for a first answer.
    const deferral = await answers.defer(interaction, { private: true });
    if (deferral.kind === 'never') return;
    const renders = await service.recent(guildId, user.id, MOST_ROWS);
    const videos = await videosFor(renders, interaction.attachmentSizeLimit, context);
    const view = (attached: ReadonlyMap<string, VideoUpload>) => rendersView(listedOf(renders, attached), locale, texts);
    const shown = await answers.editOriginal(interaction, view(videos), [...videos.values()]);
    // Too large after all, in sum or by a limit that was lowered: the list must not be lost with the files.
    if (shown.kind === 'too-large') await answers.editOriginal(interaction, view(new Map()));
  },
};

async function videosFor(
  renders: readonly Render[],
  maxBytes: number,
  { videoFiles }: BotContext,
): Promise<Map<string, VideoUpload>> {
  const videos = new Map<string, VideoUpload>();
  for (const render of renders.filter(belongsHere).slice(0, MOST_VIDEOS)) {
    const video = await videoFiles.fitting(render, maxBytes);
    if (video !== undefined) videos.set(render.id, video);
  }
  return videos;
}

function listedOf(renders: readonly Render[], videos: ReadonlyMap<string, VideoUpload>): Listed[] {
  return renders.map(render => ({
    render,
    here: videos.has(render.id) ? 'file' : belongsHere(render) ? 'link' : undefined,
  }));
}
